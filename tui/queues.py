"""Which cards a session takes, and in what order: the learner's wish and settings, the log and the day put together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from msgspec import Struct

from qa_bank import glance
from qa_bank.bank import Bank
from qa_bank.day import Day
from qa_bank.marks import Marks
from qa_bank.memory import Scheduler, Settings
from qa_bank.reviews import ReviewLog
from qa_bank.session import CramQueue, Done, Limits, StudyQueue
from tui.config import WEEKDAYS, Config


def day_limits(config: Config) -> Limits:
    """What one day brings, as configured."""
    easy = frozenset(WEEKDAYS.index(day) for day in config.easy_days)
    return Limits(config.new_a_day, config.reviews_a_day, easy)


def scheduler(config: Config) -> Scheduler:
    """What the schedule aims for, as configured."""
    return Scheduler(Settings(config.retention, config.learning_minutes, config.relearning_minutes, config.weights))


class Wanted(Struct, frozen=True):
    """Which cards a session is about, and in what order."""

    topic: str | None = None
    level: str | None = None
    tag: str | None = None
    flagged: bool = False
    """Only those with a flag."""
    weakest: bool = False
    """What is remembered least comes first."""
    cram: bool = False
    """All of them once, whatever their schedule, which stays as it is."""

    def cards(self, bank: Bank, marks: Mapping[str, Marks]) -> list[str]:
        """The ids of the cards wanted. Raises UnknownCardError."""
        chosen = [card.id for card in bank.select(self.topic, self.level, self.tag)]
        return [card for card in chosen if not self.flagged or (card in marks and marks[card].flagged)]


def study_queue(bank: Bank, log: ReviewLog, limits: Limits, now: datetime, wanted: Wanted = Wanted()) -> StudyQueue:  # noqa: B008
    """The day's cards. Raises ReviewLogError and UnknownCardError."""
    day = Day.of(now)
    done = glance.today(log, day)
    marks = log.marks()
    due = log.due(day.end)
    if wanted.weakest or limits.easy(day):  # on an easy day what waits is what will be remembered longest
        due = _weakest_first(due, log, now, day.end)
    missed = {card: log.memory(card) for card, mark in marks.items() if mark.sooner is not None}
    return StudyQueue(
        wanted.cards(bank, marks),
        log.seen(),
        due,
        log.learning(day.end),
        marks,
        {card: memory.last_review for card, memory in missed.items() if memory is not None},
        day,
        now,
        limits,
        Done(done.new, max(0, done.reviews - done.new)),
    )


def cram_queue(bank: Bank, log: ReviewLog, now: datetime, wanted: Wanted) -> CramQueue:
    """The cards wanted, but for those that are suspended. Raises ReviewLogError and UnknownCardError."""
    marks = log.marks()
    cards = [card for card in wanted.cards(bank, marks) if card not in marks or not marks[card].suspended]
    if wanted.weakest:
        cards = _weakest_first(cards, log, now)
    return CramQueue(cards)


def _weakest_first(cards: Iterable[str], log: ReviewLog, now: datetime, until: datetime | None = None) -> list[str]:
    """Cards by how likely each is to be remembered; those never asked first. until: all are due before then."""
    memories = log.memories(until)
    return sorted(cards, key=lambda card: log.scheduler.recall(memories[card], now) if card in memories else 0.0)
