"""What the log says of the learner, in numbers. Reads alone; every function may raise ReviewLogError."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from msgspec import Struct

from qa_bank.day import Day
from qa_bank.glance import PACE
from qa_bank.pace import Time, of_late, spent
from qa_bank.reviews import ReviewLog
from qa_bank.standing import Cards, Forecast, Standing, States
from qa_bank.tally import Recall, Studied, Tally, number, tally

if TYPE_CHECKING:
    from qa_bank.bank import Bank
    from qa_bank.memory import Scheduler

PERIODS = (7, 30, 90, 365, None)
"""Days, today too; None: all that there were."""
RECENT = 30
"""The days of what is recent."""
WEEKS = 53


class Retention(Struct, frozen=True):
    """Of the cards in review that were asked in a period, by the first grade on each day: again is forgotten."""

    days: int | None
    """The last so many days, today too; None: all."""
    all: Recall
    young: Recall
    mature: Recall
    """Asked after three weeks or more."""


class Week(Struct, frozen=True):
    """The same of one week."""

    start: date
    """Its Monday."""
    all: Recall
    young: Recall
    mature: Recall


class Heat(Struct, frozen=True):
    """The days of the last 53 weeks, and how steadily there was one."""

    start: date
    """The first of them, a Monday."""
    grades: tuple[int, ...]
    """For each day until today."""
    studied: int
    """Days with a grade, of all days."""
    streak: int
    """Such days in a row until now; today may still come."""
    longest: int


class InterviewScore(Struct, frozen=True):
    """What an interview came to."""

    at: datetime
    score: float
    """0 to 1."""
    questions: int


class Statistics(Struct, frozen=True):
    """All of it, as of a moment."""

    at: datetime
    aim: float
    """The share of due cards that should still be remembered."""
    grades: int
    """How many there were."""
    periods: tuple[Retention, ...]
    """Retention, for each of PERIODS."""
    weeks: tuple[Week, ...]
    """Retention in each of the last 53, oldest first."""
    forecast: Forecast
    heat: Heat
    states: States
    by_topic: tuple[Standing, ...]
    by_level: tuple[Standing, ...]
    time: Time
    hours: tuple[Studied, ...]
    """For each hour of the clock, from midnight."""
    given: dict[str, tuple[int, ...]]
    """How often each grade was given, to cards that were new, in learning, young and mature."""
    interviews: tuple[InterviewScore, ...]
    """Oldest first."""


def statistics(
    log: ReviewLog,
    bank: Bank,
    scheduler: Scheduler,
    now: datetime,
    aim: float,
    *,
    leech_lapses: int = 8,
    interviews: Sequence[InterviewScore] = (),
) -> Statistics:
    """All the numbers, in now's own zone. leech_lapses: from so many on a card is often forgotten; 0: none is."""
    day = Day.of(now)
    last = number(day.date)
    counts = tally(log, now, RECENT)
    late = of_late(log, now)
    cards = Cards(bank, log.memories(), log.marks(), lambda memory: scheduler.recall(memory, now))
    taken = [seconds for card in late.values() for seconds in card]
    return Statistics(
        at=now,
        aim=aim,
        grades=sum(studied.grades for studied in counts.days.values()),
        periods=tuple(_retention(counts, days, last) for days in PERIODS),
        weeks=tuple(_week(counts, monday) for monday in _mondays(day)),
        forecast=cards.forecast(day, sum(taken) / len(taken) if taken else PACE),
        heat=_heat(counts, day),
        states=cards.states(leech_lapses),
        by_topic=cards.by_topic(counts.recent, late),
        by_level=cards.by_level(counts.recent, late),
        time=spent(log, now, RECENT, late),
        hours=tuple(counts.hours),
        given=dict(counts.grades),
        interviews=tuple(interviews),
    )


def _retention(counts: Tally, days: int | None, last: int) -> Retention:
    young, mature = counts.recall(min(counts.days, default=last) if days is None else last - days + 1, last)
    return Retention(days, young + mature, young, mature)


def _mondays(day: Day) -> list[date]:
    monday = day.date - timedelta(days=day.date.weekday())
    return [monday - timedelta(weeks=back) for back in range(WEEKS - 1, -1, -1)]


def _week(counts: Tally, monday: date) -> Week:
    young, mature = counts.recall(number(monday), number(monday) + 6)
    return Week(monday, young + mature, young, mature)


def _heat(counts: Tally, day: Day) -> Heat:
    start = _mondays(day)[0]
    days = range(number(start), number(day.date) + 1)
    studied = counts.days.keys()
    return Heat(
        start=start,
        grades=tuple(counts.days[one].grades if one in counts.days else 0 for one in days),
        studied=len(studied),
        streak=_in_a_row(studied, number(day.date)),
        longest=max((_in_a_row(studied, one) for one in studied if one + 1 not in studied), default=0),
    )


def _in_a_row(days: Collection[int], last: int) -> int:
    """Days in a row until the last, or until the one before it, for it may not be over."""
    first = last if last in days else last - 1
    count = 0
    while first - count in days:
        count += 1
    return count
