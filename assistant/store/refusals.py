"""How often questions were refused, by mechanism and factor. Counts only: no text, no person, no time."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from assistant.store.database import Database
from assistant.store.tables import RefusalRow

Cell = tuple[str | None, str | None]
"""Mechanism id and factor id; None where the question named none."""


class Refusals:
    """Where refusals are counted."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, cell: Cell) -> None:
        """Count one more. Several processes may count at once; none is lost."""
        values = {"mechanism_id": cell[0] or "", "factor_id": cell[1] or "", "count": 1}
        with self._database.writing() as session:
            dialect = session.get_bind().dialect.name
            insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
            session.execute(
                insert(RefusalRow)
                .values(**values)
                .on_conflict_do_update(
                    index_elements=["mechanism_id", "factor_id"], set_={"count": RefusalRow.count + 1}
                )
            )

    def counts(self) -> dict[Cell, int]:
        """The count of every cell that has one."""
        with self._database.reading() as session:
            rows = session.scalars(select(RefusalRow).order_by(RefusalRow.mechanism_id, RefusalRow.factor_id))
            return {(row.mechanism_id or None, row.factor_id or None): row.count for row in rows}
