"""A study session with its log and its clock: what the study screen and the plain mode both drive."""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from qa_bank.bank import Bank
from qa_bank.card import Card
from qa_bank.day import Day
from qa_bank.drill import Answer, pose
from qa_bank.memory import Grade
from qa_bank.reviews import Graded, ReviewLog
from qa_bank.session import Counts, Limits, Next, StudyQueue


class Summary(Struct, frozen=True):
    """What a session came to."""

    graded: int
    remembered: int
    seconds: float
    by_grade: dict[Grade, int]
    missed: tuple[str, ...]
    """Cards graded Again, each once."""


class Study:
    """Cards in turn, each graded into the log. `now` and `ticks` are the clocks: of the calendar, and of seconds."""

    def __init__(
        self,
        bank: Bank,
        log: ReviewLog,
        limits: Limits,
        topic: str | None = None,
        level: str | None = None,
        now: Callable[[], datetime] = lambda: datetime.now().astimezone(),
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self.bank = bank
        self.log = log
        self.now = now
        self.ticks = ticks
        day = Day.of(now())
        today = log.today(day)
        cards = [card.id for card in bank.select(topic, level)]
        known = log.memories()
        self.queue = StudyQueue(cards, known, day, limits, today.new, max(0, today.reviews - today.new))
        self.grades: list[Graded] = []
        self.next: Next | None = None
        self.seed = 0
        """What draws the numbers of the drill on the table."""
        self._shown = ticks()
        self.advance()

    def advance(self) -> None:
        """Go to the card that comes next now."""
        self._put(self.queue.next(self.now()))

    def _put(self, chosen: Next | None) -> None:
        """Put a card on the table; a drill with numbers drawn for this moment."""
        self.next = chosen
        self._shown = self.ticks()
        if chosen is not None:
            self.seed = zlib.crc32(f"{chosen.card} {self.now().isoformat()}".encode())

    @property
    def card(self) -> Card | None:
        return pose(self.bank[self.next.card], self.seed)[0] if self.next else None

    @property
    def answer(self) -> Answer | None:
        """What is to be typed, if the card is a drill."""
        return pose(self.bank[self.next.card], self.seed)[1] if self.next else None

    @property
    def counts(self) -> Counts:
        return self.queue.counts()

    @property
    def seconds(self) -> float:
        """Since the card was shown."""
        return self.ticks() - self._shown

    def intervals(self) -> dict[Grade, timedelta]:
        """What each grade would mean for the card on the table."""
        assert self.next is not None
        return self.log.scheduler.preview(self.next.card, self.queue.memory(self.next.card), self.now())

    def judge(self, typed: str) -> bool | None:
        """Whether a drill's typed answer is right; None when it cannot be read as one."""
        return self.answer.accepts(typed) if self.answer is not None else None

    def grade(self, grade: Grade, detail: Mapping[str, Any] | None = None) -> Graded:
        """Commit a grade, then go on. Raises ReviewLogError, and then nothing has changed."""
        assert self.next is not None
        graded = self.log.grade(self.next.card, grade, self.now(), round(self.seconds, 2), detail)
        self.queue.graded(graded.memory)
        self.grades.append(graded)
        self.advance()
        return graded

    def undo(self) -> Graded | None:
        """Take the latest grade back and put its card on the table again; None when there is none. Raises ReviewLogError."""
        row = self.grades[-1].row if self.grades else None
        undone = self.log.undo(self.now(), row)
        if undone is None:
            return None
        if self.grades:
            self.grades.pop()
        if undone.card in self.bank:
            self.queue.undone(undone.card, self.log.memory(undone.card))
            self._put(
                Next(undone.card, "new" if undone.was == "new" else "due" if undone.was == "review" else "learning")
            )
        return undone

    def summary(self) -> Summary:
        by_grade = {grade: sum(g.grade == grade for g in self.grades) for grade in Grade}
        missed = dict.fromkeys(g.card for g in self.grades if g.grade == Grade.AGAIN)
        return Summary(
            graded=len(self.grades),
            remembered=len(self.grades) - by_grade[Grade.AGAIN],
            seconds=sum(g.seconds or 0 for g in self.grades),
            by_grade=by_grade,
            missed=tuple(missed),
        )
