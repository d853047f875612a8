"""Identifiers of a person (art. 6): telephone, e-mail, social insurance, health, bank and licence numbers,
plates, civic addresses, dates of birth.

Checks where one exists: Luhn for NAS and cards (ISO/IEC 7812-1), ISO 13616 for IBAN, month and day in the
RAMQ number. The city's own coordinates and public lines are no identifiers. In a private message the
sender's own telephone, e-mail and street are tolerated; NAS, health card and bank card never are.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator

from console.domain.ids import RuleId
from console.domain.messages import Channel
from console.netiquette import dictated, entities
from console.netiquette.cues.detector import CueDetector
from console.netiquette.cues.scoring import Reader
from console.netiquette.lookalikes import under
from console.netiquette.model import Context, Evidence, RouteHint, Shield
from console.netiquette.resources import Resources
from console.netiquette.text.document import Document

_RULE = RuleId("personal_information")
Place = tuple[int, int]

_NAS = re.compile(r"(?<![\d.,$-])(\d{3})([ .-]?)(\d{3})\2(\d{3})(?![\d-]|[.,]\d| ?(?:\$|km|m\b))")
_CARD = re.compile(r"(?<![\d.,-])(?:\d[ -]?){12,18}\d(?![\d-])")
_RAMQ = re.compile(
    r"(?<!\w)[a-z]{4}[ -]?\d{2}(?:0[1-9]|1[0-2]|5[1-9]|6[0-2])[ -]?(?:0[1-9]|[12]\d|3[01])\d{2}(?!\w)"
)
_LICENCE = re.compile(r"(?<!\w)[a-z]\d{4}[ -]?\d{6}[ -]?\d{2}(?!\w)")
_IBAN = re.compile(r"(?<!\w)[a-z]{2}\d{2}(?: ?[a-z0-9]{4}){3,7}(?: ?[a-z0-9]{1,3})?(?!\w)")
_ACCOUNT = re.compile(r"(?<!\d)\d{5}[ -]?\d{3}[ -]\d{6,7}(?!\d)|(?<![\d.,$])\d{6,12}(?![\d.,$])")
_PLATE = re.compile(
    r"(?<![\w-])(?:[a-z]\d{2}[ -]?[a-z]{3}|\d{3}[ -]?[a-z]{3}|[a-z]{3}[ -]?\d{3,4}|f[a-z]{2}\d{4})(?![\w-])"
)
_WRITTEN_PLATE = re.compile(_PLATE.pattern, re.IGNORECASE)
_POSTAL = re.compile(r"(?<!\w)[abceghj-nprstvxy]\d[abceghj-nprstv-z][ -]?\d[abceghj-nprstv-z]\d(?!\w)")
_STREET = re.compile(
    r"(?<![\w$.,/])\d{1,5}[a-z]?(?: ?- ?\d{1,5})?,? (?:(?:de |du |sur )?(?:la |le |l')?)"
    r"(?:\d{1,3}(?:e|ieme|er|re) )?(?:rue|av(?:enue)?|boul(?:evard)?|blvd|ch(?:emin)?|rang|place|route|cote"
    r"|croissant|allee|impasse|terrasse|montee|rg)\.? [a-z0-9'][\w'-]*(?: [a-z][\w'-]+)?"
    r"(?:,? (?:app(?:artement|t)?\.?|#|bureau|unite) ?\w{1,5})?"
)
_BARE_STREET = re.compile(r"(?<![\w$.,/])\d{2,5},? [a-z][\w-]+(?:,? (?:app\.?|#) ?\w{1,5})?")
_BIRTH = re.compile(
    r"(?:\d{1,2}(?:er)? (?:janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre"
    r"|decembre) (?:19|20)\d{2}|(?:19|20)\d{2}[-/]\d{2}[-/]\d{2}|\d{2}[-/]\d{2}[-/](?:19|20)\d{2})"
)
_SECRET_VALUE = re.compile(r"(?:mot de passe|nip|code d'acces)(?: (?:est|c'est|:))* ?:? ?\S*\d\S*")
_LOCAL = re.compile(r"(?<![\d$/.,#-])(?<!\d )[2-9]\d{2}[ .-]\d{4}(?![\d-]| ?\$|[ ,.]\d)")
_TOLL_FREE = frozenset({"800", "833", "844", "855", "866", "877", "888"})
_NAS_DIGITS, _CARD_DIGITS = 9, 16
_MOST = 40
"""Identifiers that are told of one message: a text of nothing but numbers has said enough."""
_OFFICES = frozenset(
    (
        "info", "infos", "contact", "biblio", "bibliotheque", "service", "services", "admin",
        "administration", "reception", "communications", "communication", "communaute", "courriel",
        "ventes", "presse", "medias", "inscription", "inscriptions", "loisirs", "secretariat", "direction",
        "greffe", "webmestre", "soutien", "support", "dons", "benevoles", "conseil", "comite", "club",
        "bureau", "reservations",
    )
)  # fmt: skip
"""First words of addresses that belong to an office, not to a person."""
_LONGEST_CUE = 120
_FEW = 8
_NEAR = 45
"""Characters in which a word says what a number is."""


class Identifiers(CueDetector):
    """Evidence for `personal_information`, one a kind and place."""

    topic = "identifiers"

    def __init__(self, resources: Resources) -> None:
        super().__init__(resources)
        own = " ".join(value for _, value in resources.coordinates)
        self._own_digits = frozenset(re.findall(r"\d{10}", re.sub(r"[ ().+-]", "", own)))
        self._own_mail = frozenset(re.findall(r"[\w.+-]+@[\w.-]+", own.lower()))
        lists = resources.lists
        self._public = frozenset((*lists.get("city_domains", ()), *lists.get("public_domains", ())))

    def detect(self, document: Document, context: Context) -> Iterable[Evidence | RouteHint | Shield]:
        """Evidence for `personal_information`."""
        has_digits = any(map(document.original.__contains__, "0123456789")) or bool(
            dictated.numbers(document)
        )
        if not has_digits and not entities.emails(document):
            return
        reader = self.reader(document, context)
        yield from self._mails(reader)
        if not has_digits:
            return
        taken: list[Place] = list(entities.links(document)[:_MOST])  # an article's number is nobody's
        told = len(taken) + _MOST
        for found in (
            self._numbers(reader),
            self._grouped(reader),
            self._telephones(reader),
            self._addresses(reader),
            self._other(reader),
        ):
            for place, weight, kind in found:
                if len(taken) >= told:
                    return
                if weight > 0 and not any(start < place[1] and place[0] < end for start, end in taken):
                    taken.append(place)
                    span = document.span(*place)
                    yield Evidence(_RULE, weight, (span,), self.name, f"personal_information.{kind}")

    def _numbers(self, reader: Reader) -> Iterator[tuple[Place, float, str]]:
        """Bank cards and accounts, health cards, driver's licences."""
        normal = reader.document.normal
        for match in _CARD.finditer(normal):
            digits = re.sub(r"\D", "", match.group())
            if digits[0] in "3456" and _luhn(digits):
                yield match.span(), 5.5, "card"
            elif self._near(reader, match.span(), "bank"):
                yield match.span(), 4.0, "card"
        for match in _IBAN.finditer(normal):
            if _iban(match.group()):
                yield match.span(), 5.0, "account"
        for match in _RAMQ.finditer(normal):
            yield match.span(), 5.5, "health"
        for match in _LICENCE.finditer(normal):
            yield match.span(), 5.0, "licence"

    def _grouped(self, reader: Reader) -> Iterator[tuple[Place, float, str]]:
        """Social insurance numbers, and what the words around call one or an account."""
        normal = reader.document.normal
        for match in _NAS.finditer(normal):
            digits = match.group(1) + match.group(3) + match.group(4)
            named = self._near(reader, match.span(), "insurance")
            if named:
                yield match.span(), 5.5, "nas"
            elif _luhn(digits) and digits[0] != "8":
                yield match.span(), 3.0 if match.group(2) else 1.0, "nas"
        for each in dictated.numbers(reader.document):
            place = (each.start, each.end)
            if len(each.digits) == _NAS_DIGITS and (
                _luhn(each.digits) or self._near(reader, place, "insurance")
            ):
                yield place, 5.0 if self._near(reader, place, "insurance") else 1.8, "nas"
            elif len(each.digits) == _CARD_DIGITS and _luhn(each.digits):
                yield place, 5.0, "card"
        for match in _ACCOUNT.finditer(normal):
            if self._near(reader, match.span(), "bank"):
                yield match.span(), 3.8, "account"
            elif self._near(reader, match.span(), "insurance") or self._near(
                reader, match.span(), "health_card"
            ):
                yield match.span(), 3.4, "nas"

    def _telephones(self, reader: Reader) -> Iterator[tuple[Place, float, str]]:
        private = reader.context.channel is Channel.PRIVATE
        for phone in entities.phones(reader.document):
            place = (phone.start, phone.end)
            if phone.digits in self._own_digits or phone.digits[:3] in _TOLL_FREE:
                continue
            weight = 5.0
            if self._near(reader, place, "public_line"):
                weight = 1.0
            elif private:
                weight = self._in_private(reader, place)
            yield place, weight, "phone"
        for match in _LOCAL.finditer(reader.document.normal):
            # Seven digits are a telephone only where somebody is told to call.
            if not private and any(
                self._near(reader, match.span(), cue, 25) for cue in ("own", "third_person", "call")
            ):
                yield match.span(), 3.6, "phone"

    def _mails(self, reader: Reader) -> Iterator[Evidence]:
        private = reader.context.channel is Channel.PRIVATE
        document = reader.document
        for place in entities.emails(document):
            mail = document.normal[slice(*place)]
            mail = mail if mail.count("@") == 1 and " " not in mail else dictated.plain_mail(mail)
            host = mail.rpartition("@")[2]
            if mail in self._own_mail or under(host, self._public):
                continue
            weight = self._in_private(reader, place) if private else 4.5
            if re.split(r"[._+-]", mail)[0].partition("@")[0] in _OFFICES:
                weight -= 3.5
            if weight > 0:
                span = document.span(*place)
                yield Evidence(_RULE, weight, (span,), self.name, "personal_information.email")

    def _in_private(self, reader: Reader, place: Place) -> float:
        """The sender's own is tolerated; another person's is not."""
        if self._near(reader, place, "own"):
            return 0.0
        return 2.4 if self._near(reader, place, "third_person") else 0.0

    def _addresses(self, reader: Reader) -> Iterator[tuple[Place, float, str]]:
        """A civic address counts where somebody lives there; else it places a pothole or an event."""
        private = reader.context.channel is Channel.PRIVATE
        normal = reader.document.normal
        for match in _STREET.finditer(normal):
            lives = self._near(reader, match.span(), "residence")
            another = self._near(reader, match.span(), "third_person")
            own = bool(reader.places("@first")) and (not another or self._near(reader, match.span(), "own"))
            if private:
                yield match.span(), 2.2 if lives and not own else 0.0, "address"
            elif lives or "app" in match.group() or _POSTAL.search(normal):
                yield match.span(), 3.4 if lives else 2.2, "address"
            else:
                yield match.span(), 0.4, "address"
        for match in _BARE_STREET.finditer(normal):
            start = reader.document.offsets[match.start()]
            after = reader.document.original[start:].lstrip("0123456789, ")[:1]
            lives = self._near(reader, match.span(), "residence", reach=16)
            if not private and lives and after.isupper():
                yield match.span(), 2.6, "address"

    def _other(self, reader: Reader) -> Iterator[tuple[Place, float, str]]:
        document = reader.document
        for start, end in self._plates(document):
            if self._near(reader, (start, end), "plate"):
                yield (start, end), 4.2, "plate"
        for match in _PLATE.finditer(document.normal):
            original = document.original[
                slice(document.offsets[match.start()], document.offsets[match.end()])
            ]
            if original.isupper() and re.fullmatch(r"[A-Z]\d{2}[ -]?[A-Z]{3}", original):
                yield match.span(), 1.4, "plate"
        for match in _POSTAL.finditer(document.normal):
            own = reader.context.channel is Channel.PRIVATE
            yield match.span(), 0.0 if own else 1.8, "postal"
        for match in _BIRTH.finditer(document.normal):
            if self._near(reader, match.span(), "birth") and (
                entities.names(document) or reader.places("@first")
            ):
                yield match.span(), 2.8, "birth"
        for match in _SECRET_VALUE.finditer(document.normal):
            yield match.span(), 2.6, "secret"

    @staticmethod
    def _plates(document: Document) -> Iterator[Place]:
        """As folded, and as written: figures among letters may have been taken for disguised letters."""
        yield from (match.span() for match in _PLATE.finditer(document.normal))
        if any(trick == "leet" for trick, _ in document.tricks):
            for match in _WRITTEN_PLATE.finditer(document.original):
                yield (
                    bisect_left(document.offsets, match.start()),
                    bisect_left(document.offsets, match.end()),
                )

    def _near(self, reader: Reader, place: Place, cue: str, reach: int = _NEAR) -> bool:
        """Whether the cue is within `reach`; sought by order, since both may be many."""
        places = reader.places(f"{self.topic}.{cue}")
        if len(places) <= _FEW:
            return any(start < place[1] + reach and end > place[0] - reach for start, end in places)
        ordered = reader.document.once(f"ordered {cue}", lambda: sorted(places))
        for start, end in ordered[bisect_left(ordered, (place[0] - reach - _LONGEST_CUE, 0)) :]:
            if start >= place[1] + reach:
                break
            if end > place[0] - reach:
                return True
        return False


def _luhn(digits: str) -> bool:
    from stdnum import luhn

    return len(set(digits)) > 1 and bool(luhn.is_valid(digits))


def _iban(text: str) -> bool:
    from stdnum import iban

    return bool(iban.is_valid(text, check_country=False))
