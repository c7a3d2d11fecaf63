"""The statistics: every number is what a recount, card by card and day by day, says it is."""

import random
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_bank import glance
from qa_bank.bank import Bank
from qa_bank.day import Day
from qa_bank.glance import PACE, streak
from qa_bank.memory import Grade
from qa_bank.pace import CALLED_AWAY, percentile
from qa_bank.reviews import ReviewLog
from qa_bank.session import Limits
from qa_bank.stats import PERIODS, InterviewScore, Statistics, statistics
from qa_bank.tally import Recall
from tui.queues import study_queue

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
ZONES = [UTC, timezone(timedelta(hours=5)), timezone(timedelta(hours=-8)), timezone(timedelta(hours=5, minutes=45))]
CARDS = list(Bank.load())[::17]
BANK = Bank(CARDS)
NAMES = [card.id for card in CARDS]


class Given(msgspec.Struct, frozen=True):
    """A grade as the test knows it, kept apart from the log."""

    card: str
    grade: Grade
    at: datetime
    seconds: float | None
    was: str


class Learner:
    """Studies into a log, and remembers by itself what still stands."""

    def __init__(self, log: ReviewLog) -> None:
        self.log = log
        self.given: list[Given] = []

    def grade(self, card: str, grade: Grade, at: datetime, seconds: float | None = 20.0) -> None:
        graded = self.log.grade(card, grade, at, seconds)
        self.given.append(Given(card, grade, at, seconds, graded.was))

    def undo(self, at: datetime) -> None:
        if self.log.undo(at) is not None:
            self.given.pop()

    def statistics(self, now: datetime = NOON, **options: object) -> Statistics:
        return statistics(self.log, BANK, self.log.scheduler, now, 0.9, **options)  # type: ignore[arg-type]


@contextmanager
def learner() -> Iterator[Learner]:
    with tempfile.TemporaryDirectory() as folder:
        log = ReviewLog.open(Path(folder) / "reviews.db")
        log._db.execute("PRAGMA synchronous = OFF")
        yield Learner(log)
        log.close()


def studied(seed: int, who: Learner, days: int = 130, acts: int = 110) -> None:
    """A random life: grades at any hour, a card often again, some taken back."""
    chance = random.Random(seed)
    at = NOON - timedelta(days=days)
    for _ in range(acts):
        at += timedelta(days=chance.expovariate(1.1 * acts / days))
        if at > NOON:
            break
        card = chance.choice(NAMES[:-2])
        for _again in range(chance.choice((1, 1, 1, 2, 3))):
            grade = chance.choices(list(Grade), (2, 1, 5, 2))[0]
            who.grade(card, grade, at, None if chance.random() < 0.1 else chance.lognormvariate(3.5, 1.2))
            at += timedelta(minutes=11)
        if chance.random() < 0.1:
            who.undo(at)


def first_of_day(given: Iterable[Given], now: datetime) -> list[tuple[Given, date, str]]:
    """The first grade of each card on each day, if the card was in review: with its day, and young or mature."""
    found, last = [], dict[str, date]()
    for one in sorted(given, key=lambda one: one.at):
        day = Day.of(one.at.astimezone(now.tzinfo)).date
        before = last.get(one.card)
        if one.was == "review" and day != before:
            gap = (day - before).days if before else 0
            found.append((one, day, "mature" if gap >= 21 else "young"))
        last[one.card] = day
    return found


def recall(asked: Iterable[Given]) -> Recall:
    grades = [one.grade for one in asked]
    return Recall(sum(grade != Grade.AGAIN for grade in grades), len(grades))


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10**6), zone=st.sampled_from(ZONES), hour=st.integers(0, 23))
def test_every_number_is_what_a_recount_says(seed: int, zone: timezone, hour: int) -> None:
    with learner() as who:
        studied(seed, who)
        now = (NOON + timedelta(hours=hour)).astimezone(zone)
        today = Day.of(now).date
        found = who.statistics(now)
        asked = first_of_day(who.given, now)
        assert found.grades == len(who.given)

        for retention in found.periods:
            since = date.min if retention.days is None else today - timedelta(days=retention.days - 1)
            within = [(one, kind) for one, day, kind in asked if day >= since]
            assert retention.all == recall(one for one, _kind in within)
            assert retention.young == recall(one for one, kind in within if kind == "young")
            assert retention.mature == recall(one for one, kind in within if kind == "mature")
            start = Day.of(now).before((retention.days or 4000) - 1).start
            assert glance.retention(who.log, start) == (retention.all.remembered, retention.all.asked)
        assert tuple(retention.days for retention in found.periods) == PERIODS

        for week in found.weeks:
            assert week.start.weekday() == 0
            within = [(one, kind) for one, day, kind in asked if 0 <= (day - week.start).days < 7]
            assert week.all == recall(one for one, _kind in within)
            assert week.mature == recall(one for one, kind in within if kind == "mature")
        assert 0 <= (today - found.weeks[-1].start).days < 7 and len(found.weeks) == 53

        days = [Day.of(one.at.astimezone(zone)).date for one in who.given]
        dates = [found.heat.start + timedelta(days=i) for i in range(len(found.heat.grades))]
        assert dates[0] == found.weeks[0].start and dates[-1] == today
        assert found.heat.grades == tuple(days.count(day) for day in dates)
        assert found.heat.studied == len(set(days))
        assert found.heat.streak == streak(who.log, Day.of(now))

        def spent(grades: Iterable[Given]) -> list[float]:
            return [min(one.seconds, CALLED_AWAY) for one in grades if one.seconds is not None]

        assert found.time.seconds == pytest.approx(sum(spent(who.given)))
        for back, seconds in enumerate(reversed(found.time.days)):
            on_day = [one for one, day in zip(who.given, days, strict=True) if (today - day).days == back]
            assert seconds == pytest.approx(sum(spent(on_day)))
        of_late = [one for one, day in zip(who.given, days, strict=True) if (today - day).days < 90]
        assert found.time.median == percentile(spent(of_late), 0.5)
        assert found.time.p90 == percentile(spent(of_late), 0.9)

        for clock, studied_then in enumerate(found.hours):
            then = [one for one in who.given if one.at.astimezone(zone).hour == clock]
            assert studied_then.grades == len(then)
            assert studied_then.recall == recall(one for one, _day, _kind in asked if one in then)

        matures = [one for one, _day, kind in asked if kind == "mature"]
        for kind, counts in found.given.items():
            states = {"new": ("new",), "learning": ("learning", "relearning")}.get(kind, ("review",))
            mine = [one for one in who.given if one.was in states]
            if kind in ("young", "mature"):
                mine = [one for one in mine if (one in matures) == (kind == "mature")]
            assert counts == tuple(sum(one.grade == grade for one in mine) for grade in Grade)

        memories = who.log.memories()
        for standings, of in (
            (found.by_topic, {card.id: card.topic for card in BANK}),
            (found.by_level, {card.id: card.facts.level for card in BANK}),
        ):
            assert sum(standing.cards for standing in standings) == len(BANK)
            for standing in standings:
                cards = [card for card in NAMES if of[card] == standing.name]
                seen = [memories[card] for card in cards if card in memories]
                review = [memory for memory in seen if memory.state == "review"]
                assert (standing.cards, standing.seen, standing.review) == (len(cards), len(seen), len(review))
                assert standing.mature == sum((m.due - m.last_review).days >= 21 for m in review)
                chances = [who.log.scheduler.recall(memory, now) for memory in seen]
                assert standing.recall == (pytest.approx(sum(chances) / len(chances)) if chances else None)
                since = today - timedelta(days=29)
                assert standing.recent == recall(one for one, day, _kind in asked if one.card in cards and day >= since)
                assert standing.seconds == percentile(spent(one for one in of_late if one.card in cards), 0.5)


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10**6), zone=st.sampled_from(ZONES))
def test_the_forecast_has_every_card_on_its_day_and_today_what_the_queue_has(seed: int, zone: timezone) -> None:
    with learner() as who:
        studied(seed, who, days=60, acts=60)
        now = NOON.astimezone(zone)
        day = Day.of(now)
        chance = random.Random(seed)
        for card in chance.sample(NAMES, 6):
            who.log.mark(card, now, **chance.choice([{"suspended": True}, {"buried": day.end}, {"sooner": now}]))
        found = who.statistics(now).forecast
        queue = study_queue(BANK, who.log, Limits(reviews=10**6), now)
        assert found.days[0].cards == len(queue.due())
        marks, memories = who.log.marks(), who.log.memories()
        for ahead, due in enumerate(found.days[2:], 2):
            date = day.date + timedelta(days=ahead)
            mine = [card for card, memory in memories.items() if Day.of(memory.due.astimezone(zone)).date == date]
            aside = [card for card in mine if card in marks and (marks[card].suspended or marks[card].sooner)]
            assert (due.date, due.cards) == (date, len(mine) - len(aside))
        pace = [min(one.seconds, CALLED_AWAY) for one in who.given if one.seconds is not None]
        assert found.days[0].minutes == pytest.approx(found.days[0].cards * sum(pace) / len(pace) / 60)


def test_a_log_without_a_row_has_numbers_too() -> None:
    with learner() as who:
        found = who.statistics()
        assert found.grades == 0 and found.states.new == len(BANK)
        assert all(retention.all.share is None for retention in found.periods)
        assert found.heat.longest == found.heat.streak == 0 and set(found.heat.grades) == {0}
        assert found.time.median is None and found.by_topic[0].recall is None
        assert all(day.cards == 0 for day in found.forecast.days)


def test_they_go_to_json_and_back() -> None:
    with learner() as who:
        studied(1, who, acts=30)
        found = who.statistics(interviews=[InterviewScore(NOON, 0.7, 10)])
        assert msgspec.json.decode(msgspec.json.encode(found), type=Statistics) == found


def test_what_is_taken_back_counts_nowhere() -> None:
    with learner() as who:
        who.grade(NAMES[0], Grade.EASY, NOON - timedelta(days=40))
        before = who.statistics()
        who.grade(NAMES[0], Grade.AGAIN, NOON - timedelta(hours=1))
        assert who.statistics().periods[0].mature == Recall(0, 1)
        who.undo(NOON)
        assert who.statistics() == before


def test_only_the_first_grade_of_a_day_says_what_was_remembered() -> None:
    with learner() as who:
        who.grade(NAMES[0], Grade.EASY, NOON - timedelta(days=9))
        for minute, grade in enumerate((Grade.HARD, Grade.AGAIN)):
            who.grade(NAMES[0], grade, NOON + timedelta(minutes=minute))
        found = who.statistics(NOON + timedelta(minutes=5))
        assert found.periods[0].all == Recall(1, 1)
        assert found.given["young"] == (1, 1, 0, 0), "the grades that were given are all there"


def test_half_past_three_belongs_to_the_day_before() -> None:
    with learner() as who:
        zone = timezone(timedelta(hours=6))
        late = datetime(2026, 11, 21, 3, 30, tzinfo=zone)
        who.grade(NAMES[0], Grade.GOOD, late)
        at_noon = who.statistics(datetime(2026, 11, 21, 12, tzinfo=zone))
        assert at_noon.heat.grades[-2:] == (1, 0) and at_noon.hours[3].grades == 1
        further_west = who.statistics(datetime(2026, 11, 21, 12, tzinfo=UTC))
        assert further_west.hours[21].grades == 1 and further_west.heat.grades[-2:] == (1, 0)


def test_the_longest_streak_is_kept_when_the_current_one_broke() -> None:
    with learner() as who:
        for back in (20, 19, 18, 17, 3, 2, 1):
            who.grade(NAMES[back % 3], Grade.GOOD, NOON - timedelta(days=back))
        heat = who.statistics().heat
        assert (heat.longest, heat.streak, heat.studied) == (4, 3, 7)


def test_every_card_is_in_one_state_and_marks_cut_across() -> None:
    with learner() as who:
        who.grade(NAMES[0], Grade.AGAIN, NOON - timedelta(days=1))
        who.grade(NAMES[1], Grade.EASY, NOON - timedelta(days=1))
        for back in (200, 190, 150):
            who.grade(NAMES[2], Grade.EASY, NOON - timedelta(days=back))
        who.grade(NAMES[3], Grade.GOOD, NOON - timedelta(days=1))
        who.log.mark(NAMES[3], NOON, suspended=True)
        who.log.mark(NAMES[4], NOON, suspended=True)
        who.log.mark(NAMES[2], NOON, flagged=True)
        states = who.statistics().states
        assert (states.learning, states.young, states.mature, states.suspended) == (1, 1, 1, 2)
        assert states.new == len(BANK) - 5 and states.flagged == 1


def test_a_card_forgotten_often_enough_is_a_leech_and_with_zero_none_is() -> None:
    with learner() as who:
        at = NOON - timedelta(days=300)
        for _ in range(4):
            who.grade(NAMES[0], Grade.EASY, at)
            who.grade(NAMES[0], Grade.AGAIN, at + timedelta(days=30))
            at += timedelta(days=31)
        assert who.log.memory(NAMES[0]).lapses == 4  # type: ignore[union-attr]
        assert who.statistics(leech_lapses=4).states.leeches == 1
        assert who.statistics(leech_lapses=5).states.leeches == 0
        assert who.statistics(leech_lapses=0).states.leeches == 0


def test_what_is_overdue_counts_for_today_and_is_told_apart() -> None:
    with learner() as who:
        for card, back in ((NAMES[0], 60), (NAMES[1], 90)):
            who.grade(card, Grade.EASY, NOON - timedelta(days=back))
        forecast = who.statistics().forecast
        assert (forecast.days[0].cards, forecast.overdue) == (2, 2)
        who.log.mark(NAMES[0], NOON, suspended=True)
        assert who.statistics().forecast.days[0].cards == 1


def test_an_hour_away_from_the_screen_counts_five_minutes() -> None:
    with learner() as who:
        who.grade(NAMES[0], Grade.GOOD, NOON, 3600)
        assert who.statistics().time.seconds == CALLED_AWAY


def test_without_a_pace_a_card_takes_forty_seconds() -> None:
    with learner() as who:
        who.grade(NAMES[0], Grade.EASY, NOON - timedelta(days=60), None)
        assert who.statistics().forecast.days[0].minutes == pytest.approx(PACE / 60)


def test_cards_that_left_the_bank_count_for_the_days_and_for_no_topic() -> None:
    with learner() as who:
        who.grade("a-deck-of-long-ago", Grade.GOOD, NOON)
        found = who.statistics()
        assert found.heat.grades[-1] == 1
        assert found.states.new == len(BANK) and all(topic.seen == 0 for topic in found.by_topic)
        assert sum(day.cards for day in found.forecast.days) == 0
