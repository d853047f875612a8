"""Council and staff as the city's lists name them: «Roy est un voleur» then tells who is meant. The names
count like «le maire» or «la conseillère» for every layer that asks whom a message is about. Sees nothing by
itself, and stands first in the register: what it leaves on the document is read by the others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from console.netiquette.lexicon.meant import FUNCTIONS
from console.netiquette.model import Context, Evidence
from console.netiquette.people import People
from console.netiquette.resources import Resources
from console.netiquette.text.document import Document


class Functions:
    """Leaves the places of the council's and the staff's names on the document."""

    name = FUNCTIONS
    leads = True

    def __init__(self, resources: Resources) -> None:
        self._people = People((*resources.lists.get("council", ()), *resources.lists.get("staff", ())))

    def prepare(self, documents: Sequence[Document], contexts: Sequence[Context]) -> None:
        """The same for a batch, before any of it is read."""
        for document in documents:
            self.detect(document, contexts[0])

    def detect(self, document: Document, context: Context) -> Iterable[Evidence]:
        """Nothing; see the class."""
        if self._people:
            document.once(FUNCTIONS, lambda: self._people.find(document))
        return ()
