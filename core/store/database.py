"""Short transactions over SQLite (or another database by its URL), from several threads and processes at once."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DatabaseError

from core.problem import Problem, marked
from core.store import tables
from core.store.files import DiskFull

_WAL_IS_SAFE = (3, 51, 3)  # older versions of SQLite can damage a file when they reset a write-ahead log


class Busy(Problem):
    """Another process held the database for longer than we wait."""


class Database:
    """Every write begins IMMEDIATE, so that it waits for its turn instead of failing in the middle."""

    def __init__(self, home: Path):
        self.url = os.environ.get("SEMASCOPE_DATABASE") or f"sqlite:///{home / 'semascope.db'}"
        self.home = home
        lite = self.url.startswith("sqlite")
        self.engine = sa.create_engine(self.url, pool_pre_ping=not lite, connect_args={"timeout": 10} if lite else {})
        if lite:
            sa.event.listen(self.engine, "connect", _prepare)
            sa.event.listen(self.engine, "begin", _begin)
        self._writer = self.engine.execution_options(write=True)
        self._open()

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A connection for reading, all of it from one moment."""
        with self._problems(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """One transaction: all of it or nothing."""
        with self._problems(), self._writer.begin() as connection:
            yield connection

    def upsert(self, table: sa.Table, keys: list[str], change: dict[str, Any] | None = None) -> sa.Executable:
        """An insert that replaces the row with these keys, or makes `change` (column -> expression) on it."""
        dialect = sqlite if self.engine.dialect.name == "sqlite" else postgresql
        insert = dialect.insert(table)
        rest = [column.name for column in table.columns if column.name not in keys]
        return insert.on_conflict_do_update(keys, set_=change or {name: insert.excluded[name] for name in rest})

    def close(self) -> None:
        self.engine.dispose()

    def _open(self) -> None:
        with self.reading() as connection:
            version = self._version(connection)
        if version is None or version < tables.VERSION:
            with self.writing() as connection:
                version = self._migrated(connection)
        if version > tables.VERSION:
            raise Problem(
                "{home} was written by a newer Semascope (schema {version}, this one knows {known}); update this one.",
                home=str(self.home),
                version=version,
                known=tables.VERSION,
            )

    def _migrated(self, connection: sa.Connection) -> int:
        """Make the tables that are not there yet (all that a newer schema has had to do so far); the version then."""
        version = self._version(connection)  # another process may have been faster
        if version is not None and version >= tables.VERSION:
            return version
        tables.metadata.create_all(connection)
        change = tables.schema.insert() if version is None else tables.schema.update()
        connection.execute(change.values(version=tables.VERSION))
        return tables.VERSION

    def _version(self, connection: sa.Connection) -> int | None:
        if not sa.inspect(connection).has_table(tables.schema.name):
            return None
        return connection.scalar(sa.select(sa.func.max(tables.schema.c.version)))

    @contextmanager
    def _problems(self) -> Iterator[None]:
        """A full disk, a busy, a read-only or a damaged database as sentences."""
        try:
            yield
        except DatabaseError as error:
            name = getattr(error.orig, "sqlite_errorname", "")
            if name == "SQLITE_FULL":
                raise DiskFull.at(self.home, 1_000_000) from error
            if name.startswith("SQLITE_BUSY"):
                sentence = marked("{home} is in use by another process; try again in a moment.")
                raise Busy(sentence, home=str(self.home)) from error
            if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")):
                raise Problem(
                    "{home} cannot be written to ({reason}); set SEMASCOPE_HOME to a folder of your own.",
                    home=str(self.home),
                    reason=str(error.orig),
                ) from error
            if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
                raise Problem(
                    "{file} is damaged ({reason}). Put a copy of it in its place, or move it away to begin anew; what "
                    "runs have learned stays in their folders.",
                    file=str(self.url).removeprefix("sqlite:///"),
                    reason=str(error.orig),
                ) from error
            raise


def _prepare(connection: Any, _record: Any) -> None:
    """Leave transactions to us, and choose the journal that this version of SQLite keeps safely."""
    connection.isolation_level = None
    journal = "WAL" if sqlite3.sqlite_version_info >= _WAL_IS_SAFE else "TRUNCATE"
    connection.execute(f"PRAGMA journal_mode={journal}").close()
    connection.execute("PRAGMA synchronous=FULL").close()


def _begin(connection: sa.Connection) -> None:
    write = connection.get_execution_options().get("write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
