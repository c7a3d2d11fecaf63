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
from qa_bank.marks import Marks
from qa_bank.memory import Grade
from qa_bank.reviews import Graded, ReviewLog, Undone
from qa_bank.session import Counts, Limits, Next, Queue, Why
from tui.i18n import GRADES, _, ngettext
from tui.markdown import unmarked
from tui.queues import Wanted, cram_queue, study_queue


class Act(Struct, frozen=True):
    """What was done with one card of the session: graded, or set aside."""

    row: int
    card: str
    why: Why
    grade: Grade | None = None
    seconds: float = 0.0


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
        wanted: Wanted = Wanted(),  # noqa: B008
        now: Callable[[], datetime] = lambda: datetime.now().astimezone(),
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self.bank = bank
        self.log = log
        self.now = now
        self.ticks = ticks
        self.wanted = wanted
        self.day = Day.of(now())
        self.queue: Queue
        if wanted.cram:
            self.queue = cram_queue(bank, log, now(), wanted)
        else:
            self.queue = study_queue(bank, log, limits, now(), wanted)
        self.acts: list[Act] = []
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
    def marks(self) -> Marks:
        """The marks of the card on the table."""
        return self.log.marks_of(self.next.card) if self.next else Marks()

    @property
    def counts(self) -> Counts:
        return self.queue.counts()

    @property
    def seconds(self) -> float:
        """Since the card was shown."""
        return self.ticks() - self._shown

    def intervals(self) -> dict[Grade, timedelta]:
        """What each grade would mean for the card on the table; nothing while one crams."""
        assert self.next is not None
        if self.wanted.cram:
            return {}
        return self.log.scheduler.preview(self.next.card, self.log.memory(self.next.card), self.now())

    def judge(self, typed: str) -> bool | None:
        """Whether a drill's typed answer is right; None when it cannot be read as one."""
        return self.answer.accepts(typed) if self.answer is not None else None

    def grade(self, grade: Grade, detail: Mapping[str, Any] | None = None) -> Graded | None:
        """Commit a grade, then go on. None while one crams. Raises ReviewLogError, and then nothing has changed."""
        assert self.next is not None
        card, seconds, graded = self.next.card, round(self.seconds, 2), None
        if self.wanted.cram:
            row = self.log.cram(card, grade, self.now(), seconds)
        else:
            graded = self.log.grade(card, grade, self.now(), seconds, detail)
            row = graded.row
        self.acts.append(Act(row, card, self.next.why, grade, seconds))
        self.queue.graded(card, grade, graded.memory if graded else None)
        self.advance()
        return graded

    def bury(self) -> None:
        """Leave the card on the table for tomorrow. Raises ReviewLogError."""
        self._set_aside(buried=self.day.end)

    def suspend(self) -> None:
        """Ask the card on the table no more, until it is taken up again. Raises ReviewLogError."""
        self._set_aside(suspended=True)

    def _set_aside(self, **change: Any) -> None:
        assert self.next is not None
        row = self.log.mark(self.next.card, self.now(), **change)
        self.acts.append(Act(row, self.next.card, self.next.why))
        self.queue.dropped(self.next.card)
        self.advance()

    def flag(self) -> bool:
        """Flag the card on the table, or take its flag away. Whether it has one now. Raises ReviewLogError."""
        assert self.next is not None
        flagged = not self.marks.flagged
        self.log.mark(self.next.card, self.now(), flagged=flagged)
        return flagged

    def write_note(self, note: str) -> None:
        """Keep the learner's own words on the card on the table. Raises ReviewLogError."""
        assert self.next is not None
        self.log.mark(self.next.card, self.now(), note=note)

    def undo(self) -> Undone | None:
        """Take the latest act back and put its card on the table again; None when there is none. Raises ReviewLogError.

        When all of this session is taken back, the sessions before it follow.
        """
        act = self.acts[-1] if self.acts else None
        undone = self.log.undo(self.now(), act.row if act else None)
        if act is not None:
            self.acts.pop()
        if undone is None or undone.card not in self.bank:
            return undone
        memory = self.log.memory(undone.card)
        why = (
            act.why
            if act is not None
            else "new"
            if memory is None
            else "due"
            if memory.state == "review"
            else "learning"
        )
        if act is not None or undone.kind == "grade":
            self.queue.back(undone.card, memory)
            self._put(Next(undone.card, why))
        return undone

    def summary(self) -> Summary:
        by_grade = {grade: sum(act.grade == grade for act in self.acts) for grade in Grade}
        missed = dict.fromkeys(act.card for act in self.acts if act.grade == Grade.AGAIN)
        graded = sum(by_grade.values())
        return Summary(
            graded=graded,
            remembered=graded - by_grade[Grade.AGAIN],
            seconds=sum(act.seconds for act in self.acts),
            by_grade=by_grade,
            missed=tuple(missed),
        )


UNREADABLE_TEXT = "That cannot be read. Write 12.5, 3/4 or 1e-3; several numbers like 3x32x32; letters like A, C."


def undone_text(undone: Undone) -> str:
    """What was taken back."""
    if undone.grade is None:
        return _("Taken back: the card is asked as before.")
    return _("Taken back: {grade}.").format(grade=_(GRADES[undone.grade]))


def forgotten_text(card: Card, lapses: int) -> str:
    """What is said of a leech."""
    question = unmarked(card.text.question)
    return ngettext(
        "Forgotten {count} time: {question}", "Forgotten {count} times: {question}", lapses, question=question
    )
