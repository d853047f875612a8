"""What this desk has learned, and which of it is in force."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from console.domain.ids import StaffId
from console.services.learning_ports import StoredLayer
from console.store.tables import adoptions, layers
from console.store.writes.base import Writes

STANDING = (
    select(adoptions.c.pk, adoptions.c.layer)
    .where(adoptions.c.withdrawn_at.is_(None))
    .order_by(adoptions.c.pk.desc())
    .limit(1)
)
"""The adoption that is in force."""


class LearningWrites(Writes):
    """Fulfils `console.services.learning_ports.LearningWrites`."""

    def put_layer(self, layer: StoredLayer) -> None:
        """Keep a layer, or what is said about one of the same content."""
        values = asdict(layer)
        said = {name: value for name, value in values.items() if name != "id"}
        statement = upsert(layers).values(values)
        self.connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=said))

    def forget_layers(self, keep: Sequence[str]) -> None:
        """Drop layers that were never adopted, except these."""
        adopted = select(adoptions.c.layer)
        self.connection.execute(
            delete(layers).where(layers.c.id.not_in(adopted), layers.c.id.not_in(list(keep)))
        )

    def layer_now(self) -> str | None:
        """The id of the layer in force."""
        row = self.connection.execute(STANDING).one_or_none()
        return None if row is None else row.layer

    def adopt_layer(self, layer: str, at: datetime, by: StaffId) -> None:
        """Put a layer in force, on top of what is so now."""
        self.connection.execute(insert(adoptions).values(layer=layer, at=at, by=by))

    def withdraw_layer(self, at: datetime, by: StaffId) -> None:
        """Take back the newest standing adoption."""
        row = self.connection.execute(STANDING).one()
        gone = update(adoptions).where(adoptions.c.pk == row.pk)
        self.connection.execute(gone.values(withdrawn_at=at, withdrawn_by=by))
