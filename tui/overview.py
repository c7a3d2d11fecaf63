"""What Home and the statistics say of the learner: numbers from the bank and the log, ready to be shown."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from qa_bank import glance
from qa_bank.bank import CORE, Bank
from qa_bank.day import Day
from qa_bank.reviews import ReviewLog
from qa_bank.session import Limits
from tui.queues import study_queue


class Topic(Struct, frozen=True):
    """A topic's cards: how many there are, how many are in review, how many are due."""

    topic: str
    cards: int
    learned: int
    due: int


class Overview(Struct, frozen=True):
    """The learner's day at a glance."""

    due: int
    new: int
    """New cards that today still brings."""
    streak: int
    retention: float | None
    """Of the cards in review asked in the last 30 days, the share remembered; None when none was asked."""
    reviews_today: int
    minutes: int
    """What is left today, at the learner's own pace."""
    topics: tuple[Topic, ...]
    cards: int
    core: int
    newcomer: bool
    """Nothing was ever graded."""


def overview(bank: Bank, log: ReviewLog, now: datetime, limits: Limits) -> Overview:
    """Read the day's numbers. Raises ReviewLogError."""
    day = Day.of(now)
    queue = study_queue(bank, log, limits, now)
    learned = glance.learned(log)
    today = glance.today(log, day)
    due = set(queue.due())
    remembered, asked = glance.retention(log, day.before(29).start)
    counts = queue.counts()
    topics = []
    for name in bank.topics:
        cards = [card.id for card in bank.select(topic=name)]
        topics.append(Topic(name, len(cards), sum(learned.get(c, False) for c in cards), sum(c in due for c in cards)))
    return Overview(
        due=counts.due,
        new=counts.new,
        streak=glance.streak(log, day),
        retention=remembered / asked if asked else None,
        reviews_today=today.reviews,
        minutes=max(1, round(counts.total * glance.pace(log) / 60)) if counts.total else 0,
        topics=tuple(topics),
        cards=len(bank),
        core=sum(CORE in card.facts.tags for card in bank),
        newcomer=not learned,
    )
