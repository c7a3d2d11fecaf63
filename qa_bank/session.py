"""Which card comes next, and why. Pure: time is an argument, and nothing is read or written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct

from qa_bank.day import Day
from qa_bank.memory import Memory

AHEAD = timedelta(minutes=20)
"""When nothing else is left, a card in learning may come this much early."""

Why = Literal["learning", "due", "new"]


class Limits(Struct, frozen=True):
    """The most that one day brings."""

    new: int = 20
    reviews: int = 200


class Next(Struct, frozen=True):
    """A card to ask, and why it comes now."""

    card: str
    why: Why


class Counts(Struct, frozen=True):
    """What is still to come today."""

    due: int
    """Cards in learning or in review."""
    new: int

    @property
    def total(self) -> int:
        return self.due + self.new


class StudyQueue:
    """A day's cards. Learning comes first when its minute has come; new cards are spread among the reviews.

    cards: the ids that may be asked, in the order in which new ones are introduced.
    memories: what is remembered, by card; a card without is new.
    """

    def __init__(
        self,
        cards: Iterable[str],
        memories: Mapping[str, Memory],
        day: Day,
        limits: Limits = Limits(),  # noqa: B008
        new_done: int = 0,
        reviews_done: int = 0,
    ) -> None:
        self._day = day
        self._known: dict[str, Memory] = {}
        fresh = []
        for card in cards:
            if card in memories:
                self._known[card] = memories[card]
            else:
                fresh.append(card)
        self._new = fresh[: max(0, limits.new - new_done)]
        self._learning = {card for card, memory in self._known.items() if memory.state != "review"}
        due = [m for m in self._known.values() if m.state == "review" and m.due < day.end]
        due.sort(key=lambda memory: (memory.due, memory.card))
        self._due = [memory.card for memory in due][: max(0, limits.reviews - reviews_done)]
        self._dealt = (len(self._due), len(self._new))

    def next(self, now: datetime) -> Next | None:
        """The card to ask now; None when the day is done (or only `waiting` is left)."""
        ready = self._soonest(now)
        if ready:
            return Next(ready, "learning")
        if self._due and (not self._new or not self._turn_of_new()):
            return Next(self._due[0], "due")
        if self._new:
            return Next(self._new[0], "new")
        ahead = self._soonest(now + AHEAD)
        return Next(ahead, "learning") if ahead else None

    def waiting(self, now: datetime) -> timedelta | None:
        """When `next` has nothing: how long until a card in learning is due today; None when there is none."""
        soonest = min((self._known[card].due for card in self._learning), default=None)
        return soonest - now if soonest is not None and soonest < self._day.end else None

    def counts(self) -> Counts:
        today = sum(self._known[card].due < self._day.end for card in self._learning)
        return Counts(len(self._due) + today, len(self._new))

    def graded(self, memory: Memory) -> None:
        """A card of the queue was graded, and this is what it left."""
        card = memory.card
        self._drop(card)
        self._known[card] = memory
        if memory.state != "review":
            self._learning.add(card)

    def undone(self, card: str, memory: Memory | None) -> None:
        """A grade was taken back: the card, with what is remembered of it now, comes next."""
        self._drop(card)
        if memory is None:
            self._known.pop(card, None)
            self._new.insert(0, card)
        else:
            self._known[card] = memory
            if memory.state == "review":
                self._due.insert(0, card)
            else:
                self._learning.add(card)

    def memory(self, card: str) -> Memory | None:
        return self._known.get(card)

    def _drop(self, card: str) -> None:
        self._learning.discard(card)
        self._new = [c for c in self._new if c != card]
        self._due = [c for c in self._due if c != card]

    def _soonest(self, until: datetime) -> str | None:
        ready = [(m.due, m.card) for c in self._learning if (m := self._known[c]).due <= until]
        return min(ready)[1] if ready else None

    def _turn_of_new(self) -> bool:
        """New cards are dealt evenly among the reviews: the n-th of N comes when n/(N + 1) of the reviews are done."""
        reviews, new = self._dealt
        return (reviews - len(self._due)) * (new + 1) >= (new - len(self._new) + 1) * reviews
