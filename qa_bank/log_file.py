"""The review log's file: its tables and their migrations, what can go wrong with it, its backups."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Literal

PATIENCE = 2.0
"""Seconds to wait for another Viva that is writing."""

GRADES = """
    INSERT INTO grades SELECT id, card, at, grade, was, seconds FROM log AS l
    WHERE kind = 'grade' AND NOT EXISTS (SELECT 1 FROM log AS u WHERE u.undoes = l.id)
"""
"""Copies the grades that stand from the log."""

MIGRATIONS = (
    """
    CREATE TABLE log (
        id INTEGER PRIMARY KEY,
        uid TEXT NOT NULL UNIQUE,
        at INTEGER NOT NULL,
        card TEXT NOT NULL,
        kind TEXT NOT NULL,
        grade INTEGER CHECK (grade BETWEEN 1 AND 4),
        was TEXT,
        seconds REAL,
        undoes INTEGER REFERENCES log (id),
        detail TEXT NOT NULL DEFAULT '{}'
    ) STRICT;
    CREATE INDEX log_card ON log (card);
    CREATE INDEX log_at ON log (at);
    CREATE UNIQUE INDEX log_undoes ON log (undoes) WHERE undoes IS NOT NULL;
    CREATE TRIGGER log_is_never_changed BEFORE UPDATE ON log
        BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
    CREATE TRIGGER log_is_never_shortened BEFORE DELETE ON log
        BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
    CREATE VIEW grades AS
        SELECT * FROM log AS g WHERE kind = 'grade' AND NOT EXISTS (SELECT 1 FROM log WHERE undoes = g.id);
    CREATE TABLE memory (
        card TEXT PRIMARY KEY,
        state TEXT NOT NULL,
        step INTEGER,
        stability REAL NOT NULL,
        difficulty REAL NOT NULL,
        due INTEGER NOT NULL,
        last_review INTEGER NOT NULL,
        reviews INTEGER NOT NULL,
        lapses INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX memory_due ON memory (due);
    CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
    """,
    f"""
    DROP VIEW grades;
    CREATE TABLE grades (
        id INTEGER PRIMARY KEY REFERENCES log (id),
        card TEXT NOT NULL,
        at INTEGER NOT NULL,
        grade INTEGER NOT NULL,
        was TEXT NOT NULL,
        seconds REAL
    ) STRICT;
    {GRADES};
    CREATE INDEX grades_card ON grades (card, at);
    CREATE INDEX grades_at ON grades (at);
    DROP INDEX log_card;
    CREATE INDEX log_card ON log (card, at);
    DROP INDEX memory_due;
    CREATE INDEX memory_due ON memory (due, state);
    CREATE INDEX log_kind ON log (kind) WHERE kind IN ('interview', 'answer');
    CREATE TABLE marks (card TEXT PRIMARY KEY, marks TEXT NOT NULL) STRICT, WITHOUT ROWID;
    """,
)
"""Each takes the database from one version to the next; `user_version` counts those that ran."""

Trouble = Literal["locked", "corrupt", "read-only", "full", "newer", "foreign", "failed"]


class ReviewLogError(Exception):
    """The log cannot be read or written; nothing was saved. `backup` is the newest copy, if there is one."""

    def __init__(self, trouble: Trouble, path: Path, backup: Path | None, reason: str) -> None:
        super().__init__(f"{path}: {trouble}: {reason}")
        self.trouble = trouble
        self.path = path
        self.backup = backup
        self.reason = reason


def connect(path: Path) -> sqlite3.Connection:
    """Open the file, creating or migrating it as needed. Raises ReviewLogError."""
    with trouble(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        db = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)
    try:
        with trouble(path):
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = FULL")
            db.execute("PRAGMA foreign_keys = ON")
            _migrate(db, path)
    except ReviewLogError:
        db.close()
        raise
    return db


@contextlib.contextmanager
def writing(db: sqlite3.Connection, path: Path) -> Iterator[None]:
    """A transaction: all that is written within it, or nothing. Raises ReviewLogError."""
    with trouble(path):
        db.execute("BEGIN IMMEDIATE")
        try:
            yield
            db.execute("COMMIT")
        except BaseException:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise


def copy(db: sqlite3.Connection, path: Path, target: Path) -> Path:
    """Copy the file, whole and consistent, while it is in use. A damaged one is not copied. Raises ReviewLogError."""
    with trouble(path):
        (verdict,) = db.execute("PRAGMA quick_check(1)").fetchone()
        if verdict != "ok":
            raise sqlite3.DatabaseError(verdict)
        target.parent.mkdir(parents=True, exist_ok=True)
        unfinished = target.with_suffix(".part")
        unfinished.unlink(missing_ok=True)
        with contextlib.closing(sqlite3.connect(unfinished)) as duplicate:
            db.backup(duplicate)
            duplicate.execute("PRAGMA journal_mode = DELETE")
        unfinished.replace(target)
    return target


def backups(path: Path) -> Path:
    """The folder of a log's backups."""
    return path.parent / "backups"


def newest_backup(path: Path) -> Path | None:
    """The backup made last, if there is one."""
    return max(backups(path).glob("*.db"), key=lambda p: p.stat().st_mtime_ns, default=None)


def restore(path: Path, backup: Path, now: datetime) -> Path | None:
    """Put a backup in the log's place. What stood there is set aside, and that file returned. Raises ReviewLogError."""
    try:
        with contextlib.closing(_read_only(backup)) as source:
            (verdict,) = source.execute("PRAGMA quick_check(1)").fetchone()
            (tables,) = source.execute("SELECT count(*) FROM sqlite_master WHERE name = 'log'").fetchone()
    except sqlite3.Error as error:
        raise ReviewLogError("foreign", backup, None, str(error)) from None
    if verdict != "ok" or not tables:
        raise ReviewLogError("foreign", backup, None, verdict if tables else "it holds no log")
    aside = set_aside(path, now)
    with (
        trouble(path),
        contextlib.closing(_read_only(backup)) as source,
        contextlib.closing(sqlite3.connect(path)) as target,
    ):
        source.backup(target)
    return aside


def _read_only(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)


def set_aside(path: Path, now: datetime) -> Path | None:
    """Move the log out of its place, so that a new one begins; where it is now, None when there was none."""
    if not path.exists():
        return None
    with trouble(path):
        aside = unused(path.with_name(f"{path.stem}-set-aside-{now:%Y%m%dT%H%M%S}.db"))
        for suffix in ("", "-wal", "-shm"):
            part = path.with_name(path.name + suffix)
            if part.exists():
                part.rename(aside.with_name(aside.name + suffix))
    return aside


def unused(path: Path) -> Path:
    """The path, or if something stands there already one with a number after its name."""
    number, free = 1, path
    while free.exists():
        number += 1
        free = path.with_stem(f"{path.stem}-{number}")
    return free


def _migrate(db: sqlite3.Connection, path: Path) -> None:
    (version,) = db.execute("PRAGMA user_version").fetchone()
    if version > len(MIGRATIONS):
        reason = f"version {version}, this Viva knows {len(MIGRATIONS)}"
        raise ReviewLogError("newer", path, newest_backup(path), reason)
    if 0 < version < len(MIGRATIONS):
        copy(db, path, backups(path) / f"reviews-before-version-{len(MIGRATIONS)}.db")
    while version < len(MIGRATIONS):
        with writing(db, path):
            (version,) = db.execute("PRAGMA user_version").fetchone()  # another Viva may have been first
            if version < len(MIGRATIONS):
                for statement in _statements(MIGRATIONS[version]):
                    db.execute(statement)
                version += 1
                db.execute(f"PRAGMA user_version = {version}")


def _statements(script: str) -> Iterator[str]:
    """The statements of a script; a trigger's own semicolons do not end it."""
    statement = ""
    for part in script.split(";"):
        statement += part + ";"
        if sqlite3.complete_statement(statement):
            if statement.strip(" \n;"):
                yield statement
            statement = ""


@contextlib.contextmanager
def trouble(path: Path) -> Iterator[None]:
    """Turn what SQLite and the file system say into a ReviewLogError that names the log and its newest backup."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        code = getattr(error, "sqlite_errorcode", None)
        primary = code & 0xFF if isinstance(code, int) else None
        trouble: Trouble = _TROUBLES.get(primary, "failed")
        if (
            trouble == "failed"
            and isinstance(error, sqlite3.DatabaseError)
            and not isinstance(error, sqlite3.OperationalError | sqlite3.IntegrityError | sqlite3.ProgrammingError)
        ):
            trouble = "corrupt"
        raise ReviewLogError(trouble, path, newest_backup(path), str(error)) from error


_TROUBLES: dict[int | None, Trouble] = {
    sqlite3.SQLITE_BUSY: "locked",
    sqlite3.SQLITE_LOCKED: "locked",
    sqlite3.SQLITE_CORRUPT: "corrupt",
    sqlite3.SQLITE_NOTADB: "corrupt",
    sqlite3.SQLITE_READONLY: "read-only",
    sqlite3.SQLITE_CANTOPEN: "read-only",
    sqlite3.SQLITE_PERM: "read-only",
    sqlite3.SQLITE_FULL: "full",
}
