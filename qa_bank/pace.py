"""What the grades that stand took, in seconds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from msgspec import Struct

from qa_bank.day import Day
from qa_bank.reviews import ReviewLog, us

LATE_DAYS = 90
"""How far back it is looked for what a card takes: so long one keeps one's pace."""
CALLED_AWAY = 300.0
"""Seconds that a grade counts at the most: who took longer was not thinking all the time."""


class Time(Struct, frozen=True):
    """Where the time went. A grade counts five minutes at the most."""

    seconds: float
    """All that was spent."""
    days: tuple[float, ...]
    """Seconds on each of the recent days, the last of which is today."""
    median: float | None
    """Seconds a grade, of the last 90 days."""
    p90: float | None
    """The same that nine of ten stay below."""


def of_late(log: ReviewLog, now: datetime) -> dict[str, list[float]]:
    """By card what each grade of the last LATE_DAYS took. Raises ReviewLogError."""
    found: dict[str, list[float]] = {}
    for card, seconds in log.query(
        "SELECT card, min(seconds, ?) FROM grades WHERE at >= ? AND seconds IS NOT NULL",
        CALLED_AWAY,
        us(Day.of(now).before(LATE_DAYS - 1).start),
    ):
        found.setdefault(card, []).append(seconds)
    return found


def spent(log: ReviewLog, now: datetime, recent: int, late: Mapping[str, list[float]]) -> Time:
    """recent: the days of `Time.days`; late: what `of_late` found. Raises ReviewLogError."""
    ((seconds,),) = log.query("SELECT total(min(seconds, ?)) FROM grades", CALLED_AWAY)
    day = Day.of(now)
    days = [_on(log, day.before(back)) for back in range(recent - 1, -1, -1)]
    taken = [seconds for card in late.values() for seconds in card]
    return Time(seconds, tuple(days), percentile(taken, 0.5), percentile(taken, 0.9))


def percentile(values: Iterable[float], share: float) -> float | None:
    """The value below which that share of them lies; None of none."""
    ordered = sorted(values)
    return ordered[round(share * (len(ordered) - 1))] if ordered else None


def _on(log: ReviewLog, day: Day) -> float:
    ((seconds,),) = log.query(
        "SELECT total(min(seconds, ?)) FROM grades WHERE at >= ? AND at < ?", CALLED_AWAY, us(day.start), us(day.end)
    )
    return float(seconds)
