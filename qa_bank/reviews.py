"""The review log: SQLite, append-only. An undo is a row too; what is remembered of a card is rebuilt from its rows.

`log` is the truth. `memory` is derived from it: a card's row there is always what `Scheduler.replay` makes of the card's
grades, and a change of the schedule's settings rebuilds them all.
"""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from qa_bank import log_file
from qa_bank.day import Day
from qa_bank.log_file import ReviewLogError, trouble
from qa_bank.memory import Grade, Memory, Scheduler

BACKUPS_KEPT = 10


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
        log = cls(path, log_file.connect(path), scheduler or Scheduler())
        try:
            log._keep_to_settings()
        except ReviewLogError:
            log.close()
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
        with log_file.writing(self._db, self.path):
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
        with log_file.writing(self._db, self.path):
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
        with trouble(self.path):
            row = self._db.execute(f"SELECT {_COLUMNS} FROM memory WHERE card = ?", (card,)).fetchone()
        return _memory(row) if row else None

    def memories(self) -> dict[str, Memory]:
        """What is remembered, by card."""
        with trouble(self.path):
            rows = self._db.execute(f"SELECT {_COLUMNS} FROM memory").fetchall()
        return {row[0]: _memory(row) for row in rows}

    def due(self, until: datetime) -> dict[str, str]:
        """The state of every card that is due before a time, by card."""
        with trouble(self.path):
            return dict(self._db.execute("SELECT card, state FROM memory WHERE due < ?", (_us(until),)).fetchall())

    def seen(self) -> set[str]:
        """The cards that were graded at least once."""
        with trouble(self.path):
            return {card for (card,) in self._db.execute("SELECT card FROM memory")}

    def history(self, card: str) -> list[tuple[Grade, datetime]]:
        """The grades of a card that still stand, oldest first."""
        with trouble(self.path):
            rows = self._db.execute("SELECT grade, at FROM grades WHERE card = ? ORDER BY id", (card,)).fetchall()
        return [(Grade(grade), _time(at)) for grade, at in rows]

    def replayed(self, card: str) -> Memory | None:
        """What the card's rows alone say of it."""
        return self.scheduler.replay(card, self.history(card))

    def today(self, day: Day) -> Today:
        """What was done on a day."""
        with trouble(self.path):
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
        with trouble(self.path):
            remembered, asked = self._db.execute(
                "SELECT coalesce(sum(grade > 1), 0), count(*) FROM grades WHERE was = 'review' AND at >= ?",
                (_us(since),),
            ).fetchone()
        return remembered, asked

    def strengths(self) -> dict[str, tuple[str, float]]:
        """(state, stability in days) by card."""
        with trouble(self.path):
            rows = self._db.execute("SELECT card, state, stability FROM memory").fetchall()
        return {card: (state, stability) for card, state, stability in rows}

    def backup(self, target: Path) -> Path:
        """Copy the log, whole and consistent, while it is in use. Refuses to copy a damaged one over a good one."""
        return log_file.copy(self._db, self.path, target)

    def backup_of_day(self, day: Day) -> Path | None:
        """The first call on a day makes that day's backup, and lets go of the oldest beyond the number kept."""
        target = log_file.backups(self.path) / f"reviews-{day.date.isoformat()}.db"
        if target.exists() or not self.seen():
            return None
        self.backup(target)
        for old in sorted(log_file.backups(self.path).glob("reviews-????-??-??.db"))[:-BACKUPS_KEPT]:
            old.unlink(missing_ok=True)
        return target

    def _studied(self, day: Day) -> bool:
        with trouble(self.path):
            return (
                self._db.execute(
                    "SELECT 1 FROM grades WHERE at >= ? AND at < ? LIMIT 1", (_us(day.start), _us(day.end))
                ).fetchone()
                is not None
            )

    def _remember(self, card: str, memory: Memory | None) -> None:
        if memory is None:
            self._db.execute("DELETE FROM memory WHERE card = ?", (card,))
            return
        values = (
            card, memory.state, memory.step, memory.stability, memory.difficulty,
            _us(memory.due), _us(memory.last_review), memory.reviews, memory.lapses,
        )  # fmt: skip
        self._db.execute(f"REPLACE INTO memory ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", values)

    def _keep_to_settings(self) -> None:
        """Rebuild every card's memory when the settings are not those that the memories were made with."""
        wanted = msgspec.json.encode(self.scheduler.settings).decode()
        with trouble(self.path):
            found = self._db.execute("SELECT value FROM meta WHERE key = 'settings'").fetchone()
        if found and found[0] == wanted:
            return
        with log_file.writing(self._db, self.path):
            for card in self.seen():
                self._remember(card, self.replayed(card))
            self._db.execute("REPLACE INTO meta (key, value) VALUES ('settings', ?)", (wanted,))


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
