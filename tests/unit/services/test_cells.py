"""No cell of an exported table is taken for a formula, and every cell still proves its words."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.services.cells import harmless, original

_DANGEROUS = "=+-@"


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "+14165550199",
        "-5 degrés",
        "@maire",
        "\t=1",
        "\ttexte",
        "\rtexte",
        "\ntexte",
        "  =1",
        "\u00a0=1",
        "\u200b=1",
        "\ufeff=1",
        "＝1+1",
        "＋1",
        "－1",
        "＠SUM(A1)",
        "﹦1",
        "−1",
        '=HYPERLINK("https://exemple.ca";"clic")',
        "'=1",
        "''=1",
    ],
)
def test_what_could_be_a_formula_gets_an_apostrophe(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize(
    "cell",
    ["", "Bonjour", "1 + 1 = 2", "zoe@exemple.ca", "l’eau", "'bonjour'", "a\n=1", "«=»", "   ", "(=1)"],
)
def test_other_cells_stay_as_they_are(cell: str) -> None:
    assert harmless(cell) == cell


_nasty = st.text(alphabet=st.one_of(st.sampled_from("=+-@'＝ \t\r\n\u200b"), st.characters()), max_size=12)


@given(_nasty)
def test_the_words_can_always_be_had_back(cell: str) -> None:
    assert original(harmless(cell)) == cell


@given(_nasty)
def test_no_cell_begins_with_a_sign_whatever_stands_before_it(cell: str) -> None:
    written = harmless(cell)
    assert not written.startswith((*_DANGEROUS, "\t", "\r", "\n"))
    seen = "".join(
        sign for sign in written if unicodedata.category(sign) not in ("Zs", "Zl", "Zp", "Cc", "Cf")
    )
    assert not unicodedata.normalize("NFKC", seen[:1]).startswith(tuple(_DANGEROUS))
