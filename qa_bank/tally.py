"""The grades that stand, counted in one pass: by day and hour, by what the card was, of late by card.

A card is asked once a day in earnest: among the cards in review only the first grade of a study day says what was
remembered. An answer is mature that bridged three weeks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from msgspec import Struct

from qa_bank.day import ROLLOVER, Day
from qa_bank.memory import Grade
from qa_bank.reviews import ReviewLog

MATURE_DAYS = 21
"""An interval is mature from so many days on."""
KINDS = ("new", "learning", "young", "mature")
"""What a card was when it was graded."""
_WAS = _NEW, _LEARNING, _YOUNG, _MATURE, _REPEATED = range(5)
"""The same as numbers; the last was in review, and had been graded on that day before."""
_GRADES = len(Grade)
_AN_HOUR = len(_WAS) * _GRADES
_A_DAY = 24 * _AN_HOUR
_IN_REVIEW = _YOUNG * _GRADES
"""The numbers of an hour's grades, those of a day's, and the first of an hour's that is about a card in review."""

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


class Tally(Struct, frozen=True):
    """The counts. A day goes by its number, see `number`."""

    days: Mapping[int, Studied]
    hours: Sequence[Studied]
    """For each hour of the clock, from midnight."""
    grades: Mapping[str, tuple[int, ...]]
    """For each of KINDS how often each grade was given."""
    recent: Mapping[str, list[bool]]
    """By card, for each of the recent days on which it was asked in review: whether it was remembered."""

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
    """Count in now's own zone. recent: the days, today too, that `Tally.recent` is about. Raises ReviewLogError."""
    counts: defaultdict[int, int] = defaultdict(int)
    recently = number(Day.of(now).date) - recent + 1
    remembered: defaultdict[str, list[bool]] = defaultdict(list)
    card, day = "", 0
    # A grade comes as one number, and an hour and a grade are counted as one: so it takes two thirds of the time.
    for name, key in log.query(
        f"SELECT card, ((at + ?) / ? * {len(_WAS)} + CASE was WHEN 'new' THEN {_NEW} WHEN 'review' THEN {_YOUNG} "
        f"ELSE {_LEARNING} END) * {_GRADES} + grade - 1 FROM grades ORDER BY card, at, id",
        ((now.utcoffset() or timedelta()) - ROLLOVER) // _MICROSECOND,
        timedelta(hours=1) // _MICROSECOND,
    ):
        before, day = day, key // _A_DAY
        if key % _AN_HOUR >= _IN_REVIEW:
            if name == card and day == before:
                key += (_REPEATED - _YOUNG) * _GRADES
            else:
                if name == card and day - before >= MATURE_DAYS:
                    key += (_MATURE - _YOUNG) * _GRADES
                if day >= recently:
                    remembered[name].append(key % _GRADES > 0)
        counts[key] += 1
        card = name
    found = [_Counted(*_unpacked(key), n) for key, n in counts.items()]
    return Tally(
        days=_studied((one.hour // 24, one) for one in found),
        hours=_hours(found),
        grades=_grades(found),
        recent=remembered,
    )


class _Counted(NamedTuple):
    """How often a grade was given within one hour to cards of a kind. Hours count from a study day's beginning."""

    hour: int
    kind: int
    grade: Grade
    times: int


def _unpacked(key: int) -> tuple[int, int, Grade]:
    rest, grade = divmod(key, _GRADES)
    return *divmod(rest, len(_WAS)), Grade(grade + 1)


def _studied(counted: Iterable[tuple[int, _Counted]]) -> dict[int, Studied]:
    """By what each count comes with."""
    sums: dict[int, list[int]] = {}
    for key, one in counted:
        found = sums.setdefault(key, [0, 0, 0, 0, 0])
        found[0] += one.times
        if one.kind in (_YOUNG, _MATURE):
            place = 1 if one.kind == _YOUNG else 3
            found[place] += one.times * (one.grade != Grade.AGAIN)
            found[place + 1] += one.times
    return {key: Studied(n, Recall(a, b), Recall(c, d)) for key, (n, a, b, c, d) in sums.items()}


def _hours(counted: Iterable[_Counted]) -> list[Studied]:
    first = ROLLOVER // timedelta(hours=1)
    found = _studied(((one.hour + first) % 24, one) for one in counted)
    return [found.get(hour, Studied(0, Recall(), Recall())) for hour in range(24)]


def _grades(counted: Iterable[_Counted]) -> dict[str, tuple[int, ...]]:
    found = {kind: dict.fromkeys(Grade, 0) for kind in KINDS}
    for one in counted:
        found[KINDS[_YOUNG if one.kind == _REPEATED else one.kind]][one.grade] += one.times
    return {kind: tuple(by_grade.values()) for kind, by_grade in found.items()}
