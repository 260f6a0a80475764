"""Two partners who answer apart. Levels go in; what comes out to a page is decided above, not here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from assistant.domain.framework import FactorLevel
from assistant.store.database import Database
from assistant.store.tables import PairRow

Levels = Mapping[str, FactorLevel]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A pair as it is stored. Never shown as it is."""

    code: str
    label: str
    opened_on: date
    first: Levels | None
    second: Levels | None


class Pairs:
    """Where pairs are kept."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def open(self, owner: str, pair: Pair) -> None:
        """Keep a new pair. Raises StorageError if its code is taken."""
        with self._database.writing() as session:
            session.add(
                PairRow(
                    code=pair.code,
                    owner=owner,
                    label=pair.label,
                    opened_on=pair.opened_on,
                    first=_data(pair.first),
                    second=_data(pair.second),
                )
            )

    def answer_second(self, code: str, levels: Levels) -> bool:
        """Keep what the second side reads; False if there is no such pair or it has answered already."""
        open_still = (PairRow.code == code, PairRow.second.is_(None))
        with self._database.writing() as session:
            changed = update(PairRow).where(*open_still).values(second=_data(levels)).returning(PairRow.code)
            return bool(session.execute(changed).all())

    def one(self, code: str) -> Pair | None:
        """The pair of that code; None if there is none."""
        with self._database.reading() as session:
            row = _row(session, code)
            return _value(row) if row else None

    def of(self, owner: str) -> tuple[Pair, ...]:
        """Pairs that an owner opened, the latest first."""
        mine = select(PairRow).where(PairRow.owner == owner).order_by(PairRow.opened_on.desc(), PairRow.code)
        with self._database.reading() as session:
            return tuple(map(_value, session.scalars(mine)))

    def remove(self, owner: str, code: str) -> bool:
        """Forget a pair that this owner opened; True if there was one."""
        mine = (PairRow.code == code, PairRow.owner == owner)
        with self._database.writing() as session:
            return bool(session.execute(delete(PairRow).where(*mine).returning(PairRow.code)).all())


def _row(session: Session, code: str) -> PairRow | None:
    return session.get(PairRow, code)


def _data(levels: Levels | None) -> dict[str, str] | None:
    return None if levels is None else {factor: level.value for factor, level in levels.items()}


def _value(row: PairRow) -> Pair:
    return Pair(
        code=row.code,
        label=row.label,
        opened_on=row.opened_on,
        first=_levels(row.first),
        second=_levels(row.second),
    )


def _levels(data: Mapping[str, str] | None) -> Levels | None:
    return None if data is None else {factor: FactorLevel(level) for factor, level in data.items()}
