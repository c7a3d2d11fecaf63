"""The review log: nothing graded is lost, nothing is claimed saved that is not."""

import sqlite3
import tempfile
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_bank import glance
from qa_bank.day import Day
from qa_bank.log_file import MIGRATIONS, ReviewLogError, newest_backup, restore
from qa_bank.memory import Grade, Scheduler, Settings
from qa_bank.reviews import ReviewLog

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def log(tmp_path: Path) -> ReviewLog:
    return ReviewLog.open(tmp_path / "reviews.db")


def test_a_grade_is_there_after_opening_again(log: ReviewLog) -> None:
    graded = log.grade("a", Grade.GOOD, NOON, 12.5, {"ticked": [0, 2]})
    log.close()
    again = ReviewLog.open(log.path)
    assert again.memory("a") == graded.memory
    assert again.history("a") == [(Grade.GOOD, NOON)]


def test_an_undo_is_a_row_too_and_brings_the_memory_back(log: ReviewLog) -> None:
    first = log.grade("a", Grade.GOOD, NOON)
    log.grade("a", Grade.AGAIN, NOON + timedelta(minutes=10))
    undone = log.undo(NOON + timedelta(minutes=11))
    assert undone is not None and undone.grade == Grade.AGAIN
    assert log.memory("a") == first.memory
    undone = log.undo(NOON + timedelta(minutes=12))
    assert undone is not None and undone.grade == Grade.GOOD
    assert log.memory("a") is None
    assert log.undo(NOON) is None
    with sqlite3.connect(log.path) as db:
        assert db.execute("SELECT count(*) FROM log").fetchone() == (4,)


def test_the_log_refuses_to_be_changed_or_shortened(log: ReviewLog) -> None:
    log.grade("a", Grade.GOOD, NOON)
    with sqlite3.connect(log.path) as db:
        for statement in ("UPDATE log SET grade = 4", "DELETE FROM log"):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                db.execute(statement)


STEPS = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from([*Grade, None]), st.floats(-2, 40)), max_size=25)


@settings(max_examples=40, deadline=None)
@given(steps=STEPS)
def test_what_is_remembered_is_always_what_the_rows_say(steps: list[tuple[str, Grade | None, float]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        log = ReviewLog.open(Path(folder) / "reviews.db")
        now = NOON
        for card, grade, days in steps:
            now += timedelta(days=days)
            if grade is None:
                log.undo(now)
            else:
                log.grade(card, grade, now)
            for name in "abc":
                assert log.memory(name) == log.replayed(name)
        log.close()
        again = ReviewLog.open(log.path)
        assert again.memories() == {name: m for name in "abc" if (m := again.replayed(name)) is not None}
        again.close()


def test_two_vivas_at_once_both_keep_every_grade(tmp_path: Path) -> None:
    path = tmp_path / "reviews.db"
    ReviewLog.open(path).close()

    def study(name: str) -> None:
        log = ReviewLog.open(path)
        for i in range(40):
            log.grade(f"{name}{i % 5}", Grade.GOOD, NOON + timedelta(seconds=i))
            log.grade("shared", Grade.GOOD, NOON + timedelta(seconds=i))
        log.close()

    threads = [threading.Thread(target=study, args=(name,)) for name in "xy"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    log = ReviewLog.open(path)
    assert glance.today(log, Day.of(NOON)).reviews == 160
    assert len(log.history("shared")) == 80
    assert log.memory("shared") == log.replayed("shared")


def test_new_settings_rebuild_every_memory(log: ReviewLog) -> None:
    log.grade("a", Grade.EASY, NOON)
    log.grade("a", Grade.GOOD, NOON + timedelta(days=9))
    before = log.memory("a")
    log.close()
    again = ReviewLog.open(log.path, Scheduler(Settings(retention=0.8)))
    after = again.memory("a")
    assert before is not None and after is not None and after.due > before.due
    assert after == again.replayed("a")


def test_streak_counts_days_in_a_row_and_today_may_still_come(log: ReviewLog) -> None:
    for back in (5, 3, 2, 1):
        log.grade("a", Grade.GOOD, NOON - timedelta(days=back))
    assert glance.streak(log, Day.of(NOON)) == 3
    log.grade("a", Grade.GOOD, NOON)
    assert glance.streak(log, Day.of(NOON)) == 4


def test_an_hour_after_midnight_still_belongs_to_the_evening() -> None:
    late = datetime(2026, 11, 22, 1, tzinfo=UTC)
    assert Day.of(late) == Day.of(NOON)
    assert Day.of(late + timedelta(hours=3)) != Day.of(NOON)


def test_retention_counts_only_cards_in_review(log: ReviewLog) -> None:
    log.grade("a", Grade.AGAIN, NOON)
    log.grade("a", Grade.EASY, NOON + timedelta(minutes=1))
    log.grade("a", Grade.GOOD, NOON + timedelta(days=8))
    log.grade("a", Grade.AGAIN, NOON + timedelta(days=40))
    assert glance.retention(log, NOON) == (1, 2)


def test_a_days_backup_is_made_once_and_restores_exactly(log: ReviewLog) -> None:
    day = Day.of(NOON)
    assert log.backup_of_day(day) is None, "nothing to back up yet"
    graded = log.grade("a", Grade.GOOD, NOON)
    backup = log.backup_of_day(day)
    assert backup is not None and newest_backup(log.path) == backup
    assert log.backup_of_day(day) is None
    log.grade("b", Grade.GOOD, NOON)
    log.close()
    aside = restore(log.path, backup, NOON)
    assert aside is not None and aside.exists()
    again = ReviewLog.open(log.path)
    assert again.memories() == {"a": graded.memory}
    assert set(ReviewLog.open(aside).memories()) == {"a", "b"}


def test_only_so_many_daily_backups_are_kept(log: ReviewLog) -> None:
    log.grade("a", Grade.GOOD, NOON)
    for days in range(15):
        log.backup_of_day(Day.of(NOON + timedelta(days=days)))
    kept = sorted(path.name for path in (log.path.parent / "backups").iterdir())
    assert len(kept) == 10 and kept[-1] == "reviews-2026-12-05.db"


def test_a_migration_backs_the_log_up_first(log: ReviewLog, monkeypatch: pytest.MonkeyPatch) -> None:
    log.grade("a", Grade.GOOD, NOON)
    log.close()
    newer = (*MIGRATIONS, "CREATE TABLE later (x INTEGER) STRICT;")
    monkeypatch.setattr("qa_bank.log_file.MIGRATIONS", newer)
    migrated = ReviewLog.open(log.path)
    assert set(migrated.memories()) == {"a"}
    backup = newest_backup(log.path)
    assert backup is not None and f"before-version-{len(newer)}" in backup.name


def test_a_log_of_a_newer_viva_is_left_alone(log: ReviewLog) -> None:
    log.close()
    with sqlite3.connect(log.path) as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(ReviewLogError) as error:
        ReviewLog.open(log.path)
    assert error.value.trouble == "newer"


def test_rubbish_is_called_corrupt_and_the_backup_is_named(log: ReviewLog) -> None:
    log.grade("a", Grade.GOOD, NOON)
    backup = log.backup_of_day(Day.of(NOON))
    log.close()
    log.path.write_bytes(b"rubbish" * 2000)
    with pytest.raises(ReviewLogError) as error:
        ReviewLog.open(log.path)
    assert (error.value.trouble, error.value.backup) == ("corrupt", backup)


def test_a_damaged_page_is_found_before_it_replaces_a_good_backup(log: ReviewLog) -> None:
    for i in range(400):
        log.grade(f"card-{i}", Grade.GOOD, NOON)
    log.close()
    with sqlite3.connect(log.path) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    data = bytearray(log.path.read_bytes())
    data[4096 * 3 : 4096 * 12] = bytes(4096 * 9)
    log.path.write_bytes(data)
    with pytest.raises(ReviewLogError) as error:
        ReviewLog.open(log.path).backup_of_day(Day.of(NOON))
    assert error.value.trouble == "corrupt"
    assert newest_backup(log.path) is None


def test_a_locked_log_saves_nothing_and_says_so(log: ReviewLog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa_bank.log_file.PATIENCE", 0.05)
    mine = ReviewLog.open(log.path)
    with sqlite3.connect(log.path, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(ReviewLogError) as error:
            mine.grade("a", Grade.GOOD, NOON)
        assert error.value.trouble == "locked"
        other.execute("ROLLBACK")
    assert mine.memory("a") is None
    mine.grade("a", Grade.GOOD, NOON)


def test_a_full_disk_saves_nothing_and_says_so(log: ReviewLog) -> None:
    log.grade("a", Grade.GOOD, NOON)
    (pages,) = log._db.execute("PRAGMA page_count").fetchone()
    log._db.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(ReviewLogError) as error:
        for i in range(1000):
            log.grade(f"card-{i}", Grade.GOOD, NOON, detail={"note": "x" * 3000})
    assert error.value.trouble == "full"
    again = ReviewLog.open(log.path)
    assert again.memories() == log.memories()


def test_a_folder_that_cannot_be_written_is_said_at_once(tmp_path: Path) -> None:
    blocker = tmp_path / "file"
    blocker.write_text("")
    with pytest.raises(ReviewLogError) as error:
        ReviewLog.open(blocker / "reviews.db")
    assert str(blocker) in str(error.value)


def test_restoring_something_that_is_no_log_changes_nothing(log: ReviewLog, tmp_path: Path) -> None:
    log.grade("a", Grade.GOOD, NOON)
    log.close()
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as db:
        db.execute("CREATE TABLE x (y)")
    with pytest.raises(ReviewLogError):
        restore(log.path, other, NOON)
    assert set(ReviewLog.open(log.path).memories()) == {"a"}
