"""Which card comes next, and why. Pure: time is an argument, and nothing is read or written."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from itertools import islice
from typing import Literal, Protocol

from msgspec import Struct

from qa_bank.day import Day
from qa_bank.marks import Marks
from qa_bank.memory import Grade, Memory

AHEAD = timedelta(minutes=20)
"""When nothing else is left, a card in learning may come this much early."""
CRAM_AGAIN = 3
"""A crammed card that did not come comes again after so many others."""

Why = Literal["learning", "due", "new", "missed", "cram"]


class Limits(Struct, frozen=True):
    """The most that one day brings."""

    new: int = 20
    reviews: int = 200
    easy_days: frozenset[int] = frozenset()
    """Weekdays, Monday 0, that bring half the reviews and nothing new."""

    def easy(self, day: Day) -> bool:
        return day.date.weekday() in self.easy_days


class Done(Struct, frozen=True):
    """What of the day's limits is used up."""

    new: int = 0
    reviews: int = 0


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


class Queue(Protocol):
    """What a session takes its cards from."""

    def next(self, now: datetime) -> Next | None:
        """The card to ask now; None when there is none (or only `waiting` is left)."""

    def waiting(self, now: datetime) -> timedelta | None:
        """When `next` has nothing: how long until a card comes back today; None when none does."""

    def counts(self) -> Counts: ...

    def graded(self, card: str, grade: Grade, memory: Memory | None) -> None:
        """A card was graded, and this is what is remembered of it."""

    def dropped(self, card: str) -> None:
        """A card was set aside."""

    def back(self, card: str, memory: Memory | None) -> None:
        """A grade or a setting aside was taken back: the card comes next."""


class StudyQueue:
    """A day's cards. Learning comes first when its minute has come; then what an interview missed; new cards are spread
    among the reviews.

    cards: the ids that may be asked, in the order in which new ones are introduced.
    seen: the cards that were graded before; any other is new.
    due: the cards in review that are due before the day's end, in the order in which they are asked.
    learning: what is remembered of the cards in learning that are due by then.
    marks: of the cards that have any.
    asked: when the cards that are marked `sooner` were last asked, if they were.
    """

    def __init__(
        self,
        cards: Iterable[str],
        seen: Collection[str],
        due: Iterable[str],
        learning: Mapping[str, Memory],
        marks: Mapping[str, Marks],
        asked: Mapping[str, datetime],
        day: Day,
        now: datetime,
        limits: Limits = Limits(),  # noqa: B008
        done: Done = Done(),  # noqa: B008
    ) -> None:
        self._day = day
        aside = {card for card, mark in marks.items() if mark.aside(now)}
        wanted = [card for card in cards if card not in aside]
        among = set(wanted)
        self._learning = {card: memory for card, memory in learning.items() if card in among}
        sooner = {card: mark.sooner for card, mark in marks.items() if mark.sooner is not None and card in among}
        self._missed = [
            card
            for card, since in sorted(sooner.items(), key=lambda item: item[1])
            if card not in self._learning and (card not in asked or asked[card] < since)
        ]
        first = {*self._learning, *self._missed}
        waiting = [card for card in due if card in among and card not in first]
        easy = limits.easy(day)
        most = min(limits.reviews, (len(waiting) + done.reviews + 1) // 2) if easy else limits.reviews
        self._due = waiting[: max(0, most - done.reviews)]
        fresh = (card for card in wanted if card not in seen and card not in first)
        self._new = list(islice(fresh, 0 if easy else max(0, limits.new - done.new)))
        self._dealt = (len(self._due), len(self._new))

    def next(self, now: datetime) -> Next | None:
        ready = self._soonest(now)
        if ready:
            return Next(ready, "learning")
        if self._missed:
            return Next(self._missed[0], "missed")
        if self._due and (not self._new or not self._turn_of_new()):
            return Next(self._due[0], "due")
        if self._new:
            return Next(self._new[0], "new")
        ahead = self._soonest(now + AHEAD)
        return Next(ahead, "learning") if ahead else None

    def waiting(self, now: datetime) -> timedelta | None:
        soonest = min((m.due for m in self._learning.values()), default=None)
        return soonest - now if soonest is not None and soonest < self._day.end else None

    def counts(self) -> Counts:
        return Counts(len(self.due()), len(self._new))

    def due(self) -> list[str]:
        """The cards still to come that are not new, in no order."""
        today = [card for card, m in self._learning.items() if m.due < self._day.end]
        return [*today, *self._missed, *self._due]

    def graded(self, card: str, grade: Grade, memory: Memory | None) -> None:
        self.dropped(card)
        if memory is not None and memory.state != "review":
            self._learning[card] = memory

    def dropped(self, card: str) -> None:
        self._learning.pop(card, None)
        for pile in (self._missed, self._due, self._new):
            if card in pile:
                pile.remove(card)

    def back(self, card: str, memory: Memory | None) -> None:
        self.dropped(card)
        if memory is None:
            self._new.insert(0, card)
        elif memory.state == "review":
            self._due.insert(0, card)
        else:
            self._learning[card] = memory

    def _soonest(self, until: datetime) -> str | None:
        ready = [(m.due, m.card) for m in self._learning.values() if m.due <= until]
        return min(ready)[1] if ready else None

    def _turn_of_new(self) -> bool:
        """New cards are dealt evenly among the reviews: the n-th of N comes when n/(N + 1) of the reviews are done."""
        reviews, new = self._dealt
        return (reviews - len(self._due)) * (new + 1) >= (new - len(self._new) + 1) * reviews


class CramQueue:
    """Cards once through, whatever their schedule; one that did not come comes again a little later."""

    def __init__(self, cards: Iterable[str]) -> None:
        self._cards = list(cards)

    def next(self, now: datetime) -> Next | None:
        return Next(self._cards[0], "cram") if self._cards else None

    def waiting(self, now: datetime) -> timedelta | None:
        return None

    def counts(self) -> Counts:
        return Counts(len(self._cards), 0)

    def graded(self, card: str, grade: Grade, memory: Memory | None) -> None:
        self.dropped(card)
        if grade == Grade.AGAIN:
            self._cards.insert(CRAM_AGAIN, card)

    def dropped(self, card: str) -> None:
        self._cards = [other for other in self._cards if other != card]

    def back(self, card: str, memory: Memory | None) -> None:
        self.dropped(card)
        self._cards.insert(0, card)
