"""An engine of one simple detector, and lessons about it: what it gets wrong is known beforehand."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from console.domain.ids import MessageId, RuleId
from console.domain.messages import Channel
from console.netiquette.combine import Calibration
from console.netiquette.engine import Engine
from console.netiquette.learned.desk_lessons import Lesson
from console.netiquette.model import Context, Evidence
from console.netiquette.policy_loader import shipped
from console.netiquette.text.document import Document

INSULT, OBSCENITY, VIOLENCE = RuleId("insult"), RuleId("obscenity"), RuleId("violence")
SAID = {
    "fumier": (OBSCENITY, 2.4),
    "clown": (INSULT, 4.0),
    "arracher": (VIOLENCE, 2.4),
}
"""Word → rule and log-odds: «fumier» is 70 % an obscenity, also where a farm stinks."""

PLACES = (
    "derrière la ferme laitière du rang quatre",
    "autour du champ de maïs ce matin",
    "près du parc Saint-Frédéric depuis lundi",
    "au bord de la rivière Saint-François",
    "jusque dans la cour d’école du quartier",
    "sur toute la rue Lindsay hier soir",
    "à côté du terrain de soccer municipal",
    "devant la bibliothèque en plein dimanche",
    "dans le stationnement de la piscine",
    "pendant le souper sur ma galerie",
    "aux fenêtres de la garderie voisine",
    "entre les deux ponts du boulevard",
)


class WordDetector:
    """One word a rule, weighed as `SAID`."""

    name = "words"

    def detect(self, document: Document, _context: Context) -> Iterable[Evidence]:
        """Every known word."""
        for token in document.tokens:
            for word, (rule, weight) in SAID.items():
                if token.text.startswith(word):
                    yield Evidence(
                        rule, weight, (document.span(token.start, token.end),), self.name, "insult.person"
                    )


@cache
def engine() -> Engine:
    """The real engine with this detector alone, and a curve of its own: calibrating moves no test."""
    made = Engine(shipped(), detectors=())
    made._detectors = (WordDetector(),)
    made._calibration = Calibration((0.7, 0.0), {})
    return made


def lesson(
    number: int,
    text: str,
    *,
    teacher: str = "",
    author: str = "",
    whole: bool = True,
    **labels: bool,
) -> Lesson:
    """A decided message; teachers take turns, every message has an author of its own."""
    return Lesson(
        MessageId(f"{number:032x}"),
        text,
        "",
        Channel.COMMENT,
        author or f"auteur-{number}",
        teacher or ("Camille", "Noa")[number % 2],
        {RuleId(rule): said for rule, said in labels.items()},
        whole,
    )


def smells(start: int = 0) -> list[Lesson]:
    """Farms that stink: the engine calls them obscene, the moderators never did."""
    return [
        lesson(start + place, f"L’odeur de fumier {where} est insupportable", obscenity=False)
        for place, where in enumerate(PLACES)
    ]


def curses(start: int = 100) -> list[Lesson]:
    """The same word as an obscenity, confirmed."""
    heads = ("Mangez", "Allez donc manger", "Gardez", "Ravalez", "Étouffez-vous avec", "Lichez")
    return [
        lesson(start + place, f"{heads[place % 6]} votre fumier {PLACES[place]}", obscenity=True)
        for place in range(len(PLACES))
    ]


def puppets(start: int = 200) -> list[Lesson]:
    """An insult that the engine does not know, added by hand."""
    heads = ("Belle troupe de marionnettes", "Des vraies marionnettes", "Bravo les marionnettes")
    return [
        lesson(start + place, f"{heads[place % 3]} {PLACES[place]}", insult=True)
        for place in range(len(PLACES))
    ]


def puppets_at_the_fair(start: int = 250) -> list[Lesson]:
    """The same word where nobody is insulted."""
    heads = (
        "Le spectacle de marionnettes",
        "Un atelier pour coudre des marionnettes",
        "Nos marionnettes géantes",
    )
    return [
        lesson(start + place, f"{heads[place % 3]} attend les enfants {PLACES[place]}")
        for place in range(len(PLACES))
    ]


def thanks(start: int = 300) -> list[Lesson]:
    """Nothing to report, rightly."""
    heads = (
        "Beau travail de déneigement",
        "Quelle belle fête",
        "Les lumières brillent",
        "On ramasse les feuilles",
    )
    return [
        lesson(start + place, f"{heads[place % 4]} {PLACES[place]} ({'!' * (1 + place % 3)})")
        for place in range(len(PLACES))
    ]


def town() -> list[Lesson]:
    """All of them: 48 decisions."""
    return [*smells(), *curses(), *puppets(), *thanks()]
