"""The scheduler: FSRS's arithmetic, our reproducible chance."""

import random
from datetime import UTC, datetime, timedelta

import fsrs
import pytest

from qa_bank.memory import Grade, Memory, Scheduler, Settings

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_a_preview_is_what_the_grade_then_does() -> None:
    scheduler = Scheduler()
    memory = None
    now = NOON
    for grade in (Grade.GOOD, Grade.GOOD, Grade.HARD, Grade.AGAIN, Grade.GOOD, Grade.EASY):
        preview = scheduler.preview("a", memory, now)
        memory = scheduler.next("a", memory, grade, now)
        assert memory.due - now == preview[grade]
        now = memory.due


def test_a_replay_makes_the_same_memory() -> None:
    scheduler = Scheduler()
    history = [(Grade.GOOD, NOON), (Grade.GOOD, NOON + timedelta(minutes=10)), (Grade.GOOD, NOON + timedelta(days=3))]
    assert scheduler.replay("a", history) == scheduler.replay("a", history)


def test_grading_leaves_the_global_random_numbers_as_they_were() -> None:
    random.seed(7)
    expected = random.Random(7).random()
    Scheduler().next("a", None, Grade.EASY, NOON)
    assert random.random() == expected


def test_fuzz_spreads_cards_that_were_learned_together() -> None:
    scheduler = Scheduler()
    dues = set()
    for card in range(30):
        memory = scheduler.replay(str(card), [(Grade.EASY, NOON), (Grade.GOOD, NOON + timedelta(days=8))])
        assert memory is not None
        dues.add(memory.due)
    assert len(dues) > 2


def test_a_lapse_counts_only_when_a_card_in_review_is_forgotten() -> None:
    scheduler = Scheduler()
    memory = scheduler.next("a", None, Grade.AGAIN, NOON)
    assert memory.lapses == 0
    memory = scheduler.next("a", memory, Grade.EASY, NOON)
    memory = scheduler.next("a", memory, Grade.AGAIN, NOON + timedelta(days=9))
    assert (memory.state, memory.lapses) == ("relearning", 1)


def test_a_higher_aim_asks_sooner() -> None:
    history = [(Grade.EASY, NOON), (Grade.GOOD, NOON + timedelta(days=8))]
    eager = Scheduler(Settings(retention=0.95)).replay("a", history)
    lazy = Scheduler(Settings(retention=0.8)).replay("a", history)
    assert eager is not None and lazy is not None and eager.due < lazy.due


@pytest.mark.parametrize("seed", range(20))
def test_without_fuzz_it_is_the_librarys_arithmetic(seed: int) -> None:
    rng = random.Random(seed)
    scheduler = Scheduler()
    reference = fsrs.Scheduler(enable_fuzzing=False)
    card = fsrs.Card(card_id=1, due=NOON)
    memory: Memory | None = None
    now = NOON
    for _ in range(12):
        grade = Grade(rng.randint(1, 4))
        memory = scheduler.next("a", memory, grade, now)
        card, _log = reference.review_card(card, fsrs.Rating(grade), now)
        assert card.stability == pytest.approx(memory.stability, rel=1e-9)
        assert card.difficulty == pytest.approx(memory.difficulty, rel=1e-9)
        assert card.state.name.lower() == memory.state
        now += timedelta(hours=rng.choice((0.2, 5, 30, 400)))
