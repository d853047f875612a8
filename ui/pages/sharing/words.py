"""French of the page «Partage» that depends on data: cards, the two sides, who is at work, refusals."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from PySide6.QtCore import QCoreApplication

from console.catalogue import Catalogue, Said
from console.domain.ids import RuleId
from console.services.policy import RuleView
from console.services.sharing_ports import ConflictRow, Line, LineState, Presence, RefusalRow, Side
from ui import dates
from ui.models import line as line_words
from ui.models.card import CardText, ChipText, platform_name, rule_title
from ui.models.display_text import one_line
from ui.pages.queue.words import past_words, sentence

APART = timedelta(minutes=5)
"""A larger difference between the desk's clock and the hub's is said."""
_AWAY = timedelta(minutes=2)


def state_title(line: Line, now: datetime) -> str:
    """Heading of the state."""
    if line.state is LineState.SYNCING and line.loading:
        return _tr("Premier chargement")
    return line_words.line_words(line, now).word


def state_words(line: Line) -> str:
    """What the state means for the work, and what to do."""
    if line.state is LineState.SYNCING and line.loading:
        return _tr("L’historique de la base partagée arrive sur ce poste. Vous pouvez déjà travailler.")
    return {
        LineState.ALONE: _tr("Ce poste travaille seul."),
        LineState.CONNECTING: _tr("Vigie cherche le serveur. Tout fonctionne ici en attendant."),
        LineState.ONLINE: _tr(
            "Ce que vous décidez part aussitôt, et ce que décident vos collègues arrive de même."
        ),
        LineState.SYNCING: _tr("L’échange est en cours. Vous pouvez continuer à travailler."),
        LineState.OFFLINE: _tr(
            "Vous pouvez tout faire\u00a0: ce poste garde vos décisions et les enverra de lui-même au retour "
            "de la ligne. Si un autre poste décide le même message, la première décision reçue s’applique."
        ),
        LineState.STOPPED: _tr("Le travail continue ici; rien n’est échangé avant que ce soit réglé."),
    }[line.state]


def met(line: Line, now: datetime) -> str:
    """«Aujourd’hui à 14 h 06», «Le 14 nov., à 14 h 06», «Pas encore»."""
    if line.last_met is None:
        return _tr("Pas encore")
    when = line_words.at(line.last_met, now)
    today = dates.local(line.last_met).date() == dates.local(now).date()
    return _tr("Aujourd’hui {at}").format(at=when) if today else sentence(when)


def presence_line(seen: Presence, now: datetime, *, me: bool) -> tuple[str, str]:
    """Name and function; when a person was last seen is said once they may be away."""
    name = _tr("{name} (vous)").format(name=one_line(seen.name)) if me else one_line(seen.name)
    rest = Catalogue.load().label("role", seen.role)
    if now - seen.seen_at > _AWAY:
        rest += " · " + _tr("présence {when}").format(when=line_words.at(seen.seen_at, now))
    return name, rest


def conflict_card(row: ConflictRow, now: datetime, person: str) -> CardText:
    """A conflict in the list."""
    contested = row.contested
    word = conflict_word(row)
    who = [one_line(contested.by)]
    if row.standing is not None:
        who.insert(0, one_line(row.standing.by))
    both = _tr("{one} et {other}").format(one=who[0], other=who[-1]) if len(who) > 1 else who[0]
    done = row.settled_at is not None
    remarks = settled_line(row, now) if done else ""
    spoken = _tr("{word}, entre {who}. {person}, {place}. {excerpt}").format(
        word=word, who=both, person=one_line(person), place=platform_name(row.platform), excerpt=row.excerpt
    )
    return CardText(
        place=platform_name(row.platform),
        who=both,
        account="",
        age=dates.age(contested.at, now),
        excerpt=one_line(row.excerpt),
        level=2,
        chips=(ChipText(2, "diamond", word),),
        remarks=remarks,
        done=done,
        spoken=one_line(f"{spoken} {remarks}"),
    )


def conflict_word(row: ConflictRow) -> str:
    """Why it is contested, in two words."""
    return {
        "decided": _tr("Deux décisions"),
        "edited": _tr("Message modifié"),
        "deleted": _tr("Message disparu"),
    }.get(row.code, _tr("Contestée"))


def conflict_sentence(row: ConflictRow) -> str:
    """Why it is contested."""
    return Catalogue.load().label("conflict", row.code)


def settled_line(row: ConflictRow, now: datetime) -> str:
    """«Remplacé par l’autre décision, par Sacha à 14 h 06»; "" while it waits."""
    if row.settled_at is None:
        return ""
    outcome = Catalogue.load().label("conflict_outcome", row.outcome)
    if not row.settled_by:
        return _tr("{outcome} {when}").format(
            outcome=sentence(outcome), when=line_words.at(row.settled_at, now)
        )
    return _tr("{outcome}, par {who} {when}").format(
        outcome=sentence(outcome), who=one_line(row.settled_by), when=line_words.at(row.settled_at, now)
    )


def acts_of(side: Side) -> str:
    """«Masqué et avertissement donné»."""
    return sentence(past_words(side.actions))


def rules_of(side: Side, rules: Mapping[RuleId, RuleView]) -> str:
    """Titles with their article."""
    said = []
    for rule in side.rules:
        view = rules.get(rule)
        title = sentence(rule_title(rule, rules))
        said.append(f"{title} (art.\u00a0{view.article})" if view and view.article.isdigit() else title)
    return ", ".join(said)


def claimed_at(side: Side) -> str:
    """When, by the clock of the desk."""
    return dates.moment(side.at)


def accepted_at(side: Side) -> str:
    """When the hub took it, and how far that is from what the desk said."""
    if side.accepted_at is None:
        return _tr("Pas encore reçue par le serveur")
    return _tr("Reçue {when}").format(when=line_words.at(side.accepted_at, side.at))


def apart(side: Side) -> str:
    """«7 min après l’heure annoncée», "" when the clocks agree well enough."""
    if side.accepted_at is None or abs(side.accepted_at - side.at) <= APART:
        return ""
    minutes = int(abs(side.accepted_at - side.at).total_seconds() // 60)
    hours, rest = divmod(minutes, 60)
    length = f"{minutes}\u00a0min" if not hours else f"{hours}\u00a0h\u00a0{rest:02d}"
    if hours >= 48:
        length = _tr("{n}\u00a0jours").format(n=hours // 24)
    late = side.accepted_at > side.at
    words = _tr("{length} après l’heure du poste") if late else _tr("{length} avant l’heure du poste")
    return words.format(length=length)


def policy_of(side: Side) -> str:
    """«v. 2026-03 · 1a2b3c4d»: the label, and enough of the hash to tell two apart."""
    label, _, digest = side.policy.partition("+")
    return f"v.\u00a0{label} · {digest[:8]}" if digest else f"v.\u00a0{label}"


def refusal_card(row: RefusalRow, now: datetime) -> CardText:
    """A refusal in the list."""
    kind = sentence(Catalogue.load().label("event", row.kind))
    why = reason_of(row).title
    return CardText(
        place=kind,
        who=one_line(row.by),
        account="",
        age=dates.age(row.at, now),
        excerpt=one_line(row.excerpt) or why,
        level=3,
        chips=(ChipText(3, "diamond", _tr("Refusé")),),
        remarks="",
        done=False,
        spoken=one_line(f"{kind}, {row.by}, {dates.spoken_age(row.at, now)}. {why} {row.excerpt}"),
    )


def reason_of(row: RefusalRow) -> Said:
    """Why the hub did not take it, and what to do."""
    catalogue = Catalogue.load()
    if row.code == "moot":
        return Said(
            _tr("La décision dont cela dépend n’a pas été retenue."),
            _tr("Voyez d’abord cette décision\u00a0: elle est parmi les conflits ou les refus."),
        )
    own = catalogue.label("refusal", row.code)
    if own != row.code:  # a sentence that needs no facts: what the hub knew did not come back
        return Said(
            own, _tr("Voyez le dossier tel qu’il est maintenant, et décidez de nouveau s’il le faut.")
        )
    if catalogue.knows(row.code):
        return catalogue.error(row.code)
    return Said(_tr("La base partagée ne l’a pas retenu ({code}).").format(code=row.code), "")


def _tr(text: str) -> str:
    return QCoreApplication.translate("SharingWords", text)
