"""The review log: SQLite, append-only. An undo is a row too; what is remembered of a card is rebuilt from its rows.

`log` is the truth. `memory` is derived from it: a card's row there is always what `Scheduler.replay` makes of the card's
grades, and a change of the schedule's settings rebuilds them all.
"""

from __future__ import annotations

import contextlib
import sqlite3
import uuid
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import msgspec
from msgspec import Struct

from qa_bank.day import Day
from qa_bank.memory import Grade, Memory, Scheduler

BACKUPS_KEPT = 10
PATIENCE = 2.0
"""Seconds to wait for another Viva that is writing."""

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
)
"""Each takes the database from one version to the next; `user_version` counts those that ran."""

Trouble = Literal["locked", "corrupt", "read-only", "full", "newer", "failed"]


class ReviewLogError(Exception):
    """The log cannot be read or written; nothing was saved. `backup` is the newest copy, if there is one."""

    def __init__(self, trouble: Trouble, path: Path, backup: Path | None, reason: str) -> None:
        super().__init__(f"{path}: {trouble}: {reason}")
        self.trouble = trouble
        self.path = path
        self.backup = backup
        self.reason = reason


class Graded(Struct, frozen=True):
    """One committed grade."""

    row: int
    card: str
    grade: Grade
    at: datetime
    seconds: float | None
    was: str
    """The card's state before: new, learning, review or relearning."""
    memory: Memory
    """What the grade left; after an undo it is in the log no longer."""


class Today(Struct, frozen=True):
    """What was done on one study day."""

    reviews: int
    new: int
    seconds: float


class ReviewLog:
    """The log in a file. Open with `ReviewLog.open`; every public method may raise ReviewLogError."""

    def __init__(self, path: Path, connection: sqlite3.Connection, scheduler: Scheduler) -> None:
        self.path = path
        self.scheduler = scheduler
        self._db = connection

    @classmethod
    def open(cls, path: Path, scheduler: Scheduler | None = None) -> ReviewLog:
        """Open the log, creating or migrating it as needed; a migration backs the file up first."""
        scheduler = scheduler or Scheduler()
        with _trouble(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            db = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)
        log = cls(path, db, scheduler)
        try:
            with _trouble(path):
                db.execute("PRAGMA journal_mode = WAL")
                db.execute("PRAGMA synchronous = FULL")
                db.execute("PRAGMA foreign_keys = ON")
                log._migrate()
                log._keep_to_settings()
        except ReviewLogError:
            db.close()
            raise
        return log

    def close(self) -> None:
        self._db.close()

    def grade(
        self,
        card: str,
        grade: Grade,
        now: datetime,
        seconds: float | None = None,
        detail: Mapping[str, Any] | None = None,
    ) -> Graded:
        """Append a grade and commit it. When this returns, the grade is on the disk."""
        with self._writing():
            before = self.memory(card)
            after = self.scheduler.next(card, before, grade, now)
            was = before.state if before else "new"
            cursor = self._db.execute(
                "INSERT INTO log (uid, at, card, kind, grade, was, seconds, detail) VALUES (?, ?, ?, 'grade', ?, ?, ?, ?)",
                (_uid(), _us(now), card, int(grade), was, seconds, msgspec.json.encode(dict(detail or {})).decode()),
            )
            self._remember(card, after)
        assert cursor.lastrowid is not None
        return Graded(cursor.lastrowid, card, grade, now, seconds, was, after)

    def undo(self, now: datetime, row: int | None = None) -> Graded | None:
        """Take back the latest grade that still stands (or the one of `row`). None when there is none."""
        with self._writing():
            found = self._db.execute(
                "SELECT id, card, grade, at, seconds, was FROM grades WHERE ? IS NULL OR id = ? ORDER BY id DESC LIMIT 1",
                (row, row),
            ).fetchone()
            if found is None:
                return None
            number, card, grade, at, seconds, was = found
            memory = self.memory(card)
            assert memory is not None
            self._db.execute(
                "INSERT INTO log (uid, at, card, kind, undoes) VALUES (?, ?, ?, 'undo', ?)",
                (_uid(), _us(now), card, number),
            )
            self._remember(card, self.replayed(card))
        return Graded(number, card, Grade(grade), _time(at), seconds, was, memory)

    def memory(self, card: str) -> Memory | None:
        """What is remembered of a card; None when it is new."""
        with _trouble(self.path):
            row = self._db.execute(f"SELECT {_COLUMNS} FROM memory WHERE card = ?", (card,)).fetchone()
        return _memory(row) if row else None

    def memories(self) -> dict[str, Memory]:
        """What is remembered, by card."""
        with _trouble(self.path):
            rows = self._db.execute(f"SELECT {_COLUMNS} FROM memory").fetchall()
        return {row[0]: _memory(row) for row in rows}

    def due(self, until: datetime) -> dict[str, str]:
        """The state of every card that is due before a time, by card."""
        with _trouble(self.path):
            return dict(self._db.execute("SELECT card, state FROM memory WHERE due < ?", (_us(until),)).fetchall())

    def seen(self) -> set[str]:
        """The cards that were graded at least once."""
        with _trouble(self.path):
            return {card for (card,) in self._db.execute("SELECT card FROM memory")}

    def history(self, card: str) -> list[tuple[Grade, datetime]]:
        """The grades of a card that still stand, oldest first."""
        with _trouble(self.path):
            rows = self._db.execute("SELECT grade, at FROM grades WHERE card = ? ORDER BY id", (card,)).fetchall()
        return [(Grade(grade), _time(at)) for grade, at in rows]

    def replayed(self, card: str) -> Memory | None:
        """What the card's rows alone say of it."""
        return self.scheduler.replay(card, self.history(card))

    def today(self, day: Day) -> Today:
        """What was done on a day."""
        with _trouble(self.path):
            reviews, new, seconds = self._db.execute(
                "SELECT count(*), coalesce(sum(was = 'new'), 0), coalesce(sum(seconds), 0.0) FROM grades "
                "WHERE at >= ? AND at < ?",
                (_us(day.start), _us(day.end)),
            ).fetchone()
        return Today(reviews, new, seconds)

    def streak(self, day: Day) -> int:
        """Days in a row with a grade, up to `day`; a day that is not over yet does not break it."""
        days = 0
        if self._studied(day):
            days, day = 1, day.before()
        else:
            day = day.before()
        while self._studied(day):
            days, day = days + 1, day.before()
        return days

    def retention(self, since: datetime) -> tuple[int, int]:
        """(remembered, asked) among the cards in review that were graded since a time."""
        with _trouble(self.path):
            remembered, asked = self._db.execute(
                "SELECT coalesce(sum(grade > 1), 0), count(*) FROM grades WHERE was = 'review' AND at >= ?",
                (_us(since),),
            ).fetchone()
        return remembered, asked

    def strengths(self) -> dict[str, tuple[str, float]]:
        """(state, stability in days) by card."""
        with _trouble(self.path):
            rows = self._db.execute("SELECT card, state, stability FROM memory").fetchall()
        return {card: (state, stability) for card, state, stability in rows}

    def backup(self, target: Path) -> Path:
        """Copy the log, whole and consistent, while it is in use. Refuses to copy a damaged one over a good one."""
        with _trouble(self.path):
            (verdict,) = self._db.execute("PRAGMA quick_check(1)").fetchone()
            if verdict != "ok":
                raise sqlite3.DatabaseError(verdict)
            target.parent.mkdir(parents=True, exist_ok=True)
            unfinished = target.with_suffix(".part")
            unfinished.unlink(missing_ok=True)
            with contextlib.closing(sqlite3.connect(unfinished)) as copy:
                self._db.backup(copy)
                copy.execute("PRAGMA journal_mode = DELETE")
            unfinished.replace(target)
        return target

    def backup_of_day(self, day: Day) -> Path | None:
        """The first call on a day makes that day's backup, and lets go of the oldest beyond the number kept."""
        target = backups(self.path) / f"reviews-{day.date.isoformat()}.db"
        if target.exists() or not self.seen():
            return None
        self.backup(target)
        for old in sorted(backups(self.path).glob("reviews-????-??-??.db"))[:-BACKUPS_KEPT]:
            old.unlink(missing_ok=True)
        return target

    def _studied(self, day: Day) -> bool:
        with _trouble(self.path):
            return (
                self._db.execute(
                    "SELECT 1 FROM grades WHERE at >= ? AND at < ? LIMIT 1", (_us(day.start), _us(day.end))
                ).fetchone()
                is not None
            )

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        with _trouble(self.path):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    def _remember(self, card: str, memory: Memory | None) -> None:
        if memory is None:
            self._db.execute("DELETE FROM memory WHERE card = ?", (card,))
            return
        values = (
            card, memory.state, memory.step, memory.stability, memory.difficulty,
            _us(memory.due), _us(memory.last_review), memory.reviews, memory.lapses,
        )  # fmt: skip
        self._db.execute(f"REPLACE INTO memory ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", values)

    def _migrate(self) -> None:
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        if version > len(MIGRATIONS):
            reason = f"version {version}, this Viva knows {len(MIGRATIONS)}"
            raise ReviewLogError("newer", self.path, newest_backup(self.path), reason)
        if 0 < version < len(MIGRATIONS):
            self.backup(backups(self.path) / f"reviews-before-version-{len(MIGRATIONS)}.db")
        while version < len(MIGRATIONS):
            with self._writing():
                (version,) = self._db.execute("PRAGMA user_version").fetchone()  # another Viva may have been first
                if version < len(MIGRATIONS):
                    for statement in _statements(MIGRATIONS[version]):
                        self._db.execute(statement)
                    version += 1
                    self._db.execute(f"PRAGMA user_version = {version}")

    def _keep_to_settings(self) -> None:
        """Rebuild every card's memory when the settings are not those that the memories were made with."""
        wanted = msgspec.json.encode(self.scheduler.settings).decode()
        found = self._db.execute("SELECT value FROM meta WHERE key = 'settings'").fetchone()
        if found and found[0] == wanted:
            return
        with self._writing():
            for card in self.seen():
                self._remember(card, self.replayed(card))
            self._db.execute("REPLACE INTO meta (key, value) VALUES ('settings', ?)", (wanted,))


def backups(path: Path) -> Path:
    """The folder of a log's backups."""
    return path.parent / "backups"


def newest_backup(path: Path) -> Path | None:
    """The backup made last, if there is one."""
    return max(backups(path).glob("*.db"), key=lambda p: p.stat().st_mtime_ns, default=None)


def restore(path: Path, backup: Path, now: datetime) -> Path | None:
    """Put a backup in the log's place. What stood there is set aside, and that file returned. Raises ReviewLogError."""
    with (
        _trouble(backup),
        contextlib.closing(sqlite3.connect(f"{backup.resolve().as_uri()}?mode=ro", uri=True)) as source,
    ):
        (verdict,) = source.execute("PRAGMA quick_check(1)").fetchone()
        (tables,) = source.execute("SELECT count(*) FROM sqlite_master WHERE name = 'log'").fetchone()
        if verdict != "ok" or not tables:
            raise ReviewLogError("corrupt", backup, newest_backup(path), verdict if tables else "it holds no log")
        aside = None
        if path.exists():
            aside = path.with_name(f"{path.stem}-set-aside-{now:%Y%m%dT%H%M%S}.db")
            for suffix in ("", "-wal", "-shm"):
                part = path.with_name(path.name + suffix)
                if part.exists():
                    part.rename(aside.with_name(aside.name + suffix))
        with contextlib.closing(sqlite3.connect(path)) as target:
            source.backup(target)
    return aside


_COLUMNS = "card, state, step, stability, difficulty, due, last_review, reviews, lapses"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def _memory(row: tuple[Any, ...]) -> Memory:
    card, state, step, stability, difficulty, due, last_review, reviews, lapses = row
    return Memory(card, state, step, stability, difficulty, _time(due), _time(last_review), reviews, lapses)


def _us(time: datetime) -> int:
    return (time - _EPOCH) // _MICROSECOND


def _time(us: int) -> datetime:
    return _EPOCH + us * _MICROSECOND


def _uid() -> str:
    return uuid.uuid4().hex


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
def _trouble(path: Path) -> Iterator[None]:
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
