"""What a learner remembers of a card, by FSRS: next(memory, grade, now) -> memory.

FSRS: a card's memory is its stability (days until recall falls to 90%) and its difficulty (1 to 10); J. Ye et al., *A
Stochastic Shortest Path Algorithm for Optimizing Spaced Repetition Scheduling*, KDD 2022. The arithmetic is the library's;
ours is that chance is reproducible: the fuzz of an interval is seeded by the card and the number of its review, so that a
preview, a replay and an undo agree.
"""

from __future__ import annotations

import contextlib
import functools
import random
import zlib
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta, timezone
from enum import IntEnum
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    import fsrs


class Grade(IntEnum):
    """How well the answer came, as the learner says."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


class Settings(Struct, frozen=True):
    """What the schedule aims for."""

    retention: float = 0.9
    """The share of due cards that should still be remembered."""
    learning_minutes: tuple[float, ...] = (1, 10)
    relearning_minutes: tuple[float, ...] = (10,)
    weights: tuple[float, ...] | None = None
    """None: the library's own."""


class Memory(Struct, frozen=True):
    """A card that has been graded at least once; a new card has no memory."""

    card: str
    state: str
    """learning, review or relearning."""
    step: int | None
    """Which (re)learning step; None in review."""
    stability: float
    """Days until the chance of recall falls to 90%."""
    difficulty: float
    """1 to 10."""
    due: datetime
    last_review: datetime
    reviews: int
    lapses: int
    """Times it was forgotten while in review."""


class Scheduler:
    """FSRS with settings."""

    def __init__(self, settings: Settings = Settings()) -> None:  # noqa: B008
        self.settings = settings

    @functools.cached_property
    def _fsrs(self) -> fsrs.Scheduler:
        import fsrs  # 5 ms, and the first screen schedules nothing

        settings = self.settings
        return fsrs.Scheduler(
            parameters=settings.weights or fsrs.scheduler.DEFAULT_PARAMETERS,
            desired_retention=settings.retention,
            learning_steps=[timedelta(minutes=m) for m in settings.learning_minutes],
            relearning_steps=[timedelta(minutes=m) for m in settings.relearning_minutes],
        )

    @property
    def weights(self) -> tuple[float, ...]:
        """FSRS's weights in use."""
        return tuple(self._fsrs.parameters)

    def next(self, card: str, memory: Memory | None, grade: Grade, now: datetime) -> Memory:
        """The memory of `card` after it was graded at `now`; `memory` is None for a new card."""
        now = now.astimezone(timezone.utc)  # noqa: UP017 - fsrs takes this object alone
        reviews = memory.reviews if memory else 0
        with _seeded(f"{card}:{reviews}"):
            after = _graded(self._fsrs, memory, grade, now)
        assert after.stability is not None and after.difficulty is not None
        forgotten = memory is not None and memory.state == "review" and grade == Grade.AGAIN
        return Memory(
            card=card,
            state=after.state.name.lower(),
            step=after.step,
            stability=after.stability,
            difficulty=after.difficulty,
            due=after.due,
            last_review=now,
            reviews=reviews + 1,
            lapses=(memory.lapses if memory else 0) + forgotten,
        )

    def preview(self, card: str, memory: Memory | None, now: datetime) -> dict[Grade, timedelta]:
        """The interval that each grade would give: exactly what `next` will then do at that moment."""
        return {grade: self.next(card, memory, grade, now).due - now for grade in Grade}

    def replay(self, card: str, grades: Iterable[tuple[Grade, datetime]]) -> Memory | None:
        """The memory that a history of grades leaves."""
        memory = None
        for grade, at in grades:
            memory = self.next(card, memory, grade, at)
        return memory

    def recall(self, memory: Memory, now: datetime) -> float:
        """The chance, 0 to 1, that the card is remembered at `now`: (1 + factor · days / stability) ^ decay."""
        decay = -self._fsrs.parameters[20]
        factor = 0.9 ** (1 / decay) - 1
        days = max(0, (now - memory.last_review).days)
        return float((1 + factor * days / memory.stability) ** decay)


def _graded(scheduler: fsrs.Scheduler, memory: Memory | None, grade: Grade, now: datetime) -> fsrs.Card:
    import fsrs

    if memory is None:
        card = fsrs.Card(card_id=0, due=now)  # without an id it would sleep for one
    else:
        card = fsrs.Card(
            card_id=0,
            state=fsrs.State[memory.state.capitalize()],
            step=memory.step,
            stability=memory.stability,
            difficulty=memory.difficulty,
            due=memory.due,
            last_review=memory.last_review,
        )
    return scheduler.review_card(card, fsrs.Rating(grade), now)[0]


@contextlib.contextmanager
def _seeded(key: str) -> Iterator[None]:
    """The library draws its fuzz from the global `random`: lend it a seeded state, and give the old one back."""
    state = random.getstate()
    random.seed(zlib.crc32(key.encode()))
    try:
        yield
    finally:
        random.setstate(state)
