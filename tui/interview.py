"""An interview with its log and its clock: what the interview screen and the plain mode both drive."""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable
from datetime import datetime

import msgspec

from qa_bank import interviews
from qa_bank.bank import Bank
from qa_bank.card import Card
from qa_bank.drill import Answer as Result
from qa_bank.hints import Hint, next_hint
from qa_bank.interview import Answered, Ask, Choices, Interview, Plan, Report, draw, posed, report
from qa_bank.interviews import Sat
from qa_bank.listen import heard, terms
from qa_bank.reviews import ReviewLog
from tui.i18n import _, ngettext

UNKNOWN = 0.7
"""How weak one is taken to be in a card never asked."""
SEEDS = 10_000


def plan(bank: Bank, log: ReviewLog, choices: Choices, now: datetime) -> Plan:
    """The questions of these choices: those of before if they were chosen before, else drawn, the weaker the likelier.

    Raises ReviewLogError and UnknownCardError.
    """
    before = interviews.again(interviews.sat(log), choices)
    if before is not None:
        return before
    memories = log.memories()

    def weakness(card: str) -> float:
        return 1 - log.scheduler.recall(memories[card], now) if card in memories else UNKNOWN

    return draw(bank, choices, weakness)


def begin(bank: Bank, log: ReviewLog, choices: Choices, now: datetime) -> Sat | None:
    """Begin an interview; None when no card fits the choices. Raises ReviewLogError and UnknownCardError."""
    drawn = plan(bank, log, choices, now)
    return interviews.begin(log, drawn, now) if drawn.questions else None


def any_seed(now: datetime) -> int:
    """A seed for when none is given; short enough to be typed again."""
    return zlib.crc32(now.isoformat().encode()) % SEEDS


def unfinished(bank: Bank, log: ReviewLog) -> Sat | None:
    """The latest interview, if it was begun and broke off. Raises ReviewLogError."""
    past = [sat for sat in interviews.sat(log) if sat.answers]
    if not past:
        return None
    return past[-1] if Interview(bank, past[-1].plan, past[-1].answers).ask is not None else None


class Sitting:
    """Questions in turn, each answer committed. `now` and `ticks` are the clocks: of the calendar, and of seconds."""

    def __init__(
        self,
        bank: Bank,
        log: ReviewLog,
        sat: Sat,
        now: Callable[[], datetime] = lambda: datetime.now().astimezone(),
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        """sat: an interview that begins or goes on, see `qa_bank.interviews.begin`."""
        self.bank = bank
        self.log = log
        self.now = now
        self.ticks = ticks
        self.uid = sat.uid
        self.plan = sat.plan
        self.interview = Interview(bank, sat.plan, sat.answers)
        self._rows: list[int] = []
        self._shown = ticks()
        self._said: float | None = None
        self.hints: list[Hint] = []

    @property
    def ask(self) -> Ask | None:
        return self.interview.ask

    @property
    def posed(self) -> tuple[Card, Result | None]:
        """The card as it is asked, and what is to be typed if it is a drill."""
        assert self.ask is not None
        card, result = posed(self.bank, self.ask, self.plan.choices.seed)
        if self.ask.kind == "probe":
            card = msgspec.structs.replace(card, text=msgspec.structs.replace(card.text, question=_probe(card)))
        return card, result

    @property
    def seconds(self) -> float:
        """Since the question was put, until it was said to be answered."""
        return self._said if self._said is not None else self.ticks() - self._shown

    @property
    def spent(self) -> float:
        """Since the interview began, without the time it was left alone."""
        return self.interview.spent + (self.ticks() - self._shown if self.ask is not None else 0.0)

    @property
    def number(self) -> int:
        """Which question of the plan this is or belongs to, from 1."""
        return self.ask.main + 1 if self.ask is not None else len(self.plan.questions)

    def hint(self, typed: str = "") -> Hint | None:
        """The next hint towards what is not yet in what was typed so far. None when there is none, as for a drill."""
        if self.ask is None or self.ask.kind not in ("question", "follow_up"):
            return None
        card, _result = self.posed
        hint = next_hint(card, heard(card, typed) if typed else (), self.hints)
        if hint is not None:
            self.hints.append(hint)
        return hint

    def said(self) -> None:
        """The answer is over; the clock of the answer stops."""
        self._said = self.seconds

    def answer(self, named: tuple[int, ...], of: int, typed: str = "") -> Answered:
        """Commit the answer, and go on. Raises ReviewLogError, and then nothing has changed."""
        assert self.ask is not None
        seconds, spent = round(self.seconds, 1), round(self.ticks() - self._shown, 1)
        answered = Answered(self.ask, named, of, seconds, spent, len(self.hints), typed)
        self._rows.append(interviews.keep(self.log, self.uid, answered, self.now()))
        self.interview.answer(answered)
        self._put()
        return answered

    def undo(self) -> Answered | None:
        """Take the latest answer of this sitting back and ask again. None when there is none. Raises ReviewLogError."""
        if not self._rows:
            return None
        self.log.undo(self.now(), self._rows[-1])
        self._rows.pop()
        taken = self.interview.take_back()
        self._put()
        return taken

    def _put(self) -> None:
        self._shown, self._said, self.hints = self.ticks(), None, []

    def report(self) -> Report:
        return report(self.bank, self.plan, self.interview.answers)


def queue_missed(log: ReviewLog, found: Report, now: datetime) -> int:
    """See to it that the cards missed are asked before all else. Returns how many. Raises ReviewLogError."""
    cards = dict.fromkeys(missed.card for missed in found.missed)
    for card in cards:
        log.mark(card, now, sooner=now)
    return len(cards)


def _probe(card: Card) -> str:
    """How one is asked about a point that was missed."""
    named = terms(card.text.points[0])
    if not named:
        return _("There is more to say to that. What else?")
    return _("You have not spoken of this: {terms}. What is there to say?").format(terms=", ".join(named))


def hint_text(hint: Hint) -> str:
    """A hint in words."""
    told = ", ".join(hint.texts)
    match hint.kind:
        case "count":
            return ngettext("{count} point is looked for.", "{count} points are looked for.", hint.count)
        case "aspect":
            return _("Complete this: {text}").format(text=told)
        case "letters":
            return _("It begins like this: {terms}").format(terms=told)
        case "terms":
            return _("Speak of this: {terms}").format(terms=told)
        case "point":
            return told
