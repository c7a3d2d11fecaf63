"""A deck: cards that a learner wrote or was given, a file or a folder of them.

A Markdown file is a plain deck (plain_deck.py), unless it begins with the facts of a card: then it is one card in Viva's
own format (card.py), and `<id>.ru.md` and `<id>.kk.md` beside it are its translations. A folder may hold both, as deep as
one likes; all of it is one deck, and the deck is one topic. Whoever wrote it: its text is made harmless as it is read,
it runs no code, and no link is followed out of it.
"""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import msgspec
from msgspec import Struct

from qa_bank.bank import CARDS, CORE, concepts, english_files
from qa_bank.card import LANGUAGES, Card, CardError, CardText, Facts, Problem, read_card
from qa_bank.check import KnownDemo, demo_problems, ties
from qa_bank.harmless import harmless, harmless_value
from qa_bank.plain_deck import CARDS_TEXT, LETTERS_TEXT, MOST_CARDS, MOST_LETTERS, MOST_POINTS, name_in, parse

MOST_FILE = 1_000_000
"""Bytes of a file."""
MOST_DECK = 20_000_000
"""Bytes of a deck."""
MOST_FILES = 2 * MOST_CARDS
MOST_PROBLEMS = 1_000
"""A deck that has more is no deck."""
MOST_NAME = 60

NO_NAME_TEXT = "'{name}' has no letter or digit to name a deck by"
LONG_NAME_TEXT = "a deck's name of {n} characters; {most} at the most"
TOPIC_TEXT = "'{name}' is a topic of Viva's own; give the deck another name"
LINK_TEXT = "a symbolic link; what it points to is not read"
FILE_TEXT = "{n} bytes; a file has {most} at the most"
DECK_TEXT = "a deck has {most} bytes at the most; this file is left out"
FILES_TEXT = "a deck has {most} files at the most; the others are left out"
NO_CARDS_TEXT = "no cards: a card is a line that begins with Q: and one with A:, or one with C: and a [part] to hide"
TWICE_TEXT = "asks what line {line} of {path} asks; left out"
POINTS_TEXT = "{n} points; a card has {most} at the most"
FOLLOW_UP_TEXT = "no card '{name}' to follow up with; left out"


class Deck(Struct, frozen=True):
    """A deck as it was read: what can be asked, and what is wrong with the rest."""

    name: str
    path: str
    cards: tuple[Card, ...]
    problems: tuple[Problem, ...]


def slug(name: str) -> str:
    """A name as a folder, a topic and a part of an id: small letters of any alphabet, digits, - and _."""
    letters = unicodedata.normalize("NFC", name).lower()
    kept = (c if c.isalnum() or c == "_" or unicodedata.category(c)[0] == "M" else "-" for c in letters)
    return re.sub("-{2,}", "-", "".join(kept)).strip("-")


def own_name(path: Path) -> str:
    """The name that a deck has: of a folder its own, of a file the one in its front matter, or its own."""
    if path.is_dir():
        return slug(path.resolve().name)
    try:
        with path.open("rb") as file:
            start = file.read(4096).decode("utf-8-sig", errors="ignore")
    except OSError:
        start = ""
    return slug(name_in(harmless(start)) or path.stem)


def name_problem(path: Path, name: str) -> Problem | None:
    """Why a deck cannot have a name."""
    shown = harmless(str(path))
    if not name:
        return Problem(shown, 1, NO_NAME_TEXT, {"name": harmless(path.stem)})
    if len(name) > MOST_NAME:
        return Problem(shown, 1, LONG_NAME_TEXT, {"n": len(name), "most": MOST_NAME})
    if name in concepts():
        return Problem(shown, 1, TOPIC_TEXT, {"name": name})
    return None


def read(
    path: Path, name: str | None = None, language: str = "en", demos: Mapping[str, KnownDemo] | None = None
) -> Deck:
    """Read the deck at a path. Nothing in its files makes this fail: what cannot be read is a problem.

    name: what it is called in the library; its own name when not given.
    demos: those that there are; what the cards say of demos is taken on trust when not given.
    """
    reader = _Reader(own_name(path) if name is None else name, language, demos)
    reader.read(path)
    cards = tuple(reader.followed())
    shown = harmless(str(path))
    problems = [harmless_value(problem) for problem in reader.problems[:MOST_PROBLEMS]]
    problems.sort(key=lambda problem: (problem.path, problem.line))
    if more := len(reader.problems) - len(problems):
        problems.append(Problem(shown, 1, "and {n} more problems", {"n": more}))
    if not cards and not problems:
        problems.append(Problem(shown, 1, NO_CARDS_TEXT))
    return Deck(reader.name, shown, cards, tuple(problems))


def files(path: Path, problems: list[Problem]) -> Iterator[Path]:
    """The Markdown files of a deck in the order of their names, within the limits; what is passed over is a problem."""
    total = 0
    for count, file in enumerate([path] if path.is_file() else _walk(path, problems), 1):
        size = file.stat().st_size
        total += size
        if count > MOST_FILES:
            problems.append(Problem(str(file), 1, FILES_TEXT, {"most": MOST_FILES}))
            return
        if size > MOST_FILE:
            problems.append(Problem(str(file), 1, FILE_TEXT, {"n": size, "most": MOST_FILE}))
        elif total > MOST_DECK:
            problems.append(Problem(str(file), 1, DECK_TEXT, {"most": MOST_DECK}))
        else:
            yield file


def _walk(folder: Path, problems: list[Problem]) -> Iterator[Path]:
    for here, folders, names in os.walk(folder, onerror=lambda error: problems.append(_unreadable(folder, error))):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        written = sorted(name for name in names if name.endswith(".md") and not name.startswith("."))
        for path in (Path(here, name) for name in (*written, *folders)):
            if path.is_symlink():
                problems.append(Problem(str(path), 1, LINK_TEXT))
            elif path.is_file():
                yield path


def _unreadable(path: Path, error: OSError) -> Problem:
    return Problem(str(error.filename or path), 1, "cannot be read: {reason}", {"reason": str(error.strerror)})


class _Reader:
    """Reads the files of one deck, one after another."""

    def __init__(self, name: str, language: str, demos: Mapping[str, KnownDemo] | None) -> None:
        self.name = name
        self.cards: dict[str, Card] = {}
        self.problems: list[Problem] = []
        self._lines: dict[str, tuple[str, int]] = {}
        self._language = language
        self._demos = demos

    def read(self, path: Path) -> None:
        try:
            found = list(files(path, self.problems))
        except OSError as error:
            self.problems.append(_unreadable(path, error))
            return
        known = set(found)
        for file in found:
            try:
                self._file(file, known)
            except OSError as error:
                self.problems.append(_unreadable(file, error))

    def _file(self, path: Path, known: set[Path]) -> None:
        base, _dot, language = path.stem.rpartition(".")
        if language in LANGUAGES[1:] and (english := path.with_name(f"{base}.md")) in known and _is_card(english):
            return
        if _is_card(path):
            translated = path.with_suffix(f".{self._language}.md") in known
            self._card(path, self._language if translated else "en")
        else:
            self._plain(path)

    def _plain(self, path: Path) -> None:
        data = path.read_bytes()
        try:
            text = harmless(data.decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            self.problems.append(Problem(str(path), data[: error.start].count(b"\n") + 1, "not UTF-8"))
            return
        cards, problems = parse(text, str(path), MOST_CARDS - len(self.cards))
        self.problems += problems
        for plain in cards:
            words = " ".join(plain.question.split())
            name = hashlib.blake2b(words.encode("utf-8", "replace"), digest_size=6).hexdigest()
            content = CardText(plain.question, plain.answer, plain.points)
            facts = Facts(demo=plain.demo)
            card = Card(f"{self.name}/{name}", self.name, facts, content, self._language, str(path))
            if self._demos is not None:
                wrong = demo_problems(card, self._demos)
                self.problems += (msgspec.structs.replace(problem, line=plain.demo_line) for problem in wrong)
            self._add(card, path, plain.line)

    def _card(self, path: Path, language: str) -> None:
        try:
            card = read_card(path, language)
        except CardError as error:
            self.problems.append(error.problem)
            return
        except (RecursionError, ValueError) as error:  # tables in tables without end, a number of 10,000 digits
            self.problems.append(Problem(str(path), 2, "not TOML: {reason}", {"reason": str(error)}))
            return
        wrong = [*ties(card), *self._too_much(card)]
        self.problems += wrong
        if self._demos is not None:
            self.problems += demo_problems(card, self._demos)
        if not wrong:
            # with which cards a newcomer begins is not a deck's to say
            tags = tuple(tag for tag in card.facts.tags if tag != CORE)
            facts = msgspec.structs.replace(card.facts, tags=tags)
            name = f"{self.name}/{slug(path.stem)}"
            self._add(harmless_value(msgspec.structs.replace(card, id=name, topic=self.name, facts=facts)), path, 1)

    def _too_much(self, card: Card) -> Iterator[Problem]:
        if (n := len("".join(_strings(msgspec.structs.astuple(card.text))))) > MOST_LETTERS:
            yield Problem(card.path, 1, LETTERS_TEXT, {"n": n, "most": MOST_LETTERS})
        if (n := max(len(card.text.points), len(card.text.options))) > MOST_POINTS:
            yield Problem(card.path, 1, POINTS_TEXT, {"n": n, "most": MOST_POINTS})

    def _add(self, card: Card, path: Path, line: int) -> None:
        if card.id in self.cards:
            other, at = self._lines[card.id]
            self.problems.append(Problem(str(path), line, TWICE_TEXT, {"line": at, "path": other}))
        elif len(self.cards) == MOST_CARDS:
            self.problems.append(Problem(str(path), line, CARDS_TEXT, {"most": MOST_CARDS}))
        else:
            self.cards[card.id] = card
            self._lines[card.id] = (path.name, line)

    def followed(self) -> Iterator[Card]:
        """The cards, with their follow-ups by the ids that those have here: of this deck, else of Viva's own bank."""
        ours: set[str] | None = None
        for card in self.cards.values():
            if not card.facts.follow_ups:
                yield card
                continue
            if ours is None:
                ours = {path.stem for path in english_files(CARDS)}
            kept: list[str] = []
            for name in card.facts.follow_ups:
                own = f"{self.name}/{slug(name)}"
                if own in self.cards or name in ours:
                    kept.append(own if own in self.cards else name)
                else:
                    self.problems.append(Problem(card.path, 1, FOLLOW_UP_TEXT, {"name": name}))
            yield msgspec.structs.replace(card, facts=msgspec.structs.replace(card.facts, follow_ups=tuple(kept)))


def _is_card(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4).rstrip(b"\r\n") == b"+++"


def _strings(values: Iterable[object]) -> Iterator[str]:
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, tuple):
            yield from _strings(value)
