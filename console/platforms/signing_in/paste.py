"""A token that a person copies from the platform's own pages."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable

from console.errors import ValidationError
from console.services.platform_ports import Candidate, ClientApp, SignInKind


class PasteSignIn(ABC):
    """Base of the sign-ins by a pasted token. Fulfils `SignIn`."""

    scopes: tuple[str, ...] = ()

    def __init__(self, ca_file: str = "") -> None:
        self._ca_file = ca_file

    @property
    def kind(self) -> SignInKind:
        """By a token."""
        return SignInKind.PASTE

    def in_browser(
        self, app: ClientApp, open_url: Callable[[str], object], stop: Callable[[], bool]
    ) -> tuple[Candidate, ...]:
        """Not the way of this platform. Code `signin.way`."""
        raise ValidationError("signin.way")

    def pasted(self, app: ClientApp, token: str) -> tuple[Candidate, ...]:
        """The accounts behind it. Codes `signin.token_empty`, `signin.token_form`,
        `signin.no_account`."""
        # What is copied from a page often brings line breaks and quotation marks along.
        token = "".join(token.split()).strip("\"'«»“”")
        if not token:
            raise ValidationError("signin.token_empty")
        if not token.isascii() or not token.isprintable():
            raise ValidationError("signin.token_form")
        found = self.behind(app, token)
        if not found:
            raise ValidationError("signin.no_account")
        return found

    @abstractmethod
    def behind(self, app: ClientApp, token: str) -> tuple[Candidate, ...]:
        """The accounts behind a clean token."""
