"""The review log: SQLite, append-only. An undo is a row too; all else is rebuilt from the rows that stand.

`log` is the truth. Derived from it are `grades`, the grades that no undo took back; `memory`, what `Scheduler.replay` makes
of a card's grades; `marks`, what its other rows say of it. A card's rows count in the order of their times, and no card's
time runs backwards, so that two logs put together say the same in whichever order.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from sqlite3 import Connection
from typing import Any, Literal

import msgspec
from msgspec import Struct

from qa_bank import log_file
from qa_bank.day import Day
from qa_bank.log_file import ReviewLogError, trouble
from qa_bank.marks import ASIDE, FIELDS, Marks, changed
from qa_bank.memory import Grade, Memory, Scheduler

BACKUPS_KEPT = 10

Kind = Literal["grade", "cram", "aside", "mark", "undo", "interview", "answer"]
"""A grade; one that does not touch the schedule; a card set aside or taken up again; another mark; what takes one of these
back; an interview's beginning; an answer in it."""


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
    """What the grade left."""

    def makes_leech(self, lapses: int) -> bool:
        """Whether it made a leech of its card: forgotten so many times, and again each half as many later; 0: never."""
        beyond = self.memory.lapses - lapses
        forgotten = self.was == "review" and self.grade == Grade.AGAIN
        return forgotten and lapses > 0 and beyond >= 0 and beyond % max(1, lapses // 2) == 0


class Undone(Struct, frozen=True):
    """What was taken back."""

    row: int
    kind: Kind
    card: str
    grade: Grade | None
    """None when it was no grade."""


class ReviewLog:
    """The log in a file. Open with `ReviewLog.open`; every public method may raise ReviewLogError."""

    def __init__(self, path: Path, connection: Connection, scheduler: Scheduler) -> None:
        self.path = path
        self.scheduler = scheduler
        self._db = connection

    @classmethod
    def open(cls, path: Path, scheduler: Scheduler | None = None) -> ReviewLog:
        """Open the log, creating or migrating it as needed; a migration backs the file up first."""
        log = cls(path, log_file.connect(path), scheduler or Scheduler())
        try:
            log.use(log.scheduler)
        except ReviewLogError:
            log.close()
            raise
        return log

    def close(self) -> None:
        self._db.close()

    def use(self, scheduler: Scheduler) -> None:
        """Schedule by other settings: every card's memory is rebuilt when they are not those that it was made with."""
        self.scheduler = scheduler
        wanted = msgspec.json.encode(scheduler.settings).decode()
        found = self.query("SELECT value FROM meta WHERE key = 'settings'")
        if found and found[0][0] == wanted:
            return
        with log_file.writing(self._db, self.path):
            for card, history in self.histories().items():
                self._remember(card, scheduler.replay(card, history))
            self._db.execute("REPLACE INTO meta (key, value) VALUES ('settings', ?)", (wanted,))

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
            at = self._no_earlier(card, now)
            before = self.memory(card)
            after = self.scheduler.next(card, before, grade, at)
            was = before.state if before else "new"
            row = self._append("grade", card, at, grade, was, seconds, detail)
            self._keep(row, card, at, grade, was, seconds)
            self._remember(card, after)
        return Graded(row, card, grade, at, seconds, was, after)

    def cram(self, card: str, grade: Grade, now: datetime, seconds: float | None = None) -> int:
        """Append a grade that changes nothing of the schedule. Returns its row."""
        with log_file.writing(self._db, self.path):
            return self._append("cram", card, self._no_earlier(card, now), grade, None, seconds)

    def mark(self, card: str, now: datetime, **change: bool | str | datetime | None) -> int:
        """Change some of a card's marks, by the names of their fields. Returns the row."""
        assert change.keys() <= FIELDS
        kind: Kind = "aside" if change.keys() & ASIDE else "mark"
        with log_file.writing(self._db, self.path):
            row = self._append(kind, card, self._no_earlier(card, now), detail=change)
            self._set_marks(card)
        return row

    def note(self, kind: Kind, now: datetime, detail: Any, seconds: float | None = None, card: str = "") -> int:
        """Append what is no act upon a card, such as an interview's beginning. Returns the row."""
        with log_file.writing(self._db, self.path):
            return self._append(kind, card, now, seconds=seconds, detail=detail)

    def undo(self, now: datetime, row: int | None = None) -> Undone | None:
        """Take back the latest grade, cram or setting aside that stands (or the act of `row`). None when there is none."""
        with log_file.writing(self._db, self.path):
            found = self._db.execute(
                f"SELECT id, kind, card, grade FROM log AS l WHERE {_STANDS} "
                "AND (id = ? OR (? IS NULL AND kind IN ('grade', 'cram', 'aside'))) ORDER BY at DESC, id DESC LIMIT 1",
                (row, row),
            ).fetchone()
            if found is None:
                return None
            number, kind, card, grade = found
            self._append("undo", card, self._no_earlier(card, now), undoes=number)
            self._derive(card)
        return Undone(number, kind, card, None if grade is None else Grade(grade))

    def memory(self, card: str) -> Memory | None:
        """What is remembered of a card; None when it is new."""
        rows = self.query(f"SELECT {_COLUMNS} FROM memory WHERE card = ?", card)
        return _memory(rows[0]) if rows else None

    def memories(self, until: datetime | None = None) -> dict[str, Memory]:
        """What is remembered, by card; of the cards that are due before a time, if it is given."""
        limit = us(until) if until is not None else None
        rows = self.query(f"SELECT {_COLUMNS} FROM memory WHERE ? IS NULL OR due < ?", limit, limit)
        return {row[0]: _memory(row) for row in rows}

    def due(self, until: datetime) -> list[str]:
        """The cards in review that are due before a time, the soonest first."""
        found = self.query("SELECT card FROM memory WHERE due < ? AND state = 'review' ORDER BY due, card", us(until))
        return [card for (card,) in found]

    def learning(self, until: datetime) -> dict[str, Memory]:
        """What is remembered of the cards that are being (re)learned and due before a time."""
        rows = self.query(f"SELECT {_COLUMNS} FROM memory WHERE due < ? AND state != 'review'", us(until))
        return {row[0]: _memory(row) for row in rows}

    def seen(self) -> set[str]:
        """The cards that were graded at least once."""
        return {card for (card,) in self.query("SELECT card FROM memory")}

    def marks(self) -> dict[str, Marks]:
        """The marks of the cards that have any."""
        return {card: _MARKS.decode(marks) for card, marks in self.query("SELECT card, marks FROM marks")}

    def marks_of(self, card: str) -> Marks:
        """The marks of a card."""
        rows = self.query("SELECT marks FROM marks WHERE card = ?", card)
        return _MARKS.decode(rows[0][0]) if rows else Marks()

    def history(self, card: str) -> list[tuple[Grade, datetime]]:
        """The grades of a card that still stand, oldest first."""
        rows = self.query("SELECT grade, at FROM grades WHERE card = ? ORDER BY at, id", card)
        return [(Grade(grade), moment(at)) for grade, at in rows]

    def histories(self) -> dict[str, list[tuple[Grade, datetime]]]:
        """The same of every card."""
        found: dict[str, list[tuple[Grade, datetime]]] = {}
        for card, grade, at in self.query("SELECT card, grade, at FROM grades ORDER BY card, at, id"):
            found.setdefault(card, []).append((Grade(grade), moment(at)))
        return found

    def replayed(self, card: str) -> Memory | None:
        """What the card's rows alone say of it."""
        return self.scheduler.replay(card, self.history(card))

    def query(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """The rows that a SELECT finds: for what reads the log beside this class."""
        with trouble(self.path):
            return self._db.execute(sql, values).fetchall()

    def put_in(self, rows: Iterable[tuple[Any, ...]], cards: Iterable[str]) -> None:
        """Append another log's rows (uid, at, card, kind, grade, was, seconds, undone uid, detail); derive the cards anew."""
        with log_file.writing(self._db, self.path):
            self._db.executemany(
                "INSERT INTO log (uid, at, card, kind, grade, was, seconds, undoes, detail) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, (SELECT id FROM log WHERE uid = ?), ?)",
                rows,
            )
            for card in cards:
                self._derive(card)

    def backup(self, target: Path) -> Path:
        """Copy the log, whole and consistent, while it is in use. Refuses to copy a damaged one over a good one."""
        return log_file.copy(self._db, self.path, target)

    def backup_of_day(self, day: Day) -> Path | None:
        """The first call on a day makes that day's backup, and lets go of the oldest beyond the number kept."""
        target = log_file.backups(self.path) / f"reviews-{day.date.isoformat()}.db"
        if target.exists() or not self.query("SELECT 1 FROM log LIMIT 1"):
            return None
        self.backup(target)
        for old in sorted(log_file.backups(self.path).glob("reviews-????-??-??.db"))[:-BACKUPS_KEPT]:
            old.unlink(missing_ok=True)
        return target

    def _append(
        self,
        kind: Kind,
        card: str,
        at: datetime,
        grade: Grade | None = None,
        was: str | None = None,
        seconds: float | None = None,
        detail: Any = None,
        undoes: int | None = None,
    ) -> int:
        values = (uuid.uuid4().hex, us(at), card, kind, grade and int(grade), was, seconds, undoes, _json(detail))
        cursor = self._db.execute(
            "INSERT INTO log (uid, at, card, kind, grade, was, seconds, undoes, detail) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            values,
        )
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def _no_earlier(self, card: str, now: datetime) -> datetime:
        """`now`, or just after the card's latest row where a clock was set back."""
        (latest,) = self._db.execute("SELECT max(at) FROM log WHERE card = ?", (card,)).fetchone()
        return now if latest is None or latest < us(now) else moment(latest + 1)

    def _derive(self, card: str) -> None:
        """Make all that is derived of a card from its rows."""
        self._db.execute("DELETE FROM grades WHERE card = ?", (card,))
        self._db.execute(f"{log_file.GRADES} AND card = ?", (card,))
        self._remember(card, self.replayed(card))
        self._set_marks(card)

    def _keep(self, row: int, card: str, at: datetime, grade: Grade, was: str, seconds: float | None) -> None:
        values = (row, card, us(at), int(grade), was, seconds)
        self._db.execute("INSERT INTO grades (id, card, at, grade, was, seconds) VALUES (?, ?, ?, ?, ?, ?)", values)

    def _remember(self, card: str, memory: Memory | None) -> None:
        if memory is None:
            self._db.execute("DELETE FROM memory WHERE card = ?", (card,))
            return
        values = (
            card, memory.state, memory.step, memory.stability, memory.difficulty,
            us(memory.due), us(memory.last_review), memory.reviews, memory.lapses,
        )  # fmt: skip
        self._db.execute(f"REPLACE INTO memory ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", values)

    def _set_marks(self, card: str) -> None:
        marks = Marks()
        for (change,) in self._db.execute(
            f"SELECT detail FROM log AS l WHERE card = ? AND kind IN ('aside', 'mark') AND {_STANDS} ORDER BY at, id",
            (card,),
        ):
            marks = changed(marks, change)
        if marks == Marks():
            self._db.execute("DELETE FROM marks WHERE card = ?", (card,))
        else:
            self._db.execute("REPLACE INTO marks (card, marks) VALUES (?, ?)", (card, _json(marks)))


_COLUMNS = "card, state, step, stability, difficulty, due, last_review, reviews, lapses"
_STANDS = "NOT EXISTS (SELECT 1 FROM log AS u WHERE u.undoes = l.id)"
_MARKS = msgspec.json.Decoder(Marks)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def _memory(row: tuple[Any, ...]) -> Memory:
    card, state, step, stability, difficulty, due, last_review, reviews, lapses = row
    return Memory(card, state, step, stability, difficulty, moment(due), moment(last_review), reviews, lapses)


def _json(value: Any) -> str:
    return msgspec.json.encode({} if value is None else value).decode()


def us(time: datetime) -> int:
    """The microseconds since 1970 of an aware time, as the log has them."""
    return (time - _EPOCH) // _MICROSECOND


def moment(us: int) -> datetime:
    """The time that many microseconds after 1970, as the log has it."""
    return _EPOCH + us * _MICROSECOND
