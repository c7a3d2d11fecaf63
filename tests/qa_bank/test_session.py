"""Which card comes next, and why."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from qa_bank.day import Day
from qa_bank.marks import Marks
from qa_bank.memory import Grade, Memory, Scheduler
from qa_bank.session import CramQueue, Done, Limits, StudyQueue

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
DAY = Day.of(NOON)


def memory(card: str, due: datetime, state: str = "review") -> Memory:
    step = None if state == "review" else 0
    return Memory(card, state, step, 5.0, 5.0, due, due - timedelta(days=5), 3, 0)


def queue(cards: str, *memories: Memory, **settings: object) -> StudyQueue:
    known = {m.card: m for m in sorted(memories, key=lambda m: (m.due, m.card))}
    due = [m.card for m in known.values() if m.state == "review" and m.due < DAY.end]
    learning = {card: m for card, m in known.items() if m.state != "review"}
    marks = settings.pop("marks", {})
    asked = {card: m.last_review for card, m in known.items()}
    return StudyQueue(cards.split(), known, due, learning, marks, asked, DAY, NOON, **settings)  # type: ignore[arg-type]


def order(queue: StudyQueue) -> list[str]:
    """Grade everything easily; the order in which it came."""
    seen = []
    while (item := queue.next(NOON)) is not None:
        seen.append(item.card)
        queue.graded(item.card, Grade.EASY, memory(item.card, NOON + timedelta(days=9)))
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
    q = queue("l a b", memory("l", NOON + timedelta(minutes=1), "learning"))
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
    q = queue(cards, *due, limits=Limits(new=3, reviews=4), done=Done(1, 1))
    assert (q.counts().new, q.counts().due) == (2, 3)
    assert len(order(q)) == 5


def test_an_undone_card_comes_next() -> None:
    q = queue("a b")
    q.graded("a", Grade.EASY, memory("a", NOON + timedelta(days=9)))
    q.back("a", None)
    first = q.next(NOON)
    assert first is not None and first.card == "a"


@given(st.lists(st.sampled_from(list(Grade)), min_size=1, max_size=60))
def test_a_day_always_ends_and_no_card_is_asked_after_it_was_learned(grades: list[Grade]) -> None:
    scheduler = Scheduler()
    q = queue("a b c d")
    now = NOON
    learned: set[str] = set()
    known: dict[str, Memory] = {}
    for grade in [*grades, *[Grade.EASY] * 10]:
        item = q.next(now)
        if item is None:
            break
        assert item.card not in learned
        after = known[item.card] = scheduler.next(item.card, known.get(item.card), grade, now)
        q.graded(item.card, grade, after)
        if after.state == "review":
            learned.add(item.card)
        now += timedelta(seconds=20)
    assert q.next(now) is None


def test_what_is_set_aside_is_not_asked() -> None:
    marks = {"a": Marks(suspended=True), "b": Marks(buried=NOON + timedelta(hours=1)), "c": Marks(buried=NOON)}
    due = memory("d", NOON)
    assert order(queue("a b c d", due, marks={**marks, "d": Marks(suspended=True)})) == ["c"]


def test_what_an_interview_missed_comes_before_what_is_due_and_beyond_the_limits() -> None:
    known, due = memory("k", NOON + timedelta(days=3)), memory("d", NOON)
    missed = {card: Marks(sooner=NOON - timedelta(minutes=1)) for card in "kn"}
    q = queue("d k n", due, known, marks=missed, limits=Limits(new=0, reviews=1))
    first = q.next(NOON)
    assert first is not None and first.why == "missed"
    assert order(q) == ["k", "n", "d"]


def test_a_missed_card_that_was_asked_since_waits_for_its_turn() -> None:
    asked = memory("k", NOON + timedelta(days=30))
    q = queue("k", asked, marks={"k": Marks(sooner=asked.last_review - timedelta(days=1))})
    assert q.next(NOON) is None


def test_an_easy_day_brings_half_the_reviews_and_nothing_new() -> None:
    due = [memory(f"r{i}", NOON - timedelta(hours=i)) for i in range(5)]
    saturday = Limits(easy_days=frozenset({NOON.weekday()}))
    assert order(queue("r0 r1 r2 r3 r4 n", *due, limits=saturday)) == ["r4", "r3", "r2"]
    assert len(order(queue("r0 r1 r2 r3 r4 n", *due, limits=saturday, done=Done(0, 3)))) == 1


def test_cramming_asks_each_once_and_again_what_did_not_come() -> None:
    q = CramQueue("abcde")
    came = []
    for i in range(6):
        item = q.next(NOON)
        assert item is not None and item.why == "cram"
        came.append(item.card)
        q.graded(item.card, Grade.AGAIN if i == 0 else Grade.GOOD, None)
    assert "".join(came) == "abcdae"
    assert q.next(NOON) is None


def test_a_cram_taken_back_comes_next() -> None:
    q = CramQueue("abc")
    q.graded("a", Grade.GOOD, None)
    q.back("a", None)
    assert q.counts().total == 3
    item = q.next(NOON)
    assert item is not None and item.card == "a"
