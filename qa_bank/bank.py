"""The bank: every card by its id, in the order in which a newcomer should meet them."""

from __future__ import annotations

import difflib
import functools
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from qa_bank.card import LEVELS, Card, CardError, Level, Problem, read_card
from qa_bank.error import SaidError

HERE = Path(__file__).parent
CARDS = HERE / "cards"
CORE = "core"
"""The tag of the cards that a newcomer is offered first."""


class UnknownCardError(SaidError):
    """No card, topic or level goes by a name."""

    TEXTS = {  # noqa: RUF012
        "card": "No card '{name}'. Did you mean: {nearest}?",
        "topic": "No topic '{name}'. Topics: {nearest}.",
        "level": "No level '{name}'. Levels: {nearest}.",
        "style": "No style '{name}'. Styles: {nearest}.",
        "tag": "No tag '{name}'. Tags: {nearest}.",
    }

    def __init__(self, kind: str, name: str, names: Iterable[str]) -> None:
        super().__init__(self.TEXTS[kind], name=name, nearest=", ".join(names))


class Bank:
    """Cards in one language, and the problems of the files that could not be read as cards."""

    def __init__(self, cards: Iterable[Card], problems: Iterable[Problem] = ()) -> None:
        self.cards = {card.id: card for card in _interleaved(sorted(cards, key=_order))}
        self.problems = tuple(problems)

    @classmethod
    def load(cls, language: str = "en", root: Path = CARDS, decks: Path | None = None) -> Bank:
        """Read every card under root/<topic>/, and of the learner's own decks.

        A file with a mistake becomes a problem; the rest of the bank works.
        """
        cards: list[Card] = []
        problems: list[Problem] = []
        for path in english_files(root):
            try:
                cards.append(read_card(path, language))
            except CardError as error:
                problems.append(error.problem)
        if decks is not None and decks.is_dir():
            from qa_bank.decks import load  # it knows the bank, and not every learner has decks

            more, wrong = load(decks, language)
            cards += more
            problems += wrong
        return cls(cards, problems)

    def __len__(self) -> int:
        return len(self.cards)

    def __iter__(self) -> Iterator[Card]:
        return iter(self.cards.values())

    def __contains__(self, card: object) -> bool:
        return card in self.cards

    def __getitem__(self, card: str) -> Card:
        """The card of that id. Raises UnknownCardError, which offers the nearest ids."""
        if card not in self.cards:
            near = difflib.get_close_matches(card, self.cards, n=4, cutoff=0.3) or list(self.cards)[:4]
            raise UnknownCardError("card", card, near)
        return self.cards[card]

    @functools.cached_property
    def topics(self) -> tuple[str, ...]:
        """The topics that have cards, in the order of concepts.toml."""
        present = {card.topic for card in self}
        known = [topic for topic in concepts() if topic in present]
        return (*known, *sorted(present - set(known)))

    @functools.cached_property
    def tags(self) -> tuple[str, ...]:
        """The tags that cards have."""
        return tuple(sorted({tag for card in self for tag in card.facts.tags}))

    def select(self, topic: str | None = None, level: str | None = None, tag: str | None = None) -> list[Card]:
        """Cards of a topic, a level and a tag, each where given. Raises UnknownCardError."""
        if topic is not None and topic not in self.topics:
            raise UnknownCardError("topic", topic, self.topics)
        if level is not None and level not in LEVELS:
            raise UnknownCardError("level", level, LEVELS)
        if tag is not None and tag not in self.tags:
            raise UnknownCardError("tag", tag, self.tags)
        return [
            card
            for card in self
            if (topic is None or card.topic == topic)
            and (level is None or card.facts.level == level)
            and (tag is None or tag in card.facts.tags)
        ]


def english_files(root: Path) -> list[Path]:
    """The English file of every card: root/<topic>/<id>.md."""
    return sorted(path for path in root.glob("*/*.md") if path.name.count(".") == 1)


@functools.cache
def aliases() -> dict[str, dict[str, tuple[str, ...]]]:
    """Other words by which people ask for a concept: {concept: {language: words}}."""
    return msgspec.convert(_toml("aliases.toml"), dict[str, dict[str, tuple[str, ...]]])


class Concept(Struct, frozen=True):
    """What the lectures teach, and the levels at which it is asked for."""

    title: str
    levels: tuple[Level, ...]


@functools.cache
def concepts() -> dict[str, dict[str, Concept]]:
    """The concepts of the lectures: {topic: {id: concept}}."""
    return msgspec.convert(_toml("concepts.toml"), dict[str, dict[str, Concept]])


def coverage(bank: Bank) -> dict[str, dict[Level, tuple[str, ...]]]:
    """For each concept the cards that teach it, by level; a level at which it is asked for stands there without cards too."""
    found: dict[str, dict[Level, tuple[str, ...]]] = {}
    for topic in concepts().values():
        for name, concept in topic.items():
            cards = [card for card in bank if name in card.facts.concepts]
            found[name] = {
                level: tuple(card.id for card in cards if card.facts.level == level)
                for level in LEVELS
                if level in concept.levels or any(card.facts.level == level for card in cards)
            }
    return found


@functools.cache
def sources() -> dict[str, dict[str, str]]:
    """The lectures: {short name: {title, kind, language}}."""
    tables: dict[str, dict[str, str]] = _toml("sources.toml")
    return tables


def _toml(name: str) -> Any:
    return tomllib.loads((HERE / name).read_text(encoding="utf-8"))


def _order(card: Card) -> tuple[bool, int, int, bool, str]:
    """The place of a card; those of a topic that is not ours, such as a deck, keep the order in which they come."""
    topics = list(concepts())
    ours = card.topic in topics
    place = topics.index(card.topic) if ours else len(topics)
    last = card.id if ours else card.topic
    return CORE not in card.facts.tags, LEVELS.index(card.facts.level), place, card.facts.drill is not None, last


def _interleaved(cards: list[Card]) -> list[Card]:
    """Cards of one level by turns from every topic: what is mixed is told apart better than what is learned in blocks."""
    turns: Counter[tuple[bool, str, str]] = Counter()
    places = []
    for place, card in enumerate(cards):
        among = (CORE in card.facts.tags, card.facts.level, card.topic)
        places.append((not among[0], LEVELS.index(card.facts.level), turns[among], place, card))
        turns[among] += 1
    return [card for *_place, card in sorted(places, key=lambda place: place[:4])]
