"""The cards with what the learner has made of them: filtered, searched, put in order, and which leads to which."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from msgspec import Struct

from qa_bank.bank import Bank, concepts
from qa_bank.card import Card
from qa_bank.day import Day
from qa_bank.drill import pose
from qa_bank.marks import Marks
from qa_bank.memory import Memory
from qa_bank.reviews import ReviewLog
from tui.i18n import LEVELS, _, interval_text, n_, topic_text

if TYPE_CHECKING:
    from qa_bank.search import Hit

STRONG = 0.6
"""How much of the best hit's score a card must have that lacks a word of the search."""

KINDS = {"explain": n_("explain"), "tricky": n_("tricky"), "choose": n_("which would you use"), "drill": n_("compute")}
ORDERS = {
    "introduced": n_("as introduced"),
    "topic": n_("by topic"),
    "weakest": n_("weakest first"),
    "due": n_("next due"),
}
STATES = {
    "new": n_("new"),
    "learning": n_("learning"),
    "review": n_("in review"),
    "due": n_("due"),
    "suspended": n_("suspended"),
    "buried": n_("buried"),
    "flagged": n_("flagged"),
    "note": n_("with a note"),
    "leech": n_("often forgotten"),
    "deck": n_("own decks"),
}
DUE = n_("due now")


class Entry(Struct, frozen=True):
    """A card as it stands with the learner."""

    card: Card
    marks: Marks
    memory: Memory | None

    @property
    def signs(self) -> str:
        """A sign for each mark."""
        signs = (("–", self.marks.suspended), ("⚑", self.marks.flagged), ("✎", bool(self.marks.note)))
        return "".join(sign for sign, there in signs if there)


class Filters(Struct, frozen=True):
    """Which cards to show, and in what order."""

    topic: str | None = None
    level: str | None = None
    kind: str | None = None
    state: str | None = None
    order: str = "introduced"

    @property
    def words(self) -> list[str]:
        """What is filtered by, in words."""
        words = [topic_text(self.topic)] if self.topic else []
        for value, names in ((self.level, LEVELS), (self.kind, KINDS), (self.state, STATES)):
            words += [_(names[value])] if value else []
        return words


class Found(Struct, frozen=True):
    """The cards to show."""

    cards: tuple[str, ...]
    nearest: bool = False
    """No card has all the words; these come nearest."""
    hidden: int = 0
    """When there are none: how many there were without the filters."""


LONGEST = timedelta(days=75)
"""As long to say as any interval: with months and a tenth of one."""


def waits_text(interval: timedelta) -> str:
    """When a card comes back."""
    return _("in {time}").format(time=interval_text(interval))


class Catalogue:
    """The cards of a bank, and what the log says of each."""

    def __init__(self, bank: Bank, log: ReviewLog, now: datetime, leech_lapses: int) -> None:
        """leech_lapses: as configured. Raises ReviewLogError."""
        self.bank = bank
        self._leech_lapses = leech_lapses
        self.read(log, now)

    def read(self, log: ReviewLog, now: datetime) -> None:
        """Read what the log says now. Raises ReviewLogError."""
        self._marks = log.marks()
        self._memories = log.memories()
        self._scheduler = log.scheduler
        self._now = now
        self._day_end = Day.of(now).end

    def speak(self, bank: Bank) -> None:
        """Take the cards from a bank in another language."""
        self.bank = bank
        self.__dict__.pop("_texts", None)

    def entry(self, card: str) -> Entry:
        """A card with its marks and memory; a drill with numbers filled in. Raises UnknownCardError."""
        return Entry(pose(self.bank[card])[0], self._marks.get(card, Marks()), self._memories.get(card))

    def state_text(self, entry: Entry) -> str:
        """How a card stands, in a word or two."""
        if entry.marks.suspended:
            return _(STATES["suspended"])
        if entry.marks.aside(self._now):
            return _(STATES["buried"])
        if entry.memory is None:
            return _(STATES["new"])
        if self._due(entry):
            return _(DUE)
        return waits_text(entry.memory.due - self._now)

    def recall(self, entry: Entry) -> float | None:
        """The chance, 0 to 1, that a card is remembered now; None when it is new."""
        return None if entry.memory is None else self._scheduler.recall(entry.memory, self._now)

    def prepare(self) -> None:
        """Make what a search looks through; in a thread, so that the first letter need not wait for it."""
        _ = self._texts

    def find(self, filters: Filters, query: str = "", hits: Sequence[Hit] = ()) -> Found:
        """The cards that pass the filters and have the words; `hits` are the index's for these words, best first.

        Cards that the index finds much better than others come first, with or without each of the words.
        """
        words, tags = asked(query)
        tagged = [card for card in self.bank if all(any(own.startswith(t) for own in card.facts.tags) for t in tags)]
        having = [card.id for card in tagged if not words or all(word in self._text(card.id) for word in words)]
        strong = [hit.card for hit in hits if hit.score >= STRONG * hits[0].score and hit.card in self.bank]
        if tags:
            among = {card.id for card in tagged}
            strong = [card for card in strong if card in among]
        everything = dict.fromkeys([*strong, *having])
        passing = [card for card in everything if self._passes(card, filters)]
        if filters.order != "introduced" or not words:
            passing = self._ordered(passing, filters.order)
        return Found(tuple(passing), nearest=not having and bool(passing), hidden=0 if passing else len(everything))

    @functools.cached_property
    def leading(self) -> dict[str, list[str]]:
        """For each card those that lead to it, in the bank's order."""
        leading: dict[str, list[str]] = {}
        for card in self.bank:
            for follow_up in card.facts.follow_ups:
                leading.setdefault(follow_up, []).append(card.id)
        return leading

    def following(self, card: str) -> list[str]:
        """The cards that a card leads to."""
        return [follow_up for follow_up in self.bank[card].facts.follow_ups if follow_up in self.bank]

    def _passes(self, card: str, filters: Filters) -> bool:
        facts = self.bank[card].facts
        return (
            (filters.topic is None or self.bank[card].topic == filters.topic)
            and (filters.level is None or facts.level == filters.level)
            and (filters.kind is None or facts.kind == filters.kind)
            and (filters.state is None or self._is[filters.state](self._bare(card)))
        )

    @functools.cached_property
    def _is(self) -> dict[str, Callable[[Entry], bool]]:
        """For each of STATES whether a card is in it; it can be in several."""
        ours = concepts()
        return {
            "new": lambda entry: entry.memory is None,
            "learning": lambda entry: entry.memory is not None and entry.memory.state != "review",
            "review": lambda entry: entry.memory is not None and entry.memory.state == "review",
            "due": lambda entry: self._due(entry) and not entry.marks.aside(self._now),
            "suspended": lambda entry: entry.marks.suspended,
            "buried": lambda entry: not entry.marks.suspended and entry.marks.aside(self._now),
            "flagged": lambda entry: entry.marks.flagged,
            "note": lambda entry: bool(entry.marks.note),
            "leech": lambda entry: (
                entry.memory is not None and self._leech_lapses > 0 and entry.memory.lapses >= self._leech_lapses
            ),
            "deck": lambda entry: entry.card.topic not in ours,
        }

    def _bare(self, card: str) -> Entry:
        """A card's entry where its text does not matter."""
        return Entry(self.bank[card], self._marks.get(card, Marks()), self._memories.get(card))

    def _due(self, entry: Entry) -> bool:
        """A card in review is due the whole day, one in learning from its minute on."""
        memory = entry.memory
        return memory is not None and memory.due < (self._day_end if memory.state == "review" else self._now)

    def _ordered(self, cards: Iterable[str], order: str) -> list[str]:
        """Cards in an order of ORDERS; those never asked come last where memory decides."""
        introduced = sorted(cards, key=self._places.__getitem__)
        if order == "topic":
            return sorted(introduced, key=lambda card: self.bank.topics.index(self.bank[card].topic))
        known = [card for card in introduced if card in self._memories]
        if order == "weakest":
            known.sort(key=lambda card: self._scheduler.recall(self._memories[card], self._now))
        elif order == "due":
            known.sort(key=lambda card: self._memories[card].due)
        else:
            return introduced
        return [*known, *(card for card in introduced if card not in self._memories)]

    @functools.cached_property
    def _places(self) -> dict[str, int]:
        return {card.id: place for place, card in enumerate(self.bank)}

    @functools.cached_property
    def _texts(self) -> dict[str, str]:
        return {
            card.id: _plain(
                "\n".join(
                    (
                        card.text.question, *card.text.asked, *card.text.points, card.text.answer,
                        *card.facts.tags, card.id, topic_text(card.topic),
                    )
                )
            )
            for card in self.bank
        }  # fmt: skip

    def _text(self, card: str) -> str:
        """What is searched of a card: all but its explanation, and the learner's own note."""
        marks = self._marks.get(card)
        return self._texts[card] + ("\n" + _plain(marks.note) if marks is not None and marks.note else "")


def asked(query: str) -> tuple[list[str], list[str]]:
    """The words of a search, and the beginnings of tags in it: `#rnn`."""
    words = _plain(query).split()
    tags = [word[1:] for word in words if word.startswith("#") and len(word) > 1]
    return [word for word in words if not word.startswith("#")], tags


def _plain(text: str) -> str:
    """As words are compared: without marks of emphasis, small letters, е for ё."""
    return text.replace("**", "").replace("`", "").lower().replace("ё", "е")
