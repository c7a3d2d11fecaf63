"""What Home and the statistics say of the learner: numbers from the bank and the log, ready to be shown."""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec import Struct

from qa_bank.bank import CORE, Bank
from qa_bank.day import Day
from qa_bank.reviews import ReviewLog
from qa_bank.session import Limits

SECONDS_A_CARD = 40.0
"""What a card takes, until the log knows better."""


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
    strengths = log.strengths()
    today = log.today(day)
    due = log.due(day.end).keys() & bank.cards.keys()
    unseen = len(bank) - len(strengths.keys() & bank.cards.keys())
    new = min(unseen, max(0, limits.new - today.new))
    remembered, asked = log.retention(now - timedelta(days=30))
    pace = today.seconds / today.reviews if today.reviews >= 5 else SECONDS_A_CARD
    topics = []
    for name in bank.topics:
        cards = [card.id for card in bank.select(topic=name)]
        learned = sum(strengths.get(card, ("", 0))[0] == "review" for card in cards)
        topics.append(Topic(name, len(cards), learned, sum(card in due for card in cards)))
    return Overview(
        due=len(due),
        new=new,
        streak=log.streak(day),
        retention=remembered / asked if asked else None,
        reviews_today=today.reviews,
        minutes=max(1, round((len(due) + new) * pace / 60)) if due or new else 0,
        topics=tuple(topics),
        cards=len(bank),
        core=len(bank.select(tag=CORE)),
        newcomer=not strengths,
    )
