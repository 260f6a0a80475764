"""The store as one value: what each repository keeps, in one database."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from sqlalchemy import select

from assistant.errors import StorageError
from assistant.store.database import Database, open_database
from assistant.store.diagnoses import Diagnoses
from assistant.store.feedback import Opinions
from assistant.store.pairs import Pairs
from assistant.store.refusals import Refusals
from assistant.store.relationships import Relationships
from assistant.store.tables import FactRow
from assistant.store.trials import Trials


class Store:
    """An open store. Close it when done."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.salt = _salt(database)
        """Makes hashes of people differ from those of any other store."""
        self.diagnoses = Diagnoses(database)
        self.relationships = Relationships(database)
        self.trials = Trials(database)
        self.pairs = Pairs(database)
        self.refusals = Refusals(database)
        self.opinions = Opinions(database, self.salt)

    def hashed(self, principal: str) -> str:
        """A person as the store knows them: a salted SHA-256 of who asks."""
        return sha256(f"{self.salt}:{principal}".encode()).hexdigest()

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()


def open_store(url: str | Path) -> Store:
    """The store at `url`, made and brought up to date if need be. Raises SettingsError or StorageError."""
    database = open_database(url)
    try:
        return Store(database)
    except BaseException:
        database.close()
        raise


def _salt(database: Database) -> str:
    with database.reading() as session:
        found = session.scalars(select(FactRow.value).where(FactRow.key == "salt")).one_or_none()
    if found is None:
        raise StorageError(
            f"The store at {database.place} has lost its salt, so nobody's records can be found.",
            hint="Put back a copy of the store.",
        )
    return found
