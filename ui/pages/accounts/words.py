"""French of connecting an account: where its token comes from, what each step means, what follows."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from console.catalogue import Catalogue
from console.domain.messages import FACEBOOK, INSTAGRAM, LINKEDIN, TIKTOK, YOUTUBE, Platform, X
from console.services.platform_ports import SignInKind
from console.services.platform_rows import AccountRow
from ui import dates
from ui.models.card import platform_name

X_CALLBACK = "http://127.0.0.1:8765/"
"""Where the browser brings X's answer back to this desk; X compares it to the letter."""


def kind_words(kind: SignInKind) -> str:
    """How an account is connected, in one sentence."""
    if kind is SignInKind.BROWSER:
        return _tr("Vous donnez votre accord dans le navigateur, sur le site de la plateforme.")
    return _tr("Vous collez un jeton que la plateforme donne dans ses propres pages.")


def scope_words(scope: str) -> str:
    """Why Vigie needs it: «lire les messages privés reçus»."""
    return Catalogue.load().label("scope", scope)


def app_hint(platform: Platform, kind: SignInKind) -> str:
    """What the city's own registration is, and who has it."""
    name = platform_name(platform)
    if kind is SignInKind.PASTE:
        return _tr(
            "Facultatif\u00a0: avec l’application de la Ville chez {name}, Vigie prolonge le jeton quand la "
            "plateforme le permet."
        ).format(name=name)
    told = _tr(
        "La Ville s’inscrit une fois auprès de {name}, dans ses pages pour les développeurs, et reçoit ce "
        "numéro."
    ).format(name=name)
    if platform == X:
        back = _tr("Inscrivez-y cette adresse de retour, à la lettre\u00a0: {address}").format(
            address=X_CALLBACK
        )
    else:
        back = _tr("Choisissez une application de bureau\u00a0: aucune adresse de retour n’est à inscrire.")
    return f"{told} {back}"


def token_steps(platform: Platform) -> tuple[str, ...]:
    """Where the token comes from, in order."""
    meta = _tr("Ouvrez les paramètres d’entreprise de Meta, puis «\u00a0Utilisateurs système\u00a0».")
    make = _tr("Générez un jeton pour l’application de la Ville, avec les permissions nommées ci-dessus.")
    copy = _tr("Copiez le jeton et collez-le ici. Il n’est montré qu’une fois.")
    return {
        FACEBOOK: (
            meta,
            _tr("Choisissez ou créez un utilisateur système, et donnez-lui la page de la Ville."),
            make,
            copy,
        ),
        INSTAGRAM: (
            meta,
            _tr(
                "Donnez à un utilisateur système la page de la Ville et le compte Instagram professionnel "
                "qui lui est relié."
            ),
            make,
            copy,
        ),
        LINKEDIN: (
            _tr("Dans le portail des développeurs de LinkedIn, ouvrez l’application de la Ville."),
            _tr("Avec l’outil de génération de jetons, cochez les permissions nommées ci-dessus."),
            _tr("Donnez votre accord avec un profil qui administre la page."),
            copy,
        ),
        TIKTOK: (
            _tr("Dans le portail des développeurs de TikTok for Business, ouvrez l’application de la Ville."),
            _tr("Autorisez le compte de la Ville avec les permissions nommées ci-dessus."),
            copy,
        ),
    }.get(platform, (_tr("Générez un jeton dans les pages de la plateforme."), copy))


def waiting_words(platform: Platform, kind: SignInKind) -> tuple[str, str]:
    """What is waited for: a title and what to do meanwhile."""
    name = platform_name(platform)
    if kind is SignInKind.BROWSER:
        return (
            _tr("Répondez dans le navigateur"),
            _tr(
                "La page de {name} s’y est ouverte. Donnez votre accord avec le profil qui administre le "
                "compte de la Ville; cette page continue d’elle-même."
            ).format(name=name),
        )
    return (
        _tr("Vigie demande à {name} à qui est ce jeton").format(name=name),
        _tr("Cela prend quelques secondes."),
    )


def disconnect_words(row: AccountRow) -> str:
    """What follows from disconnecting."""
    said = [
        _tr("Plus rien n’arrivera de ce compte, et ce qui est décidé se fera à la main."),
        _tr("L’historique, les décisions et les preuves restent. Le jeton est annulé, puis oublié."),
    ]
    if row.waiting:
        many = _tr("{n} envois qui attendent deviendront des tâches à la main.")
        one = _tr("1 envoi qui attend deviendra une tâche à la main.")
        said.insert(1, one if row.waiting == 1 else many.format(n=dates.number(row.waiting)))
    return " ".join(said)


def icon_of(platform: Platform) -> str:
    """A picture of what a platform mostly carries; no trademark."""
    return {YOUTUBE: "video", TIKTOK: "video", INSTAGRAM: "image", X: "messages-square"}.get(
        platform, "message-square"
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("AccountWords", text)
