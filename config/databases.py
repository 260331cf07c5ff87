"""A database copied while it is in use, loaded again, and its ledger: for each table how many rows and a sum over them.

SQLite is copied by its own online backup inside one read transaction, PostgreSQL by pg_dump on an exported snapshot; so
a copy is one instant of the database, and the ledger is of that same instant. Nothing here needs Django's settings:
a restore begins before there are any.
"""

import hashlib
import os
import secrets
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import environ

Ledger = dict[str, list[Any]]  # table → [rows, sum]
Say = Callable[[str], None]
VOICES = "SELECT file FROM exchange_voicemessage WHERE state <> 'purged' ORDER BY file"
MIGRATIONS = "SELECT app, name FROM django_migrations"
PAGES_A_STEP = 4096


class CannotCopy(RuntimeError):
    """The database cannot be copied or loaded; a sentence says why."""


@dataclass(frozen=True)
class Copy:
    """One instant of a database."""

    file: Path
    ledger: Ledger
    voices: list[str]
    migrations: list[list[str]]


def of_environment(state: Path) -> "Sqlite | Postgres":
    """The database that a server with this state folder uses."""
    url = os.environ.get("PEERLINE_DATABASE_URL") or f"sqlite:///{state / 'peerline.sqlite3'}"
    return of_settings(environ.Env.db_url_config(url))


def of_settings(config: dict[str, Any]) -> "Sqlite | Postgres":
    return Sqlite(Path(str(config["NAME"]))) if "sqlite" in config["ENGINE"] else Postgres(config)


def _entry(rows: Iterable[bytes]) -> list[Any]:
    """[how many, a sum of their hashes that does not depend on their order]."""
    count = total = 0
    for row in rows:
        count += 1
        total += int.from_bytes(hashlib.sha256(row).digest()[:16], "big")
    return [count, f"{total % (1 << 128):032x}"]


class Sqlite:
    kind, file_name = "sqlite", "peerline.sqlite3"

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def copied(self, scratch: Path, say: Say) -> Iterator[Copy]:
        """A copy in `scratch`, gone afterwards. Writers go on meanwhile: the copy is of the instant it began."""
        target = scratch / self.file_name
        try:
            with closing(sqlite3.connect(self.path)) as source, closing(sqlite3.connect(target)) as copy:
                source.execute("BEGIN")
                source.execute("SELECT count(*) FROM sqlite_master").fetchone()  # from here on one instant is held
                source.backup(copy, pages=PAGES_A_STEP, progress=_progress(say))
                copy.execute("PRAGMA journal_mode=DELETE")
            yield _copy_of(target)
        finally:
            target.unlink(missing_ok=True)

    def is_empty(self) -> bool:
        return not self.path.exists()

    def check_before(self, file: Path, ledger: Ledger) -> None:
        """The file is sound and holds what the ledger says. Raises CannotCopy."""
        with closing(sqlite3.connect(file)) as copy:
            if copy.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                raise CannotCopy("the database in the backup is not sound")
        compare(ledger, _copy_of(file).ledger)

    def load(self, file: Path, ledger: Ledger) -> None:
        """The last thing a restore does; in the same folder it is one rename."""
        shutil.move(file, self.path)

    def ledger(self) -> Ledger:
        return _copy_of(self.path).ledger

    def environment(self) -> dict[str, str]:
        """What another process needs to find it; a file in the state folder needs nothing."""
        return {}

    @contextmanager
    def another(self, folder: Path) -> Iterator["Sqlite"]:
        """An empty one to try a backup with."""
        yield Sqlite(folder / self.file_name)


def _progress(say: Say) -> Callable[[int, int, int], None]:
    def tell(_status: int, remaining: int, total: int) -> None:
        if total > 20 * PAGES_A_STEP:
            say(f"  database: {100 - 100 * remaining // total} %")

    return tell


def _copy_of(path: Path) -> Copy:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as open_copy:
        tables = open_copy.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        names = sorted(name for (name,) in tables)
        rows = {name: (repr(row).encode() for row in open_copy.execute(f'SELECT * FROM "{name}"')) for name in names}  # noqa: S608
        ledger = {name: _entry(lines) for name, lines in rows.items()}
        voices = [name for (name,) in open_copy.execute(VOICES)]
        return Copy(path, ledger, voices, [list(row) for row in open_copy.execute(MIGRATIONS)])


class Postgres:
    kind, file_name = "postgresql", "database.dump"

    def __init__(self, config: dict[str, Any]) -> None:
        given = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
        self._environment = {name: str(config[key]) for name, key in given.items() if config.get(key)}

    def named(self, database: str) -> "Postgres":
        """Another database of the same server."""
        other = Postgres({})
        other._environment = {**self._environment, "PGDATABASE": database}
        return other

    def connect(self, **options: Any) -> Any:
        import psycopg

        names = {"PGHOST": "host", "PGPORT": "port", "PGUSER": "user", "PGPASSWORD": "password", "PGDATABASE": "dbname"}
        connection = psycopg.connect(
            **{names[name]: value for name, value in self._environment.items()},
            options="-c timezone=UTC -c search_path=public",
            **options,
        )
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        return connection

    @contextmanager
    def copied(self, scratch: Path, say: Say) -> Iterator[Copy]:
        target = scratch / self.file_name
        try:
            with self.connect() as connection:
                snapshot = connection.execute("SELECT pg_export_snapshot()").fetchone()[0]
                say("  pg_dump")
                self.run("pg_dump", "--format=custom", "--no-owner", f"--snapshot={snapshot}", f"--file={target}")
                voices = [name for (name,) in connection.execute(VOICES)]
                migrations = [list(row) for row in connection.execute(MIGRATIONS)]
                copy = Copy(target, _postgres_ledger(connection), voices, migrations)
            yield copy
        finally:
            target.unlink(missing_ok=True)

    def run(self, program: str, *arguments: str) -> None:
        """Raises CannotCopy with what the program said."""
        command = [_program(program), *arguments]
        done = subprocess.run(
            command, env={**os.environ, **self._environment}, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise CannotCopy(f"{program}: {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else 'failed'}")

    def is_empty(self) -> bool:
        with self.connect() as connection:
            return connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()[0] == 0

    def check_before(self, file: Path, ledger: Ledger) -> None:
        """The dump can be read; its rows are compared once they are loaded."""
        self.run("pg_restore", "--list", f"--file={os.devnull}", str(file))

    def load(self, file: Path, ledger: Ledger) -> None:
        """All of it in one transaction, or nothing."""
        name = self._environment["PGDATABASE"]
        self.run(
            "pg_restore", "--single-transaction", "--exit-on-error", "--no-owner", f"--dbname={name}", str(file)
        )  # fmt: skip
        compare(ledger, self.ledger())

    def ledger(self) -> Ledger:
        with self.connect() as connection:
            return _postgres_ledger(connection)

    def environment(self) -> dict[str, str]:
        return {**self._environment, "PEERLINE_DATABASE_URL": f"postgres:///{self._environment['PGDATABASE']}"}

    @contextmanager
    def another(self, folder: Path) -> Iterator["Postgres"]:
        """A fresh database of the same server, dropped afterwards. Raises CannotCopy where we may not make one."""
        name = f"peerline_try_{secrets.token_hex(4)}"
        self._alone(f"CREATE DATABASE {name}")
        try:
            yield self.named(name)
        finally:
            self._alone(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def _alone(self, statement: str) -> None:
        """Outside any transaction."""
        import psycopg

        try:
            with self.connect(autocommit=True) as connection:
                connection.execute(statement)
        except psycopg.Error as reason:
            raise CannotCopy(f"the database server refuses a scratch database: {reason}") from reason


def _postgres_ledger(connection: Any) -> Ledger:
    found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    return {name: _entry(_lines_of(connection, name)) for (name,) in sorted(found)}


def _lines_of(connection: Any, table: str) -> Iterator[bytes]:
    with connection.cursor().copy(f'COPY (SELECT t::text FROM "{table}" t) TO STDOUT') as lines:  # noqa: S608 - a name from the catalogue
        yield from (bytes(line) for line in lines)


def _program(name: str) -> str:
    newest = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    found = shutil.which(name) or (str(newest[0]) if newest else None)
    if found is None:
        raise CannotCopy(f"{name} is not here. On Debian: apt-get install postgresql-client")
    return found


def compare(wanted: Ledger, found: Ledger) -> None:
    """Raises CannotCopy naming the tables whose rows are not those of the ledger."""
    wrong = sorted(name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name))
    if wrong:
        raise CannotCopy(f"these tables do not hold what was backed up: {', '.join(wrong)}")
