"""Cells of a table file that no spreadsheet takes for a formula.

What people write to the city goes into files that staff open with Excel or LibreOffice; a message
that begins with `=` would be carried out there. The rule is OWASP's («CSV Injection»): every cell
is quoted, and an apostrophe stands before one that begins with `=` `+` `-` `@`, tab, carriage
return or line feed. Beyond OWASP, blanks and invisible signs before, and the full-width and other
compatibility forms of these signs, are seen through.
"""

from __future__ import annotations

import unicodedata

_SIGNS = frozenset("=+-@\N{MINUS SIGN}")
_CONTROLS = ("\t", "\r", "\n")
_BLANK = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf"})


def harmless(cell: str) -> str:
    """`cell`, with an apostrophe before it where a program could see a formula; see `original`."""
    return f"'{cell}" if _formula(cell.lstrip("'")) else cell


def original(cell: str) -> str:
    """What `harmless` was given: the exact inverse, so that a file still proves the words."""
    return cell[1:] if cell.startswith("'") and _formula(cell.lstrip("'")) else cell


def _formula(cell: str) -> bool:
    if cell.startswith(_CONTROLS):
        return True
    for sign in cell:
        if unicodedata.category(sign) not in _BLANK:
            return unicodedata.normalize("NFKC", sign)[:1] in _SIGNS
    return False
