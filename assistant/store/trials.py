"""Mechanisms that one owner tries."""

from __future__ import annotations

from sqlalchemy import delete, select

from assistant.domain.monitoring import Sign, Trial
from assistant.store.database import Database
from assistant.store.tables import TrialRow


class Trials:
    """Where trials are kept."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, owner: str, trial: Trial) -> None:
        """Add or change a trial by its id. Raises StorageError, also for an id of another owner."""
        with self._database.writing() as session:
            mine = select(TrialRow).where(TrialRow.id == trial.id, TrialRow.owner == owner)
            row = session.scalars(mine).one_or_none()
            if row is None:
                row = TrialRow(id=trial.id, owner=owner)
                session.add(row)
            row.mechanism_id, row.started, row.leading_sign = (
                trial.mechanism_id,
                trial.started,
                trial.leading_sign.value,
            )
            row.checked_on, row.note, row.ended = trial.checked_on, trial.note, trial.ended

    def of(self, owner: str) -> tuple[Trial, ...]:
        """All trials of an owner, the latest first."""
        mine = select(TrialRow).where(TrialRow.owner == owner).order_by(TrialRow.started.desc(), TrialRow.id)
        with self._database.reading() as session:
            return tuple(map(_value, session.scalars(mine)))

    def remove(self, owner: str, trial_id: str) -> bool:
        """Forget a trial; True if there was one."""
        mine = (TrialRow.id == trial_id, TrialRow.owner == owner)
        with self._database.writing() as session:
            return bool(session.execute(delete(TrialRow).where(*mine).returning(TrialRow.id)).all())


def _value(row: TrialRow) -> Trial:
    return Trial(
        id=row.id,
        mechanism_id=row.mechanism_id,
        started=row.started,
        leading_sign=Sign(row.leading_sign),
        checked_on=row.checked_on,
        note=row.note,
        ended=row.ended,
    )
