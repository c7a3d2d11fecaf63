"""The library of a learner's decks: a folder in which each deck is a Markdown file or a folder.

Adding copies, removing sets aside: no file of a learner's is ever deleted.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from qa_bank.card import Card, Problem
from qa_bank.check import KnownDemo
from qa_bank.deck import LINK_TEXT, Deck, files, name_problem, read, slug
from qa_bank.error import SaidError
from qa_bank.harmless import harmless

REMOVED = ".removed"
"""The folder of the decks that were removed or replaced."""

NAME_TWICE_TEXT = "another deck has this name: {path}"
NOT_ADDED_TEXT = "{path} was not added."
NO_SOURCE_TEXT = "No such file or folder: {path}"
NAME_TEXT = "A deck cannot be called '{name}': use up to 60 letters, digits, - and _, and no topic of Viva's own."
NO_DECK_TEXT = "No deck '{name}'. Decks: {names}."
NO_DECKS_TEXT = "No deck '{name}': there are no decks yet."
EXISTS_TEXT = "{path} is there already."
WRITE_TEXT = "{path} cannot be written: {reason}."

STARTER_TEXT = r"""# A question and its answer. Say the answer aloud, then press Space. A list is shown as points to tick.

Q: Why are the weights of a network not all zero at the start?
A: Units with equal weights get equal gradients:
they would stay copies of one another.

Q: What does a training step do?
A:
- run the model forward
- compute the loss
- run the gradients backward
- let the optimizer change the weights

# Each [part] in brackets is asked for in a card of its own. A bracket that hides nothing is written \[ or \].

C: A softmax turns [logits] into [probabilities] that sum to [one].

# A card can name an experiment, and one of its presets: d opens it beside the card. `viva demo list` lists them.

Q: Which recurrent network still learns at a lag of 80 steps?
A: An LSTM: its cell state carries the gradient from step to step.
Demo: rnn_memory lag-80
---
What follows a line of dashes is a note to yourself, up to the next card.
"""
"""What a new deck begins with."""


class DeckError(SaidError):
    """A deck cannot be added, removed or written."""

    def __init__(self, text: str, problems: tuple[Problem, ...] = (), **values: str | int) -> None:
        super().__init__(text, **values)
        self.problems = problems
        """What is wrong with the deck's files."""


def decks(root: Path, language: str = "en") -> list[Deck]:
    """The decks of a library, in the order of their names; of one that cannot be used only what is wrong with it."""
    found: dict[str, Deck] = {}
    twins: list[Deck] = []
    for name, path in _entries(root):
        shown = harmless(str(path))
        if name in found:
            twins.append(Deck(name, shown, (), (Problem(shown, 1, NAME_TWICE_TEXT, {"path": found[name].path}),)))
        elif path.is_symlink():
            found[name] = Deck(name, shown, (), (Problem(shown, 1, LINK_TEXT),))
        elif wrong := name_problem(path, name):
            found[name] = Deck(name, shown, (), (wrong,))
        else:
            found[name] = read(path, name, language)
    return [*found.values(), *twins]


def load(root: Path, language: str = "en") -> tuple[list[Card], list[Problem]]:
    """Every card of a library, and what is wrong with its decks."""
    found = decks(root, language)
    return [card for deck in found for card in deck.cards], [problem for deck in found for problem in deck.problems]


def check(path: Path, demos: Mapping[str, KnownDemo]) -> list[Problem]:
    """Everything that is wrong with a deck, in the order of files and lines."""
    deck = read(path, demos=demos)
    wrong = name_problem(path, deck.name)
    return [*([wrong] if wrong else ()), *deck.problems]


def add(root: Path, source: Path, now: datetime, demos: Mapping[str, KnownDemo] | None = None) -> Deck:
    """Copy a deck into the library; a deck of its name that is there is set aside first.

    The deck that is returned was read where it came from: its problems name the files that its author can correct.
    Raises DeckError: nothing of it can be read, or it cannot have its name.
    """
    if not source.exists():
        raise DeckError(NO_SOURCE_TEXT, path=harmless(str(source)))
    deck = read(source, demos=demos)
    wrong = name_problem(source, deck.name)
    if wrong or not deck.cards:
        raise DeckError(NOT_ADDED_TEXT, (*([wrong] if wrong else ()), *deck.problems), path=harmless(str(source)))
    single = source.is_file()
    try:
        unfinished = root / f".{deck.name}.part"
        _discard(unfinished)
        root.mkdir(parents=True, exist_ok=True)
        for file in files(source, []):
            copy = unfinished if single else unfinished / file.relative_to(source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(file.read_bytes())
        _set_aside(root, deck.name, now)
        unfinished.rename(root / (f"{deck.name}.md" if single else deck.name))
    except OSError as error:
        raise _unwritten(root, error) from None
    return deck


def remove(root: Path, name: str, now: datetime) -> Path:
    """Set a deck aside, and return where it lies now. What was learned of it stays in the log. Raises DeckError."""
    try:
        aside = _set_aside(root, slug(name), now)
    except OSError as error:
        raise _unwritten(root, error) from None
    if aside is None:
        names = ", ".join(dict.fromkeys(name for name, _path in _entries(root)))
        raise DeckError(NO_DECK_TEXT if names else NO_DECKS_TEXT, name=harmless(name), names=names)
    return aside


def new(path: Path, name: str, text: str = STARTER_TEXT) -> Path:
    """Write a small deck to begin with, into a folder or as the file that is named. Raises DeckError."""
    called = slug(name)
    if name_problem(path, called):
        raise DeckError(NAME_TEXT, name=harmless(name))
    file = path / f"{called}.md" if path.is_dir() else path
    try:
        with file.open("x", encoding="utf-8") as target:
            target.write(f'---\nname = "{called}"\n---\n\n{text}')
    except FileExistsError:
        raise DeckError(EXISTS_TEXT, path=str(file)) from None
    except OSError as error:
        raise _unwritten(file, error) from None
    return file


def _entries(root: Path) -> Iterator[tuple[str, Path]]:
    """The names and places of what may be decks."""
    try:
        places = sorted(root.iterdir()) if root.is_dir() else []
    except OSError:
        return
    for path in places:
        if not path.name.startswith(".") and (path.suffix == ".md" or path.is_dir()):
            yield slug(path.stem if path.suffix == ".md" and not path.is_dir() else path.name), path


def _set_aside(root: Path, name: str, now: datetime) -> Path | None:
    """Move what a deck's name stands for out of the way; None when nothing does."""
    aside = None
    for path in [path for called, path in _entries(root) if called == name]:
        stem = f"{name}-{now:%Y%m%dT%H%M%S}"
        aside = root / REMOVED / f"{stem}{path.suffix}"
        again = 1
        while aside.exists():
            again += 1
            aside = root / REMOVED / f"{stem}-{again}{path.suffix}"
        aside.parent.mkdir(exist_ok=True)
        path.rename(aside)
    return aside


def _discard(unfinished: Path) -> None:
    """What an interrupted copy left."""
    if unfinished.is_dir():
        shutil.rmtree(unfinished)
    else:
        unfinished.unlink(missing_ok=True)


def _unwritten(path: Path, error: OSError) -> DeckError:
    return DeckError(WRITE_TEXT, path=str(error.filename or path), reason=str(error.strerror))
