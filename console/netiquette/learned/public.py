"""Public sets of toxic and acceptable texts, kept beside the project; what is not there is left out.

TSV, UTF-8, one header line with `id`, `text` and `label`; `\\\\`, `\\t`, `\\n` are escapes inside fields.
Their texts are read while training and never copied; their licences allow training (MIT).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from console.netiquette.datafiles import invalid
from console.netiquette.learned.corpus import lines_of

WEIGHTS = {"toxifrench_agreement": 1.0, "rtplx_fr": 0.5, "jigsaw_mt_fr": 0.5, "mlma_fr": 0.1}
"""Set → what an example counts: forum messages by French speakers whole; prompts and translations half;
noisy labels, four fifths of them hostile, a tenth."""
_TOXIC = "toxic"
_ESCAPE = re.compile(r"\\([\\tn])")
_MEANS = {"\\": "\\", "t": "\t", "n": "\n"}


@dataclass(frozen=True, slots=True)
class Text:
    """A text and whether its annotators call it toxic."""

    source: str
    text: str
    toxic: bool
    weight: float


def read_public(folder: Path | None) -> list[Text]:
    """All texts of the known sets that are in `folder`.

    Raises:
        ConfigurationError: `lexicon.invalid`, with file and line.
    """
    found: list[Text] = []
    for name, weight in WEIGHTS.items():
        if folder is not None and (folder / f"{name}.tsv").exists():
            found += _read(folder / f"{name}.tsv", weight)
    return found


def _read(path: Path, weight: float) -> list[Text]:
    try:
        header, *lines = lines_of(path)
        names = header.split("\t")
        text, label = names.index("text"), names.index("label")
    except ValueError as problem:
        raise invalid(path.name, "id, text and label expected", 1, 1) from problem
    found = []
    for number, line in enumerate(lines, 2):
        cells = line.split("\t")
        if len(cells) < len(names):
            raise invalid(path.name, f"{len(names)} cells expected", number, 1)
        plain = _ESCAPE.sub(lambda match: _MEANS[match[1]], cells[text])
        found.append(Text(path.stem, plain, cells[label] == _TOXIC, weight))
    return found
