"""The grades that stand, counted in one pass: by day and hour, by what the card was, and of late by card.

A card is asked once a day in earnest: among the cards in review only the first grade of a study day says what was
remembered. An answer is mature that bridged three weeks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from msgspec import Struct

from qa_bank.day import ROLLOVER
from qa_bank.memory import Grade
from qa_bank.reviews import ReviewLog

MATURE_DAYS = 21
"""An interval is mature from so many days on."""
LATE_DAYS = 90
"""How far back what cards take is looked for: so long one keeps one's pace."""
CALLED_AWAY = 300.0
"""Seconds that a grade counts at the most: who took longer was not thinking all the time."""

KINDS = ("new", "learning", "young", "mature")
"""What a card was when it was graded."""
NEW, LEARNING, YOUNG, MATURE, REPEATED = range(5)
"""The last: in review, and graded on that day before."""

_WAS = {"new": NEW, "learning": LEARNING, "relearning": LEARNING, "review": YOUNG}
_MICROSECOND = timedelta(microseconds=1)
_EPOCH = date(1970, 1, 1)


class Recall(Struct, frozen=True):
    """How many cards in review were asked, and how many of them remembered."""

    remembered: int = 0
    asked: int = 0

    @property
    def share(self) -> float | None:
        """None when nothing was asked."""
        return self.remembered / self.asked if self.asked else None

    def __add__(self, other: Recall) -> Recall:
        return Recall(self.remembered + other.remembered, self.asked + other.asked)


class Studied(Struct, frozen=True):
    """What was done on a day, or at an hour of all days."""

    grades: int
    young: Recall
    mature: Recall

    @property
    def recall(self) -> Recall:
        return self.young + self.mature


class Late(Struct, frozen=True):
    """How a card fared of late."""

    remembered: list[bool]
    """For each day of the recent ones on which it was asked in review."""
    seconds: list[float]
    """What each grade of the last LATE_DAYS took."""


class Tally(Struct, frozen=True):
    """The counts. A day goes by its number, see `number`."""

    days: Mapping[int, Studied]
    hours: Sequence[Studied]
    """For each hour of the clock, from midnight."""
    seconds: Mapping[int, float]
    """What was spent, by day."""
    grades: Mapping[str, tuple[int, ...]]
    """For each of KINDS how often each grade was given."""
    late: Mapping[str, Late]

    def recall(self, first: int, last: int) -> tuple[Recall, Recall]:
        """Of the young and of the mature, on the days from `first` to `last`."""
        among = [day for number, day in self.days.items() if first <= number <= last]
        return total(day.young for day in among), total(day.mature for day in among)


def number(day: date) -> int:
    """A study day as a number: one more each day."""
    return (day - _EPOCH).days


def total(recalls: Iterable[Recall]) -> Recall:
    return sum(recalls, Recall())


def tally(log: ReviewLog, now: datetime, recent: int) -> Tally:
    """Count in now's own zone. recent: the days, today too, for `Late.remembered`. Raises ReviewLogError."""
    today = number((now - ROLLOVER).date())
    since, recently = today - LATE_DAYS + 1, today - recent + 1
    counts: defaultdict[tuple[int, int, int], int] = defaultdict(int)
    spent: defaultdict[int, float] = defaultdict(float)
    late: dict[str, Late] = {}
    card, day = "", 0
    for name, hour, grade, was, seconds in log.query(
        "SELECT card, (at + ?) / ?, grade, was, min(seconds, ?) FROM grades ORDER BY card, at, id",
        ((now.utcoffset() or timedelta()) - ROLLOVER) // _MICROSECOND,
        timedelta(hours=1) // _MICROSECOND,
        CALLED_AWAY,
    ):
        before, day = day, hour // 24
        kind = _WAS[was]
        if kind == YOUNG and name == card:
            kind = REPEATED if day == before else MATURE if day - before >= MATURE_DAYS else YOUNG
        card = name
        counts[hour, kind, grade] += 1
        if seconds is not None:
            spent[day] += seconds
        if day >= since:
            mine = late.get(name)
            if mine is None:
                mine = late[name] = Late([], [])
            if seconds is not None:
                mine.seconds.append(seconds)
            if day >= recently and kind in (YOUNG, MATURE):
                mine.remembered.append(grade != Grade.AGAIN)
    return Tally(
        days=_studied((hour // 24, kind, grade, n) for (hour, kind, grade), n in counts.items()),
        hours=_hours(counts),
        seconds=spent,
        grades=_grades(counts),
        late=late,
    )


def percentile(values: Iterable[float], share: float) -> float | None:
    """The value below which that share of them lies; None of none."""
    ordered = sorted(values)
    return ordered[round(share * (len(ordered) - 1))] if ordered else None


def _studied(counted: Iterable[tuple[int, int, int, int]]) -> dict[int, Studied]:
    """Of counts by (anything, kind, grade)."""
    sums: dict[int, list[int]] = {}
    for key, kind, grade, n in counted:
        found = sums.setdefault(key, [0, 0, 0, 0, 0])
        found[0] += n
        if kind in (YOUNG, MATURE):
            place = 1 if kind == YOUNG else 3
            found[place] += n * (grade != Grade.AGAIN)
            found[place + 1] += n
    return {key: Studied(n, Recall(a, b), Recall(c, d)) for key, (n, a, b, c, d) in sums.items()}


def _hours(counts: Mapping[tuple[int, int, int], int]) -> list[Studied]:
    first = ROLLOVER // timedelta(hours=1)
    found = _studied(((hour + first) % 24, kind, grade, n) for (hour, kind, grade), n in counts.items())
    return [found.get(hour, Studied(0, Recall(), Recall())) for hour in range(24)]


def _grades(counts: Mapping[tuple[int, int, int], int]) -> dict[str, tuple[int, ...]]:
    found = {kind: dict.fromkeys(Grade, 0) for kind in KINDS}
    for (_hour, kind, grade), n in counts.items():
        found[KINDS[YOUNG if kind == REPEATED else kind]][Grade(grade)] += n
    return {kind: tuple(by_grade.values()) for kind, by_grade in found.items()}
