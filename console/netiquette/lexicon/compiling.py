"""Entries, grammar and frames compiled for lookup: forms by their words, one bit mask for each form."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, field, replace
from pathlib import Path
from typing import Any

from console.errors import ConfigurationError
from console.netiquette.kept import kept
from console.netiquette.lexicon.entries import (
    IDIOM,
    Choices,
    Entry,
    expand,
    forms_of_word,
    parse_phrase,
    phrases_of,
)
from console.netiquette.lexicon.forms import Forms
from console.netiquette.lexicon.frames import Frame, Part
from console.netiquette.lexicon.loading import load_entries, load_frames, load_grammar
from console.netiquette.lexicon.matching import Grouped, Pattern, Piece
from console.netiquette.lexicon.stored import (
    Exceptions,
    once_each,
    plain_patterns,
    restored_entries,
    restored_frames,
    restored_patterns,
)
from console.netiquette.lexicon.yaml_lines import refusal

GROUP, SOFT_GROUP = "g", "g~"
STRONG_ANAPHOR, WEAK_ANAPHOR = "anaphor.strong", "anaphor.weak"
NAME, MENTION, FIRST_NAME, TITLE = "name", "mention", "first_name", "title"
_DYNAMIC = (GROUP, SOFT_GROUP, NAME, MENTION)
_COMMON = (
    "a ai as au aux avec c ca ce ces cette comme d dans de des du elle elles en es est et etre eux faire "
    "faut il ils j je l la le les leur leurs lui ma mais me meme mes moi mon n ne nos notre nous on ont ou "
    "par pas pis plus pour qu que qui s sa se ses si son sont sur t ta te tes toi ton tous tout toute "
    "toutes trop tu un une va vas vos votre vous y"
)


@dataclass(slots=True)
class Compiled:
    """The lexicon ready for lookup. Built once, read only afterwards."""

    entries: tuple[Entry, ...]
    frames: tuple[Frame, ...]
    bits: dict[str, int]
    """Class, or `=notation` for words of a pattern → its mask (one bit)."""
    masks: list[int] = field(default_factory=list)
    """Form → the classes it stands for."""
    owners: list[tuple[int, ...]] = field(default_factory=list)
    """Form → the entries it belongs to."""
    idioms: set[int] = field(default_factory=set)
    """Forms within which no entry is found in its own sense."""
    exceptions: Exceptions = field(default_factory=lambda: Exceptions([]))
    """Entry → the phrases in which it has another sense."""
    groups: list[str] = field(default_factory=list)
    """Form → the group it names, or empty."""
    patterns: Grouped = field(default_factory=lambda: Grouped([]))
    """The frames."""
    phrases: Grouped = field(default_factory=lambda: Grouped([]))
    """The phrases with many forms."""
    entry_masks: list[int] = field(default_factory=list)
    """Entry → its senses."""
    forms: Forms = field(default_factory=lambda: Forms([]))

    def mask(self, *classes: str) -> int:
        """The mask of some classes; unknown ones count for nothing."""
        found = 0
        for name in classes:
            found |= self.bits.get(name, 0)
        return found


def compile_folders(lexicon: Path, frames: Path, cache: Path | None = None) -> Compiled:
    """Load everything and compile it, or take what an earlier start compiled of the same files.

    Raises:
        ConfigurationError: `lexicon.missing` or `lexicon.invalid`, with file and line.
    """
    sources = [*sorted(lexicon.glob("*.yaml")), *sorted(frames.glob("*.yaml"))]
    return kept("lexicon", sources, lambda: _made(lexicon, frames), _restored, cache)


def _made(lexicon: Path, frames: Path) -> dict[str, Any]:
    """Everything loaded and compiled, as plain data."""
    entries, known = load_entries(lexicon), load_frames(frames)
    return {
        "entries": [list(astuple(entry)) for entry in entries],
        "frames": [list(astuple(frame)) for frame in known],
        **_Compiler(entries, known, load_grammar(lexicon)).plain(),
    }


def _restored(data: Any) -> Compiled:
    """What `_made` tells. Raises ValueError and the like for anything else."""
    entries = restored_entries(data["entries"])
    frames = restored_frames(data["frames"])
    forms = data["forms"].split("\n")
    masks = [int(mask, 16) for mask in data["masks"]]
    owners = [tuple(map(int, each)) for each in data["owners"]]
    if any(not 0 <= owner < len(entries) for each in owners for owner in each):
        raise ValueError("owners")
    done = Compiled(
        entries,
        frames,
        {str(name): 1 << number for number, name in enumerate(data["bits"])},
        masks=[masks[number] for number in data["mask"]],
        owners=[owners[number] for number in data["owner"]],
        idioms=set(map(int, data["idioms"])),
        exceptions=Exceptions(entries),
        groups=[str(data["groups"][number]) for number in data["group"]],
        patterns=restored_patterns(data["patterns"], frames),
        phrases=restored_patterns(data["phrases"], entries),
        entry_masks=[int(mask, 16) for mask in data["entry_masks"]],
        forms=Forms(forms),
    )
    lengths = {len(forms), len(done.masks), len(done.owners), len(done.groups)}
    if len(lengths) > 1 or len(done.entry_masks) != len(entries):
        raise ValueError("lengths")
    return done


class _Compiler:
    def __init__(
        self, entries: Sequence[Entry], frames: Sequence[Frame], grammar: dict[str, tuple[str, ...]]
    ) -> None:
        self.compiled = Compiled(tuple(entries), tuple(frames), {})
        self.grammar = grammar
        self.numbers: dict[str, int] = {}
        self.long: list[Pattern] = []

    def plain(self) -> dict[str, Any]:
        """Compiled, as plain data."""
        done = self._compiled()
        masks, mask = once_each(done.masks)
        owners, owner = once_each(done.owners)
        groups, group = once_each(done.groups)
        return {
            "forms": "\n".join(sorted(self.numbers, key=self.numbers.__getitem__)),
            "bits": sorted(done.bits, key=done.bits.__getitem__),
            "masks": [f"{each:x}" for each in masks],
            "mask": mask,
            "owners": owners,
            "owner": owner,
            "groups": groups,
            "group": group,
            "idioms": sorted(done.idioms),
            "patterns": plain_patterns(done.patterns),
            "phrases": plain_patterns(done.phrases),
            "entry_masks": [f"{each:x}" for each in done.entry_masks],
        }

    def _compiled(self) -> Compiled:
        for name in _DYNAMIC:
            self._bit(name)
        for name, words in self.grammar.items():
            self._words(name, words)
        for number, entry in enumerate(self.compiled.entries):
            self._entry(number, entry)
        self._frames()
        return self.compiled

    def _bit(self, name: str) -> int:
        return self.compiled.bits.setdefault(name, 1 << len(self.compiled.bits))

    def _form(self, form: str, mask: int, owner: int = -1, group: str = "") -> int:
        done = self.compiled
        number = self.numbers.setdefault(form, len(self.numbers))
        if number == len(done.masks):
            done.masks.append(0)
            done.owners.append(())
            done.groups.append("")
        done.masks[number] |= mask
        if owner >= 0 and owner not in done.owners[number]:
            done.owners[number] += (owner,)
        if group:
            done.groups[number] = group
        return number

    def _words(self, name: str, words: Iterable[str]) -> None:
        bit = self._bit(name)
        for word in words:
            for form in _notation(word):
                self._form(form, bit)

    def _entry(self, number: int, entry: Entry) -> None:
        done = self.compiled
        group = next((sense for sense in entry.senses if sense.startswith("g.")), "")
        mask = 0
        for sense in (*entry.senses, GROUP, SOFT_GROUP) if group else entry.senses:
            mask |= self._bit(sense)
        done.entry_masks.append(mask)
        try:
            forms, long = phrases_of(entry)
            for each in entry.exceptions:
                parse_phrase(each)
        except ValueError as problem:
            raise _refused(entry.source, str(problem)) from problem
        idiom = IDIOM in entry.senses
        for form in forms:
            form_number = self._form(form, mask, number, group)
            if idiom:
                done.idioms.add(form_number)
        self.long += [self._long(number, places) for places in long]

    def _long(self, number: int, places: list[Choices]) -> Pattern:
        pieces = []
        for choices in places:
            words = tuple(" ".join(choice) for choice in choices if choice)
            name = f"={'|'.join(words)}"
            bit = self._bit(name)
            for word in words:
                self._form(word, bit)
            pieces.append(Piece(bit, 0, False, () in choices, False, ""))
        return self._pattern(number, tuple(pieces), 0)

    def _frames(self) -> None:
        made = [
            self._pattern(
                number,
                tuple(self._piece(part, frame) for part in parts),
                self._class(frame.parent, frame) if frame.parent else 0,
            )
            for number, frame in enumerate(self.compiled.frames)
            for parts in frame.patterns
        ]
        self.compiled.patterns = Grouped(self._by_anchor(made))
        self.compiled.phrases = Grouped(self._by_anchor(self.long))

    def _pattern(self, number: int, pieces: tuple[Piece, ...], parent: int) -> Pattern:
        needed = [piece.mask for piece in pieces if piece.mask and not piece.optional and not piece.forbidden]
        return Pattern(number, pieces, tuple(needed), parent)

    def _by_anchor(self, patterns: list[Pattern]) -> list[tuple[int, list[Pattern]]]:
        """Group patterns by their rarest part: no common word, few classes."""
        done = self.compiled
        common = done.mask(NAME, MENTION)
        for word in _COMMON.split():
            if word in self.numbers:
                common |= done.masks[self.numbers[word]]
        grouped: dict[int, list[Pattern]] = {}
        for pattern in patterns:
            rarest, *others = sorted(
                pattern.required, key=lambda mask: (bool(mask & common), mask.bit_count())
            )
            grouped.setdefault(rarest, []).append(replace(pattern, required=tuple(others)))
        return list(grouped.items())

    def _piece(self, part: Part, frame: Frame) -> Piece:
        mask = 0
        for name in part.classes:
            mask |= self._class(name, frame)
        if part.words:
            name = f"={'|'.join(part.words)}"
            if name not in self.compiled.bits:
                try:
                    self._words(name, part.words)
                except ValueError as problem:
                    raise _refused(frame.source, f"{frame.id}: {problem}") from problem
            mask |= self._bit(name)
        return Piece(mask, part.gap, part.crossing, part.optional, part.forbidden, part.edge)

    def _class(self, name: str, frame: Frame) -> int:
        if name not in self.compiled.bits:
            raise _refused(frame.source, f"{frame.id}: unknown class <{name}>")
        return self.compiled.bits[name]


def _refused(source: str, problem: str) -> ConfigurationError:
    file, _, line = source.partition(":")
    return refusal(Path(file), int(line), problem)


def _notation(word: str) -> set[str]:
    """The forms of `mot~`, `verbe+`, `deux_mots` or a phrase in the lexicon's notation.

    Raises:
        ValueError: the notation is wrong.
    """
    plain = word.replace("_", " ")
    if word[-1] not in "~+)]":
        return expand(plain)
    for sign, pos in (("~", "adj"), ("+", "verb")):
        if plain.endswith(sign) and "(" not in plain and "[" not in plain:
            return forms_of_word(plain[:-1], pos, "mf") or expand(plain[:-1])
    return expand(word)
