"""How the cards stand now, and when they come back: by state, by topic, by level, by day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

from msgspec import Struct

from qa_bank.bank import Bank
from qa_bank.card import LEVELS, Card
from qa_bank.day import Day
from qa_bank.marks import Marks
from qa_bank.memory import Memory
from qa_bank.pace import percentile
from qa_bank.tally import MATURE_DAYS, Recall

DAYS_AHEAD = 30
Recent = Mapping[str, list[bool]]
Late = Mapping[str, list[float]]

_DAY = timedelta(days=1)
_MATURE = timedelta(days=MATURE_DAYS)


class States(Struct, frozen=True):
    """The bank's cards by what they are. The first five make all of them; the others cut across."""

    new: int
    learning: int
    """Being learned, or learned anew."""
    young: int
    mature: int
    """In review, and they come back after three weeks or later."""
    suspended: int
    flagged: int
    leeches: int
    """Often forgotten."""


class Standing(Struct, frozen=True):
    """How the cards of a topic or of a level stand."""

    name: str
    cards: int
    seen: int
    """Graded at least once."""
    review: int
    """In review."""
    mature: int
    recall: float | None
    """The mean chance that a card seen is remembered now, 0 to 1."""
    recent: Recall
    """Of the last 30 days."""
    seconds: float | None
    """The median that a grade takes."""


class DueDay(Struct, frozen=True):
    """What a day will bring, new cards apart."""

    date: date
    cards: int
    minutes: float


class Forecast(Struct, frozen=True):
    """The cards that fall due, if each is then remembered; nothing is known yet of when it comes again."""

    days: tuple[DueDay, ...]
    """From today on; today with what is overdue."""
    overdue: int
    """Of today's, those that were due before."""


class Cards:
    """A bank's cards with what the log remembers and marks of each."""

    def __init__(
        self, bank: Bank, memories: Mapping[str, Memory], marks: Mapping[str, Marks], recall: Callable[[Memory], float]
    ) -> None:
        self._bank = bank
        self._memories = {card: memory for card, memory in memories.items() if card in bank.cards}
        self._marks = {card: mark for card, mark in marks.items() if card in bank.cards}
        self._recall = {card: recall(memory) for card, memory in self._memories.items()}
        self._states = {card: _state(memory) for card, memory in self._memories.items()}

    def states(self, leech_lapses: int) -> States:
        """leech_lapses: from so many on a card is often forgotten; 0: none is."""
        suspended = {card for card, mark in self._marks.items() if mark.suspended}
        counts = Counter(state for card, state in self._states.items() if card not in suspended)
        return States(
            new=len(self._bank) - len(self._states.keys() | suspended),
            learning=counts["learning"],
            young=counts["young"],
            mature=counts["mature"],
            suspended=len(suspended),
            flagged=sum(mark.flagged for mark in self._marks.values()),
            leeches=sum(0 < leech_lapses <= memory.lapses for memory in self._memories.values()),
        )

    def by_topic(self, recent: Recent, late: Late) -> tuple[Standing, ...]:
        """recent: by card, when it was asked of late: whether it was remembered; late: what its grades took."""
        return self._by(self._bank.topics, lambda card: card.topic, recent, late)

    def by_level(self, recent: Recent, late: Late) -> tuple[Standing, ...]:
        """The same by level."""
        present = {card.facts.level for card in self._bank}
        return self._by([level for level in LEVELS if level in present], lambda card: card.facts.level, recent, late)

    def forecast(self, day: Day, pace: float) -> Forecast:
        """pace: seconds a card. Cards that are suspended do not come; buried ones come when they are asked again."""
        due = {card: memory.due for card, memory in self._memories.items()}
        for card, mark in self._marks.items():
            if mark.sooner is not None and (card not in due or self._memories[card].last_review < mark.sooner):
                due[card] = mark.sooner
            if mark.buried is not None and card in due:
                due[card] = max(due[card], mark.buried)
            if mark.suspended:
                due.pop(card, None)
        places = Counter((time - day.start) // _DAY for time in due.values())
        overdue = sum(cards for place, cards in places.items() if place < 0)
        places[0] += overdue
        days = range(DAYS_AHEAD)
        return Forecast(tuple(DueDay(day.date + i * _DAY, places[i], places[i] * pace / 60) for i in days), overdue)

    def _by(self, names: Sequence[str], of: Callable[[Card], str], recent: Recent, late: Late) -> tuple[Standing, ...]:
        groups: dict[str, list[str]] = {name: [] for name in names}
        for card in self._bank:
            groups[of(card)].append(card.id)
        return tuple(self._standing(name, cards, recent, late) for name, cards in groups.items())

    def _standing(self, name: str, cards: Sequence[str], recent: Recent, late: Late) -> Standing:
        states = Counter(self._states.get(card) for card in cards)
        recalls = [self._recall[card] for card in cards if card in self._recall]
        asked = [remembered for card in cards for remembered in recent.get(card, ())]
        return Standing(
            name=name,
            cards=len(cards),
            seen=len(recalls),
            review=states["young"] + states["mature"],
            mature=states["mature"],
            recall=sum(recalls) / len(recalls) if recalls else None,
            recent=Recall(sum(asked), len(asked)),
            seconds=percentile((seconds for card in cards for seconds in late.get(card, ())), 0.5),
        )


def _state(memory: Memory) -> str:
    if memory.state != "review":
        return "learning"
    return "mature" if memory.due - memory.last_review >= _MATURE else "young"
