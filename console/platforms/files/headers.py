"""A first guess at a column mapping from French and English header names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from console.platforms.files.dates import DateError, Order, read_date
from console.platforms.files.values import channel_of, words
from console.services.intake import ColumnMapping

_LISTED: Mapping[str, str] = {
    "text": (
        "texte | text | commentaire | comment | message | contenu | content | comment text | texte du "
        "commentaire | message text | texte du message | body | corps | corps du message | comment content "
        "| contenu du commentaire | contenu du message | reponse | reply text | tweet"
    ),
    "external_id": (
        "id | identifiant | comment id | message id | id du commentaire | id commentaire | id du message | "
        "id message | identifiant du commentaire | identifiant du message | tweet id | commentid | "
        "messageid | numero | no | external id | cle | uuid"
    ),
    "posted_at": (
        "date | date et heure | date heure | created at | created time | published at | timestamp | "
        "horodatage | posted at | publie le | date de publication | date de creation | cree le | created | "
        "date time | datetime | date posted | comment date | date du commentaire | date du message | envoye "
        "le | sent at | recu le | received at | posted | publication date | createdat | publishedat"
    ),
    "time": "heure | time | heure de publication | heure du commentaire | heure d envoi",
    "author_name": (
        "auteur | auteure | autrice | nom | name | author | nom de l auteur | author name | display name "
        "| nom complet | full name | nom d utilisateur | username | utilisateur | utilisatrice | user | "
        "user name | expediteur | expeditrice | from | sender | sender name | de | profil | nom du profil "
        "| profile | citoyen | pseudo | commenter | sendername | authorname | displayname | from name | "
        "author display name | personne"
    ),
    "author_external_id": (
        "profile id | id auteur | id de l auteur | author id | user id | id utilisateur | id du profil | "
        "from id | sender id | author channel id | identifiant de l auteur | userid | authorid | username | "
        "nom d utilisateur | handle"
    ),
    "author_warnings": "avertissements | warnings | nombre d avertissements",
    "platform": "plateforme | platform | reseau | reseau social | network | social network | medium | media",
    "channel": "canal | channel | visibilite | message type | type de message | type | nature",
    "kind": "kind | genre | type de contenu | content type",
    "account": "compte | account | page | nom de la page | page name | account name | nom du compte",
    "post_text": (
        "publication | post | texte de la publication | post text | parent | post message | titre de la "
        "video | video title | publication d origine | message d origine | parent text"
    ),
    "post_external_id": (
        "post id | id de la publication | id publication | video id | id de la video | media id | postid | "
        "videoid | conversation id | thread id"
    ),
    "parent_external_id": (
        "parent id | parent comment id | id du parent | en reponse a | reply to | in reply to | reply to id "
        "| parentid | id du commentaire parent | in reply to id"
    ),
    "permalink": (
        "lien | url | link | permalien | permalink | comment url | permalink url | adresse | lien du "
        "commentaire | post url | lien vers le commentaire"
    ),
    "direction": "direction | sens",
}

NAMES: Mapping[str, tuple[str, ...]] = {
    field: tuple(words(name) for name in listed.split("|")) for field, listed in _LISTED.items()
}
"""Field of a message → header names (as `words` folds them), the best first."""

FIELDS = tuple(NAMES)
_KNOWN = frozenset(name for names in NAMES.values() for name in names)
_OUT = frozenset(["outbound", "outgoing", "sortant", "sortante", "out", "sent", "envoye"])
_IN = frozenset(["inbound", "incoming", "entrant", "entrante", "in", "received", "recu"])


def known_headers(cells: Iterable[str]) -> int:
    """How many cells are names of columns that Vigie knows."""
    return len({words(each) for each in cells} & _KNOWN)


def propose(headers: Sequence[str], sample: Sequence[Sequence[str]]) -> ColumnMapping | None:
    """A first guess, or None when no column can hold the text.

    A column serves once. A name alone is not enough for two fields that a wrong guess would spoil:
    dates must be readable in the sample, and a channel column must say public or private.
    """
    folded = {words(header): header for header in reversed(headers) if words(header)}
    place = {header: index for index, header in enumerate(headers)}
    chosen: dict[str, str] = {}
    for field, names in NAMES.items():
        for name in names:
            header = folded.get(name)
            if header is None or header in chosen.values():
                continue
            values = [row[place[header]] for row in sample if place[header] < len(row)]
            if _fits(field, [value for value in values if value.strip()]):
                chosen[field] = header
                break
    if "text" not in chosen:
        return None
    if "posted_at" not in chosen:
        chosen.pop("time", None)
    return ColumnMapping(name="", columns=chosen, constants={})


def _fits(field: str, values: Sequence[str]) -> bool:
    if field == "posted_at":
        return sum(map(_is_date, values)) * 2 >= len(values)
    if field == "channel":
        return bool(values) and all(channel_of(value) is not None for value in values)
    if field == "author_warnings":
        return all(value.strip().isdigit() for value in values)
    if field == "direction":
        return all(direction_of(value) is not None for value in values)
    return True


def direction_of(value: str) -> bool | None:
    """Whether a message went out (written by the city); None when the value says neither."""
    known = words(value)
    if known in _OUT:
        return True
    return False if known in _IN else None


def _is_date(value: str) -> bool:
    try:
        return read_date(value, Order.DAY) is not None
    except DateError:
        try:
            return read_date(value, Order.MONTH) is not None
        except DateError:
            return False
