"""Properties of the scheduler, over many random histories."""

import math
import random
import zlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import fsrs
from fsrs.scheduler import LOWER_BOUNDS_PARAMETERS, UPPER_BOUNDS_PARAMETERS
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_bank.memory import Grade, Memory, Scheduler, Settings

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
YEAR = 365 * 24 * 60

STEPS = st.lists(st.floats(0.1, 1440), max_size=3).map(tuple)
WEIGHTS = st.tuples(
    *(st.floats(low, high) for low, high in zip(LOWER_BOUNDS_PARAMETERS, UPPER_BOUNDS_PARAMETERS, strict=True))
)
SETTINGS = st.builds(Settings, st.floats(0.7, 0.97), STEPS, STEPS, st.just(Scheduler().weights) | WEIGHTS)
GAPS = st.integers(0, 30) | st.integers(0, 3 * 24 * 60) | st.integers(0, 10 * YEAR)
"""In minutes: within a sitting, within days, over years."""
HISTORIES = st.lists(st.tuples(st.sampled_from(Grade), GAPS), min_size=1, max_size=12)


def settings_by(rng: random.Random) -> Settings:
    """Settings anywhere in their ranges; the weights somewhere between the library's own and the ends of theirs."""
    far = rng.choice((0, 0.2, 1))
    bounds = zip(LOWER_BOUNDS_PARAMETERS, UPPER_BOUNDS_PARAMETERS, strict=True)
    ends = [rng.uniform(low, high) for low, high in bounds]
    weights = tuple((1 - far) * own + far * end for own, end in zip(Scheduler().weights, ends, strict=True))
    steps = [tuple(rng.choice((0.5, 1, 10, 25, 90, 1440)) for _ in range(rng.randint(0, 3))) for _ in range(2)]
    return Settings(rng.uniform(0.7, 0.97), *steps, weights)


def library(wanted: Settings) -> fsrs.Scheduler:
    return fsrs.Scheduler(
        Scheduler(wanted).weights,
        wanted.retention,
        [timedelta(minutes=minutes) for minutes in wanted.learning_minutes],
        [timedelta(minutes=minutes) for minutes in wanted.relearning_minutes],
    )


def gap_by(rng: random.Random, due: timedelta) -> timedelta:
    """The time to a review: at once, later in the day, when it is due, late, long after."""
    drawn = (
        timedelta(seconds=rng.uniform(0, 600)),
        timedelta(hours=rng.uniform(0, 48)),
        max(timedelta(0), due),
        max(timedelta(0), due) * rng.uniform(0.1, 3),
        timedelta(days=rng.uniform(0, 3650)),
    )
    return min(rng.choice(drawn), timedelta(days=3650))


def agree(seed: int) -> int:
    """Walk one random history by our scheduler and by the library, and hold them to be the same. Returns its length."""
    rng = random.Random(seed)
    wanted = settings_by(rng)
    ours, theirs = Scheduler(wanted), library(wanted)
    name = f"card-{seed}"
    memory: Memory | None = None
    card = fsrs.Card(card_id=1, due=NOON)
    now = NOON
    length = rng.randint(1, 16)
    for number in range(length):
        grade = rng.choice(tuple(Grade))
        if memory:
            assert math.isclose(ours.recall(memory, now), theirs.get_card_retrievability(card, now))
        memory = ours.next(name, memory, grade, now)
        random.seed(zlib.crc32(f"{name}:{number}".encode()))
        card, _ = theirs.review_card(card, fsrs.Rating(grade), now)
        assert card.stability is not None and card.difficulty is not None
        assert math.isclose(memory.stability, card.stability)  # to nine digits
        assert math.isclose(memory.difficulty, card.difficulty)
        assert (memory.due, memory.state, memory.step) == (card.due, card.state.name.lower(), card.step)
        now += gap_by(rng, memory.due - now)
    return length


def test_over_random_histories_it_is_the_library_to_the_microsecond() -> None:
    assert sum(map(agree, range(10_000))) > 50_000


def walked(history: Sequence[tuple[Grade, int]]) -> list[tuple[Grade, datetime]]:
    """The grades with their times."""
    times, now = [], NOON
    for grade, minutes in history:
        now += timedelta(minutes=minutes)
        times.append((grade, now))
    return times


@given(SETTINGS, HISTORIES)
@settings(deadline=None)
def test_a_preview_is_what_the_grade_then_does(wanted: Settings, history: list[tuple[Grade, int]]) -> None:
    scheduler = Scheduler(wanted)
    memory: Memory | None = None
    for grade, now in walked(history):
        preview = scheduler.preview("a", memory, now)
        assert list(preview) == list(Grade)
        memory = scheduler.next("a", memory, grade, now)
        assert memory.due - now == preview[grade]


@given(SETTINGS, HISTORIES)
@settings(deadline=None)
def test_a_replay_is_the_grades_step_by_step(wanted: Settings, history: list[tuple[Grade, int]]) -> None:
    memory: Memory | None = None
    grades = walked(history)
    for grade, now in grades:
        memory = Scheduler(wanted).next("a", memory, grade, now)
    assert Scheduler(wanted).replay("a", grades) == memory


@given(SETTINGS, HISTORIES)
@settings(deadline=None)
def test_a_memory_stays_within_its_bounds(wanted: Settings, history: list[tuple[Grade, int]]) -> None:
    scheduler = Scheduler(wanted)
    memory: Memory | None = None
    for number, (grade, now) in enumerate(walked(history), 1):
        lapses = memory.lapses if memory else 0
        memory = scheduler.next("a", memory, grade, now)
        assert memory.stability > 0
        assert 1 <= memory.difficulty <= 10
        assert memory.due > now == memory.last_review
        assert memory.reviews == number
        assert lapses <= memory.lapses <= lapses + (grade == Grade.AGAIN)
        assert scheduler.recall(memory, now) == 1 >= scheduler.recall(memory, now + timedelta(days=1)) > 0


@given(SETTINGS, HISTORIES)
@settings(deadline=None)
def test_the_schedules_aim_moves_dates_and_no_memory(wanted: Settings, history: list[tuple[Grade, int]]) -> None:
    """What the weights are fitted to depends upon neither the retention nor the steps."""
    plain = Settings(weights=wanted.weights)
    grades = walked(history)
    one, other = Scheduler(wanted).replay("a", grades), Scheduler(plain).replay("a", grades)
    assert one is not None and other is not None
    assert (one.stability, one.difficulty) == (other.stability, other.difficulty)
