"""Which card comes next, and why."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from qa_bank.day import Day
from qa_bank.memory import Grade, Memory, Scheduler
from qa_bank.session import Limits, StudyQueue

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
DAY = Day.of(NOON)


def memory(card: str, due: datetime, state: str = "review") -> Memory:
    step = None if state == "review" else 0
    return Memory(card, state, step, 5.0, 5.0, due, due - timedelta(days=5), 3, 0)


def queue(cards: str, *memories: Memory, **settings: object) -> StudyQueue:
    return StudyQueue(cards.split(), {m.card: m for m in memories}, DAY, **settings)  # type: ignore[arg-type]


def order(queue: StudyQueue) -> list[str]:
    """Grade everything easily; the order in which it came."""
    seen = []
    while (item := queue.next(NOON)) is not None:
        seen.append(item.card)
        queue.graded(memory(item.card, NOON + timedelta(days=9)))
    return seen


def test_new_cards_come_in_the_banks_order() -> None:
    assert order(queue("c a b")) == ["c", "a", "b"]


def test_what_is_overdue_longest_comes_first() -> None:
    late, later = memory("x", NOON - timedelta(days=3)), memory("y", NOON - timedelta(days=1))
    assert order(queue("x y", later, late)) == ["x", "y"]


def test_a_card_due_this_evening_is_due_today_and_one_due_tomorrow_is_not() -> None:
    tonight, tomorrow = memory("x", NOON + timedelta(hours=8)), memory("y", NOON + timedelta(days=1))
    assert order(queue("x y", tonight, tomorrow)) == ["x"]


def test_a_learning_card_comes_when_its_minute_has_come() -> None:
    q = queue("a b", memory("l", NOON + timedelta(minutes=1), "learning"))
    q = StudyQueue(["l", "a", "b"], {"l": memory("l", NOON + timedelta(minutes=1), "learning")}, DAY)
    first = q.next(NOON)
    assert first is not None and (first.card, first.why) == ("a", "new")
    later = q.next(NOON + timedelta(minutes=1))
    assert later is not None and (later.card, later.why) == ("l", "learning")


def test_a_learning_card_comes_early_when_nothing_else_is_left() -> None:
    q = queue("l", memory("l", NOON + timedelta(minutes=10), "learning"))
    ahead = q.next(NOON)
    assert ahead is not None and ahead.card == "l"
    q = queue("l", memory("l", NOON + timedelta(hours=2), "learning"))
    assert q.next(NOON) is None
    assert q.waiting(NOON) == timedelta(hours=2)


def test_new_cards_are_spread_among_the_reviews() -> None:
    due = [memory(f"r{i}", NOON - timedelta(days=i + 1)) for i in range(8)]
    seen = order(queue(" ".join([*(m.card for m in due), "n0", "n1"]), *due))
    assert len(seen) == 10
    places = [seen.index("n0"), seen.index("n1")]
    assert 0 < places[0] < 9 and places[1] - places[0] > 1


def test_a_days_limits_hold_and_what_was_done_counts() -> None:
    due = [memory(f"r{i}", NOON) for i in range(5)]
    cards = " ".join([*(m.card for m in due), *(f"n{i}" for i in range(5))])
    q = queue(cards, *due, limits=Limits(new=3, reviews=4), new_done=1, reviews_done=1)
    assert (q.counts().new, q.counts().due) == (2, 3)
    assert len(order(q)) == 5


def test_an_undone_card_comes_next() -> None:
    q = queue("a b")
    q.graded(memory("a", NOON + timedelta(days=9)))
    q.undone("a", None)
    first = q.next(NOON)
    assert first is not None and first.card == "a"


@given(st.lists(st.sampled_from(list(Grade)), min_size=1, max_size=60))
def test_a_day_always_ends_and_no_card_is_asked_after_it_was_learned(grades: list[Grade]) -> None:
    scheduler = Scheduler()
    q = queue("a b c d")
    now = NOON
    learned: set[str] = set()
    for grade in [*grades, *[Grade.EASY] * 10]:
        item = q.next(now)
        if item is None:
            break
        assert item.card not in learned
        after = scheduler.next(item.card, q.memory(item.card), grade, now)
        q.graded(after)
        if after.state == "review":
            learned.add(item.card)
        now += timedelta(seconds=20)
    assert q.next(now) is None
