"""What Home asks of the log each time it is shown. Reads alone; every function may raise ReviewLogError."""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec import Struct

from qa_bank.day import Day
from qa_bank.reviews import ReviewLog, us

PACE = 40.0
"""Seconds that a card takes, until the log knows better."""


class Today(Struct, frozen=True):
    """What was done on one study day."""

    reviews: int
    new: int
    seconds: float


def today(log: ReviewLog, day: Day) -> Today:
    """What was done on a day."""
    ((reviews, new, seconds),) = log.query(
        "SELECT count(*), coalesce(sum(was = 'new'), 0), coalesce(sum(seconds), 0.0) FROM grades WHERE at >= ? AND at < ?",
        us(day.start),
        us(day.end),
    )
    return Today(reviews, new, seconds)


def pace(log: ReviewLog) -> float:
    """Seconds that a card takes, by the latest grades; the longest count as five minutes."""
    ((mean,),) = log.query(
        "SELECT avg(min(seconds, 300)) FROM (SELECT seconds FROM grades WHERE seconds IS NOT NULL ORDER BY at DESC LIMIT 200)"
    )
    return PACE if mean is None else float(mean)


def streak(log: ReviewLog, day: Day) -> int:
    """Days in a row with a grade, up to `day`; a day that is not over yet does not break it."""
    days = 0
    if _studied(log, day):
        days, day = 1, day.before()
    else:
        day = day.before()
    while _studied(log, day):
        days, day = days + 1, day.before()
    return days


def retention(log: ReviewLog, since: datetime) -> tuple[int, int]:
    """(remembered, asked) among the cards in review since a study day's start, by the first grade on each day."""
    ((remembered, asked),) = log.query(
        "SELECT coalesce(sum(grade > 1), 0), count(*) FROM (SELECT grade, was, "
        "row_number() OVER (PARTITION BY card, (at - ?) / ? ORDER BY at, id) AS place FROM grades WHERE at >= ?) "
        "WHERE place = 1 AND was = 'review'",
        us(since),
        timedelta(days=1) // timedelta(microseconds=1),
        us(since),
    )
    return remembered, asked


def learned(log: ReviewLog) -> dict[str, bool]:
    """The cards that were graded, and whether each is in review."""
    return {card: state == "review" for card, state in log.query("SELECT card, state FROM memory")}


def _studied(log: ReviewLog, day: Day) -> bool:
    return bool(log.query("SELECT 1 FROM grades WHERE at >= ? AND at < ? LIMIT 1", us(day.start), us(day.end)))
