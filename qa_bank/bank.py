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
        self.cards = {card.id: card for card in _introduced(cards)}
        self.problems = tuple(problems)

    @classmethod
    def load(cls, language: str = "en", root: Path = CARDS) -> Bank:
        """Read every card under root/<topic>/. A file with a mistake becomes a problem; the rest of the bank works."""
        return cls(*read_all(language, root))

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


def read_all(language: str, root: Path = CARDS) -> tuple[list[Card], list[Problem]]:
    """The cards under root/<topic>/, and what is wrong with the files that cannot be read as cards."""
    cards: list[Card] = []
    problems: list[Problem] = []
    for path in english_files(root):
        try:
            cards.append(read_card(path, language))
        except CardError as error:
            problems.append(error.problem)
    return cards, problems


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


def _introduced(cards: Iterable[Card]) -> list[Card]:
    """Cards in the order in which a newcomer meets them: the core, then level by level; within a level by turns from every
    topic, since what is mixed is told apart better than what is learned in blocks. A topic's drills come last.
    """
    topics = {topic: place for place, topic in enumerate(concepts())}
    levels = {level: place for place, level in enumerate(LEVELS)}
    turns: Counter[tuple[bool, int, int, str]] = Counter()
    placed = []
    for card in cards:
        facts, ours = card.facts, card.topic in topics
        pile = (CORE not in facts.tags, levels[facts.level], topics.get(card.topic, len(topics)), card.topic)
        # the cards of a topic that is not ours, such as a deck, keep the order in which they come
        placed.append((pile, facts.drill is not None, card.id if ours else "", card))
    placed.sort(key=lambda place: place[:3])
    ordered = []
    for pile, _drill, _id, card in placed:
        ordered.append((*pile[:2], turns[pile], pile[2:], card))
        turns[pile] += 1
    ordered.sort(key=lambda place: place[:4])
    return [place[4] for place in ordered]
