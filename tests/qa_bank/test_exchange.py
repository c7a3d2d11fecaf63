"""Whatever happens to a log, what is derived from it agrees with its rows; and it travels as a document without loss."""

import json
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_bank import exchange, interviews
from qa_bank.exchange import ExchangeError
from qa_bank.interview import Answered, Ask, Choices, Plan
from qa_bank.marks import Marks
from qa_bank.memory import Grade, Memory, Scheduler, Settings
from qa_bank.reviews import ReviewLog, moment

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
CARDS = "abc"


@contextmanager
def logs(count: int = 1) -> Iterator[list[ReviewLog]]:
    with tempfile.TemporaryDirectory() as folder:
        opened = [ReviewLog.open(Path(folder) / str(i) / "reviews.db") for i in range(count)]
        yield opened
        for log in opened:
            log.close()


def as_the_rows_say(log: ReviewLog) -> tuple[dict[str, Memory], dict[str, Marks], list[tuple[Any, ...]]]:
    """The state by the plainest reading of the log, with nothing of what is derived."""
    rows = log.query("SELECT id, at, card, kind, grade, undoes, detail FROM log ORDER BY at, id")
    undone = {row[5] for row in rows}
    memories: dict[str, Memory] = {}
    marks: dict[str, dict[str, Any]] = {}
    grades = []
    for number, at, card, kind, grade, _undoes, detail in rows:
        if number in undone:
            continue
        if kind == "grade":
            memories[card] = log.scheduler.next(card, memories.get(card), Grade(grade), moment(at))
            grades.append((number, card, at, grade))
        elif kind in ("aside", "mark"):
            marks.setdefault(card, {}).update(json.loads(detail))
    read = {card: msgspec.convert(mark, Marks) for card, mark in marks.items()}
    return memories, {card: mark for card, mark in read.items() if mark != Marks()}, sorted(grades)


def agrees(log: ReviewLog) -> bool:
    memories, marks, grades = as_the_rows_say(log)
    derived = log.query("SELECT id, card, at, grade FROM grades ORDER BY id")
    return (log.memories(), log.marks(), derived) == (memories, marks, grades)


def happen(log: ReviewLog, step: tuple[str, str, Any], now: datetime, other: ReviewLog | None = None) -> None:
    what, card, value = step
    if what == "grade":
        log.grade(card, Grade(1 + value % 4), now, 2.5, {"ticked": [0]})
    elif what == "cram":
        log.cram(card, Grade(1 + value % 4), now)
    elif what == "undo":
        log.undo(now)
    elif what == "bury":
        log.mark(card, now, buried=now + timedelta(hours=value))
    elif what == "suspend":
        log.mark(card, now, suspended=bool(value % 2))
    elif what == "flag":
        log.mark(card, now, flagged=bool(value % 2))
    elif what == "note":
        log.mark(card, now, note=f"ескерту {value}")
    elif what == "import" and other is not None:
        copy(other, log)


def copy(source: ReviewLog, target: ReviewLog) -> int:
    path = target.path.with_name("from.json")
    path.write_bytes(exchange.export(source))
    return exchange.take_in(target, exchange.read(path), path)


WHAT = ["grade", "grade", "grade", "cram", "undo", "undo", "bury", "suspend", "flag", "note", "restart", "import"]
STEP = st.tuples(st.sampled_from(WHAT), st.sampled_from(CARDS), st.integers(0, 9))
STEPS = st.lists(st.tuples(STEP, st.floats(-3, 30), st.booleans()), max_size=30)


@settings(max_examples=60, deadline=None)
@given(steps=STEPS)
def test_any_sequence_of_acts_restarts_clocks_and_imports_leaves_log_and_state_in_agreement(steps: Any) -> None:
    """The days between two acts may be negative: a clock that was set back."""
    with logs(2) as both:
        now = NOON
        for step, days, second in steps:
            now += timedelta(days=days)
            if step[0] == "restart":
                path = both[second].path
                both[second].close()
                both[second] = ReviewLog.open(path)
            else:
                happen(both[second], step, now, both[not second])
            assert agrees(both[second])
        for log in both:
            assert agrees(log)
            log.use(Scheduler(Settings(retention=0.8)))
            assert agrees(log), "other settings rebuild every memory"


@settings(max_examples=30, deadline=None)
@given(steps=STEPS)
def test_two_logs_read_into_each_other_say_the_same(steps: Any) -> None:
    with logs(2) as (one, two):
        now = NOON
        for step, days, second in steps:
            now += timedelta(days=abs(days), microseconds=7)
            if step[0] not in ("restart", "import"):
                happen(two if second else one, step, now)
        copy(one, two)
        copy(two, one)
        assert (one.memories(), one.marks()) == (two.memories(), two.marks())
        assert copy(one, two) == copy(two, one) == 0


@settings(max_examples=30, deadline=None)
@given(steps=STEPS)
def test_an_export_read_into_an_empty_log_is_the_same_export(steps: Any) -> None:
    with logs(2) as (one, two):
        now = NOON
        for step, days, _second in steps:
            now += timedelta(days=days)
            if step[0] not in ("restart", "import"):
                happen(one, step, now)
        copy(one, two)
        assert exchange.export(one) == exchange.export(two)
        assert (one.memories(), one.marks()) == (two.memories(), two.marks())


@settings(max_examples=40, deadline=None)
@given(steps=st.lists(STEP.filter(lambda s: s[0] in ("grade", "bury", "suspend", "cram")), min_size=1, max_size=12))
def test_one_press_takes_one_act_back_across_restarts(steps: Any) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "reviews.db"
        states = []
        now = NOON
        for step in steps:
            log = ReviewLog.open(path)
            states.append((log.memories(), log.marks()))
            now += timedelta(hours=5)
            happen(log, step, now)
            log.close()
        for state in reversed(states):
            log = ReviewLog.open(path)
            now += timedelta(minutes=1)
            assert log.undo(now) is not None
            assert (log.memories(), log.marks()) == state
            log.close()
        log = ReviewLog.open(path)
        assert log.undo(now) is None
        log.close()


def test_interviews_travel_too() -> None:
    with logs(2) as (one, two):
        plan = Plan(Choices(seed=3), ("rnn-memory",), ("gan-images",))
        sat = interviews.begin(one, plan, NOON)
        answer = Answered(Ask("question", "rnn-memory", 0), (0, 2), 4, 31.5, 40.0, 1, "жады")
        interviews.keep(one, sat.uid, answer, NOON)
        copy(one, two)
        assert interviews.sat(two) == interviews.sat(one)
        assert interviews.sat(two)[0].answers == (answer,)


def row(**changes: Any) -> dict[str, Any]:
    return {"uid": "u1", "at": 10**15, "kind": "grade", "card": "a", "grade": 3, "was": "new"} | changes


@pytest.mark.parametrize(
    ("document", "says"),
    [
        ("", "not an export"),
        ("[]", "not an export"),
        ('{"rows": []}', "viva"),
        ({"viva": 99, "rows": []}, "newer Viva"),
        ({"viva": 1, "rows": [row(grade=7)]}, "1 to 4"),
        ({"viva": 1, "rows": [row(kind="guess")]}, "guess"),
        ({"viva": 1, "rows": [row(at=-5)]}, "1970"),
        ({"viva": 1, "rows": [row(at=10**18)]}, "9000"),
        ({"viva": 1, "rows": [row(surprise=1)]}, "surprise"),
        ({"viva": 1, "rows": [row(kind="undo", grade=None, was=None, undoes="u0")]}, "nowhere|not there"),
        ({"viva": 1, "rows": [row(kind="mark", grade=None, was=None, detail={"colour": 1})]}, "mark"),
        ({"viva": 1, "rows": [row(kind="mark", grade=None, was=None, detail={"flagged": "x"})]}, "bool"),
        ({"viva": 1, "rows": [row(kind="interview", grade=None, was=None, detail={})]}, "choices"),
    ],
)
def test_what_is_no_export_is_named_and_changes_nothing(document: Any, says: str, tmp_path: Path) -> None:
    path = tmp_path / "export.json"
    path.write_text(document if isinstance(document, str) else json.dumps(document))
    with logs() as (log,):
        before = exchange.export(log)
        with pytest.raises(ExchangeError, match=says) as error:
            exchange.take_in(log, exchange.read(path), path)
        assert str(path) in str(error.value) and "\n" not in str(error.value)
        assert exchange.export(log) == before


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ExchangeError, match=r"nowhere\.json"):
        exchange.read(tmp_path / "nowhere.json")


def test_a_log_of_the_first_version_keeps_its_grades(tmp_path: Path) -> None:
    """The grades that stand, and the undone one left out, though they were written before there were marks."""
    from qa_bank import log_file

    path = tmp_path / "reviews.db"
    with sqlite3.connect(path) as db:
        for statement in log_file._statements(log_file.MIGRATIONS[0]):
            db.execute(statement)
        db.execute("PRAGMA user_version = 1")
        insert = "INSERT INTO log (id, uid, at, card, kind, grade, was, undoes) VALUES (?, ?, ?, 'a', ?, ?, ?, ?)"
        db.execute(insert, (1, "x", 10**15, "grade", 3, "new", None))
        db.execute(insert, (2, "y", 10**15 + 10**9, "grade", 1, "learning", None))
        db.execute(insert, (3, "z", 10**15 + 2 * 10**9, "undo", None, None, 2))
    log = ReviewLog.open(path)
    assert [grade for grade, _at in log.history("a")] == [Grade.GOOD]
    assert agrees(log)
    log.close()
