"""An interview: which question comes next depends on what was answered so far. Pure: no clock, no chance, nothing read.

A plan is drawn once, by a seed. What is asked from there on follows from the plan and the answers alone, so that an
interview that was broken off goes on from its answers.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Literal, get_args

import msgspec
from msgspec import Struct

from qa_bank.bank import Bank, UnknownCardError
from qa_bank.card import LEVELS, Card, CardText, Level
from qa_bank.drill import Answer as Result
from qa_bank.drill import pose

Style = Literal["theory", "practice", "mixed"]
"""Things to explain; numbers to compute and outcomes to predict; both."""
STYLES: tuple[Style, ...] = get_args(Style)
FOLLOW_UPS = 2
"""How many questions are chained to each."""
BETWEEN = 2
"""In a mixed interview a drill or a prediction comes after so many questions."""
MINUTES_A_QUESTION = 2.0
"""The quickest that a question with what is chained to it goes: how many a limit of time can want."""
SURE = 0.4
"""The chance of being drawn, against a forgotten card's 1, that the best remembered one keeps."""

Kind = Literal["question", "probe", "follow_up", "drill", "prediction"]
"""A question of the plan; a point it was missed in; a question chained to it; a number to type; an outcome to foresee."""


class Choices(Struct, frozen=True):
    """What the learner wants to be asked."""

    questions: int | None = 10
    minutes: float | None = None
    """Where given, no new question is put after so many."""
    topics: tuple[str, ...] = ()
    """Any, when empty."""
    level: Level | None = None
    style: Style = "mixed"
    seed: int = 0

    @property
    def most(self) -> int:
        """How many questions the plan has to hold."""
        if self.questions is not None:
            return self.questions
        return max(1, round((self.minutes or 0) / MINUTES_A_QUESTION))


class Plan(Struct, frozen=True):
    """The cards drawn: the questions in their order, and what may come between them."""

    choices: Choices
    questions: tuple[str, ...]
    between: tuple[str, ...] = ()


class Ask(Struct, frozen=True):
    """What is asked now."""

    kind: Kind
    card: str
    main: int
    """To which question of the plan it belongs, from 0."""
    point: int | None = None
    """The key point that a probe is about."""


class Answered(Struct, frozen=True):
    """How an ask was answered. A drill or a prediction has one point: that it was right."""

    ask: Ask
    named: tuple[int, ...]
    """The key points that were named, by their numbers."""
    of: int
    """How many there were; 0 where nothing could be judged."""
    seconds: float = 0.0
    """From the question to the end of the answer."""
    spent: float = 0.0
    """The same, and what going through the key points took."""
    hints: int = 0
    typed: str = ""

    @property
    def share(self) -> float:
        return len(self.named) / self.of if self.of else 1.0


def spoken(card: Card) -> bool:
    """Whether a card is answered aloud."""
    return card.facts.drill is None


def practical(card: Card) -> bool:
    """Whether a card makes the learner compute or predict."""
    return card.facts.drill is not None or card.facts.predict is not None


def draw(bank: Bank, choices: Choices, weakness: Callable[[str], float]) -> Plan:
    """Draw the cards, the weaker the likelier. weakness: of a card by its id, 0 (sure of it) to 1. Raises UnknownCardError.

    Weighted without replacement by the keys u ^ (1 / w) of Efraimidis and Spirakis, *Weighted random sampling with a
    reservoir*, 2006; each card's u comes of the seed and its id, so that a bank that grows changes little.
    """
    if choices.style not in STYLES:
        raise UnknownCardError("style", choices.style, STYLES)
    among = [card for topic in choices.topics or (None,) for card in bank.select(topic, choices.level)]

    def key(card: Card) -> float:
        u = (zlib.crc32(f"{choices.seed}:{card.id}".encode()) + 0.5) / 2**32
        return float(u ** (1 / (SURE + (1 - SURE) * weakness(card.id))))

    drawn = sorted(among, key=key, reverse=True)
    theory = [card for card in drawn if spoken(card)]
    practice = [card for card in drawn if practical(card)]
    chosen = _spread(practice if choices.style == "practice" else theory, choices.most)
    questions = sorted(chosen, key=lambda card: LEVELS.index(card.facts.level))
    main = {card.id for card in questions}
    between = [card.id for card in _by_turns(practice) if card.id not in main] if choices.style == "mixed" else []
    return Plan(choices, tuple(card.id for card in questions), tuple(between[: choices.most]))


def _spread(cards: Sequence[Card], most: int) -> list[Card]:
    """The first cards, but of no topic much more than its turn and of no level more than half, while others are left."""
    topics = {card.topic for card in cards}
    chosen: list[Card] = []
    count: Counter[str] = Counter()
    for card in cards:
        if count[card.topic] <= most // max(1, len(topics)) and 2 * count[card.facts.level] <= most:
            chosen.append(card)
            count.update((card.topic, card.facts.level))
    taken = {card.id for card in chosen}
    return (chosen + [card for card in cards if card.id not in taken])[:most]


def _by_turns(cards: Sequence[Card]) -> Iterator[Card]:
    """A drill, a prediction, a drill, ...; what is left of either at the end."""
    drills = [card for card in cards if card.facts.drill is not None]
    predictions = [card for card in cards if card.facts.drill is None]
    for i in range(max(len(drills), len(predictions))):
        yield from drills[i : i + 1]
        yield from predictions[i : i + 1]


class Interview:
    """A plan and the answers so far; `ask` is what comes now, None at the end."""

    def __init__(self, bank: Bank, plan: Plan, answers: Iterable[Answered] = ()) -> None:
        self.bank = bank
        self.plan = plan
        self.answers: list[Answered] = []
        self.ask = self._next()
        for answer in answers:
            self.answer(answer)

    def answer(self, answer: Answered) -> None:
        self.answers.append(answer)
        self.ask = self._next()

    def take_back(self) -> Answered | None:
        """Ask the latest again. None when nothing was answered."""
        if not self.answers:
            return None
        taken = self.answers.pop()
        self.ask = taken.ask
        return taken

    @property
    def spent(self) -> float:
        """Seconds so far."""
        return sum(answer.spent for answer in self.answers)

    def _next(self) -> Ask | None:
        if not self.answers:
            return self._main(0)
        last = self.answers[-1].ask
        here = [answer for answer in self.answers if answer.ask.main == last.main]
        first, chained = here[0], [answer for answer in here[1:] if answer.ask.kind in ("probe", "follow_up")]
        if len(chained) < FOLLOW_UPS and (ask := self._chained(first, chained)) is not None:
            return ask
        if last.kind in ("probe", "follow_up") and (ask := self._between(last.main)) is not None:
            return ask
        return self._main(last.main + 1)

    def _main(self, number: int) -> Ask | None:
        choices = self.plan.choices
        out_of_time = choices.minutes is not None and self.spent >= 60 * choices.minutes
        cards = [card for card in self.plan.questions if card in self.bank]
        if out_of_time or number >= len(cards):
            return None
        card = self.bank[cards[number]]
        kind: Kind = "question"
        if choices.style == "practice":
            kind = "drill" if card.facts.drill is not None else "prediction"
        return Ask(kind, card.id, number)

    def _chained(self, first: Answered, chained: Sequence[Answered]) -> Ask | None:
        """First a point that was missed, then where the card leads: to basics after a weak answer, deeper after a strong."""
        card = self.bank[first.ask.card]
        points = range(len(card.text.points) if len(card.text.points) > 1 else 0)  # one alone was shown already
        missed = [i for i in points if i not in first.named] if first.share < 1 else []
        probed = {answer.ask.point for answer in chained}
        if missed and not probed & set(points):
            return Ask("probe", card.id, first.ask.main, missed[0])
        taken = {answer.ask.card for answer in self.answers} | set(self.plan.questions)
        for origin in (self.bank[chained[-1].ask.card] if chained else card, card):
            leads = [self.bank[i] for i in origin.facts.follow_ups if i in self.bank and i not in taken]
            leads = [lead for lead in leads if spoken(lead)]
            if leads:
                by_level = sorted(leads, key=lambda lead: LEVELS.index(lead.facts.level))
                return Ask("follow_up", by_level[-1 if first.share >= 0.5 else 0].id, first.ask.main)
        further = [i for i in missed if i not in probed]
        if further:
            return Ask("probe", card.id, first.ask.main, further[0])
        beside = [
            other for other in self.bank.select(card.topic) if other.id not in taken and other.facts.drill is None
        ]
        return Ask("follow_up", beside[0].id, first.ask.main) if beside else None

    def _between(self, main: int) -> Ask | None:
        """After every few questions a drill or a prediction; not after the last."""
        if (main + 1) % BETWEEN or main + 1 >= len(self.plan.questions):
            return None
        asked = {answer.ask.card for answer in self.answers}
        cards = [card for card in self.plan.between if card in self.bank and card not in asked]
        if not cards:
            return None
        kind: Kind = "drill" if self.bank[cards[0]].facts.drill is not None else "prediction"
        return Ask(kind, cards[0], main)


def drill_seed(card: str, seed: int) -> int:
    """What draws a drill's numbers in an interview of that seed."""
    return zlib.crc32(f"{seed}:{card}".encode())


def posed(bank: Bank, ask: Ask, seed: int) -> tuple[Card, Result | None]:
    """The card as it is asked, and what is to be typed if it is a drill. A probe's has its point alone; the face asks."""
    card, result = pose(bank[ask.card], drill_seed(ask.card, seed))
    if ask.kind == "probe":
        assert ask.point is not None
        return msgspec.structs.replace(card, text=CardText("", "", (card.text.points[ask.point],))), None
    if ask.kind == "prediction":
        text = card.text
        return msgspec.structs.replace(card, text=msgspec.structs.replace(text, question=text.predict)), None
    if result is None and not card.text.points:  # of a plain deck: the answer is all that can be named
        text = msgspec.structs.replace(card.text, points=(card.text.answer,), answer="")
        return msgspec.structs.replace(card, text=text), None
    return card, result


class Part(Struct, frozen=True):
    """How one topic or one level went."""

    name: str
    named: int
    of: int

    @property
    def score(self) -> float:
        return self.named / self.of


class Missed(Struct, frozen=True):
    """Key points of a card that were not named; none of them when its number or its outcome was wrong."""

    card: str
    points: tuple[int, ...]


class Report(Struct, frozen=True):
    """What an interview came to."""

    named: int
    of: int
    questions: int
    """Those of the plan that were answered."""
    planned: int
    topics: tuple[Part, ...]
    """The weakest first."""
    levels: tuple[Part, ...]
    missed: tuple[Missed, ...]
    """By card, in the order in which they were asked."""
    study: tuple[str, ...]
    """The topics to study next, at most three: those below the whole, the weakest first."""
    seconds: float
    """All that it took, going through the key points too."""
    hints: int
    answers: tuple[Answered, ...]

    @property
    def score(self) -> float | None:
        """The share of all points that were named; None when nothing was judged."""
        return self.named / self.of if self.of else None


def report(bank: Bank, plan: Plan, answers: Sequence[Answered]) -> Report:
    """What the answers came to. A point that was missed counts, whether or not it came when it was asked for."""
    judged = [answer for answer in answers if answer.of and answer.ask.card in bank]

    def part(name: str, mine: Sequence[Answered]) -> Part:
        return Part(name, sum(len(answer.named) for answer in mine), sum(answer.of for answer in mine))

    topics = [part(t, [a for a in judged if bank[a.ask.card].topic == t]) for t in bank.topics]
    levels = [part(level, [a for a in judged if bank[a.ask.card].facts.level == level]) for level in LEVELS]
    whole = part("", judged)
    weakest = sorted((topic for topic in topics if topic.of), key=lambda topic: topic.score)
    return Report(
        named=whole.named,
        of=whole.of,
        questions=len({answer.ask.main for answer in answers}),
        planned=len(plan.questions),
        topics=tuple(weakest),
        levels=tuple(level for level in levels if level.of),
        missed=_missed(judged),
        study=tuple(t.name for t in weakest if t.score < 1 and t.score <= whole.score)[:3],
        seconds=sum(answer.spent for answer in answers),
        hints=sum(answer.hints for answer in answers),
        answers=tuple(answers),
    )


def _missed(judged: Iterable[Answered]) -> tuple[Missed, ...]:
    found: dict[str, list[int]] = {}
    for answer in judged:
        if answer.share == 1:
            continue
        points = found.setdefault(answer.ask.card, [])
        if answer.ask.kind in ("question", "follow_up"):
            points += [i for i in range(answer.of) if i not in answer.named]
    return tuple(Missed(card, tuple(points)) for card, points in found.items())
