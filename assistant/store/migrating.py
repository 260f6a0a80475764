"""Brings the tables to the newest version with Alembic, in the caller's transaction; knows no address."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection


class Newer(Exception):
    """The tables were made by a version of the program that this one does not know."""


def upgrade(connection: Connection) -> None:
    """Take every step that is missing. Raises Newer."""
    if current(connection) == newest():
        return
    steps = _steps()

    def missing(revision: Any, context: Any) -> Any:
        try:
            return steps._upgrade_revs("head", revision)
        except CommandError:
            raise Newer from None

    with EnvironmentContext(Config(), steps, fn=missing) as environment:
        environment.configure(connection=connection, transactional_ddl=True)
        environment.run_migrations()


def current(connection: Connection) -> str | None:
    """The version the tables have; None if there are none."""
    return MigrationContext.configure(connection).get_current_revision()


@cache
def newest() -> str:
    """The version that this program makes."""
    return str(_steps().get_current_head())


def _steps() -> ScriptDirectory:
    return ScriptDirectory(str(Path(__file__).parent / "migrations"))
