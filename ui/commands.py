"""Every command of the window: id, French label, default keys, where it applies.

The table is one place so that the key sheet and the settings know commands of pages that were never
opened. A page gives its commands a handler with `Commands.bind`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QCoreApplication


class Context(StrEnum):
    """Where a command's keys apply. GLOBAL meets every other context; two pages never meet."""

    GLOBAL = "global"
    QUEUE = "queue"
    HISTORY = "history"
    SUPERVISION = "supervision"
    PEOPLE = "people"
    OUTBOX = "outbox"
    IMPORT = "import"
    SHARING = "sharing"
    ACCOUNTS = "accounts"


@dataclass(frozen=True, slots=True)
class Command:
    """`keys` are portable key sequences (`Ctrl+Return`, `Shift+N`, `/`); the first is shown."""

    id: str
    label: str
    keys: tuple[str, ...] = ()
    context: Context = Context.GLOBAL


def tr(text: str) -> str:
    """The words of a command in the language of the window (the source is French)."""
    return QCoreApplication.translate("Commands", text)


def context_label(context: Context) -> str:
    """Heading of a group in the key sheet."""
    return {
        Context.GLOBAL: tr("Partout"),
        Context.QUEUE: tr("File d’attente"),
        Context.HISTORY: tr("Historique"),
        Context.SUPERVISION: tr("Supervision"),
        Context.PEOPLE: tr("Personnes"),
        Context.OUTBOX: tr("Envois"),
        Context.IMPORT: tr("Importer"),
        Context.SHARING: tr("Partage"),
        Context.ACCOUNTS: tr("Comptes"),
    }[context]


def all_commands() -> tuple[Command, ...]:
    """The whole table. Keys within one context, and against GLOBAL, are all different."""
    return (
        *_everywhere(),
        *_queue(),
        *_history(),
        *_supervision(),
        *_people(),
        *_outbox(),
        *_import(),
        *_sharing(),
        *_accounts(),
    )


def _everywhere() -> tuple[Command, ...]:
    return (
        Command("go.queue", tr("Aller à la file"), ("Ctrl+1",)),
        Command("go.history", tr("Aller à l’historique"), ("Ctrl+2",)),
        Command("go.supervision", tr("Aller à la supervision"), ("Ctrl+3",)),
        Command("go.people", tr("Aller aux personnes"), ("Ctrl+4",)),
        Command("go.outbox", tr("Aller aux envois"), ("Ctrl+5",)),
        Command("go.netiquette", tr("Aller à la nétiquette"), ("Ctrl+6",)),
        Command("go.sharing", tr("Aller au partage"), ("Ctrl+7",)),
        Command("go.accounts", tr("Aller aux comptes"), ("Ctrl+8",)),
        Command("go.settings", tr("Ouvrir les réglages"), ("Ctrl+,",)),
        Command("search", tr("Rechercher"), ("/", "Ctrl+F")),
        Command("undo", tr("Annuler la dernière décision"), ("Z",)),
        Command("keys", tr("Voir les touches"), ("?", "F1")),
        Command("emergency", tr("Mesures d’urgence"), ("Ctrl+Shift+U",)),
        Command("import", tr("Importer un fichier"), ("Ctrl+O",)),
        Command("mask_names", tr("Masquer ou montrer les noms"), ("Ctrl+Shift+M",)),
        Command("text.bigger", tr("Agrandir le texte"), ("Ctrl++", "Ctrl+=")),
        Command("text.smaller", tr("Réduire le texte"), ("Ctrl+-",)),
        Command("text.normal", tr("Texte à 100\u00a0%"), ("Ctrl+0",)),
        Command("refresh", tr("Actualiser"), ("F5",)),
        Command("dismiss", tr("Fermer ou revenir"), ("Esc",)),
        Command("quit", tr("Quitter"), ("Ctrl+Q",)),
    )


def _queue() -> tuple[Command, ...]:
    where = Context.QUEUE
    return (
        Command("queue.next", tr("Message suivant"), ("J", "Down"), where),
        Command("queue.previous", tr("Message précédent"), ("K", "Up"), where),
        Command("queue.arrivals", tr("Voir les nouveaux messages"), ("V",), where),
        Command("decide.keep", tr("Conserver"), ("C",), where),
        Command("decide.reply", tr("Répondre"), ("R",), where),
        Command("decide.hide", tr("Masquer"), ("M",), where),
        Command("decide.warn", tr("Avertir"), ("A",), where),
        Command("decide.delete", tr("Supprimer"), ("S",), where),
        Command("decide.report", tr("Signaler"), ("G",), where),
        Command("decide.redirect_311", tr("Vers le 311"), ("3",), where),
        Command("decide.no_reply", tr("Sans réponse requise"), ("N",), where),
        Command("decide.escalate", tr("Soumettre à la supervision"), ("E",), where),
        Command("decide.ban", tr("Bannir"), ("B",), where),
        Command("queue.disagree", tr("Pas d’accord avec un constat"), ("D",), where),
        Command("queue.note", tr("Ajouter une note interne"), ("Shift+N",), where),
        Command("queue.filters", tr("Filtres"), ("F",), where),
        Command("queue.finding", tr("Constat suivant"), ("T",), where),
        Command("queue.article", tr("Voir l’article"), ("L",), where),
        Command("queue.open_link", tr("Ouvrir le message sur la plateforme"), ("O",), where),
        Command("queue.pictures", tr("Voir les images jointes, puis les montrer"), ("I",), where),
        Command("queue.copy_link", tr("Copier le lien du message"), ("Ctrl+Shift+C",), where),
        Command("queue.confirm", tr("Envoyer la décision"), ("Ctrl+Return", "Ctrl+Enter"), where),
    )


def _history() -> tuple[Command, ...]:
    where = Context.HISTORY
    return (
        Command("history.next", tr("Décision suivante"), ("J",), where),
        Command("history.previous", tr("Décision précédente"), ("K",), where),
        Command("history.filters", tr("Filtres"), ("F",), where),
        Command("history.undo", tr("Annuler cette décision"), ("Shift+Z",), where),
        Command("history.copy_proof", tr("Copier la preuve"), ("Ctrl+Shift+C",), where),
        Command("history.export", tr("Exporter ce qui est affiché"), ("X",), where),
        Command("history.verify", tr("Vérifier la piste"), ("P",), where),
    )


def _outbox() -> tuple[Command, ...]:
    where = Context.OUTBOX
    return (
        Command("outbox.next", tr("Envoi suivant"), ("J",), where),
        Command("outbox.previous", tr("Envoi précédent"), ("K",), where),
        Command("outbox.copy", tr("Copier le texte"), ("C",), where),
        Command("outbox.open_link", tr("Ouvrir le message sur la plateforme"), ("O",), where),
        Command("outbox.done", tr("C’est fait"), ("Ctrl+Return", "Ctrl+Enter"), where),
        Command("outbox.impossible", tr("Impossible à faire, abandonner"), ("I",), where),
        Command("outbox.again", tr("Réessayer l’envoi"), ("R",), where),
        Command("outbox.take", tr("Faire l’envoi à la main"), ("M",), where),
        Command("outbox.group.by_hand", tr("Voir ce qui est à faire à la main"), ("1",), where),
        Command("outbox.group.trouble", tr("Voir ce qui est à surveiller"), ("2",), where),
        Command("outbox.group.waiting", tr("Voir ce qui est en attente"), ("3",), where),
        Command("outbox.group.sent", tr("Voir ce qui est envoyé"), ("4",), where),
    )


def _import() -> tuple[Command, ...]:
    where = Context.IMPORT
    return (
        Command("import.choose", tr("Choisir un fichier"), ("O",), where),
        Command("import.start", tr("Lancer l’importation"), ("Ctrl+Return", "Ctrl+Enter"), where),
        Command("import.cancel", tr("Annuler l’importation"), ("Ctrl+.",), where),
        Command("import.copy", tr("Copier le rapport"), ("Ctrl+Shift+C",), where),
    )


def _supervision() -> tuple[Command, ...]:
    where = Context.SUPERVISION
    return (
        Command("supervision.next", tr("Dossier suivant"), ("J", "Down"), where),
        Command("supervision.previous", tr("Dossier précédent"), ("K", "Up"), where),
        Command("supervision.decide", tr("Trancher"), ("T",), where),
        Command("supervision.return", tr("Retourner avec un mot"), ("R",), where),
        Command("supervision.hold", tr("Garder le dossier"), ("G",), where),
        Command("supervision.sign", tr("Signer le bannissement"), ("S",), where),
        Command("supervision.refuse", tr("Refuser le bannissement"), ("X",), where),
        Command("supervision.disagree", tr("Pas d’accord avec un constat"), ("D",), where),
        Command("supervision.note", tr("Ajouter une note interne"), ("Shift+N",), where),
        Command("supervision.confirm", tr("Confirmer la décision"), ("Ctrl+Return", "Ctrl+Enter"), where),
    )


def _people() -> tuple[Command, ...]:
    where = Context.PEOPLE
    return (
        Command("people.next", tr("Personne suivante"), ("J", "Down"), where),
        Command("people.previous", tr("Personne précédente"), ("K", "Up"), where),
        Command("people.messages", tr("Voir ses messages"), ("M",), where),
    )


def _sharing() -> tuple[Command, ...]:
    where = Context.SHARING
    return (
        Command("sharing.next", tr("Élément suivant"), ("J", "Down"), where),
        Command("sharing.previous", tr("Élément précédent"), ("K", "Up"), where),
        Command("sharing.sync", tr("Synchroniser maintenant"), ("S",), where),
        Command("sharing.keep", tr("Garder ce qui s’applique"), ("G",), where),
        Command("sharing.replace", tr("Remplacer par l’autre décision"), ("R",), where),
        Command("sharing.message", tr("Voir le message dans la file"), ("M",), where),
    )


def _accounts() -> tuple[Command, ...]:
    where = Context.ACCOUNTS
    return (
        Command("accounts.next", tr("Compte suivant"), ("J", "Down"), where),
        Command("accounts.previous", tr("Compte précédent"), ("K", "Up"), where),
        Command("accounts.add", tr("Connecter un compte"), ("N",), where),
        Command("accounts.connect", tr("Connecter ou reconnecter ce compte"), ("C",), where),
        Command("accounts.check", tr("Vérifier ce compte"), ("V",), where),
        Command("accounts.resume", tr("Reprendre après un blocage"), ("R",), where),
        Command("accounts.disconnect", tr("Déconnecter ce compte"), ("D",), where),
    )
