"""What the commands of `viva deck` do: a learner's own decks, added, listed, checked, removed, begun."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from qa_bank import decks
from qa_bank.card import Problem
from qa_bank.deck import read
from qa_bank.decks import STARTER_TEXT, DeckError
from tui import i18n, paths
from tui.i18n import _, ngettext
from tui.listings import known_demos, problem_text, show_json, show_table
from tui.trouble import error_text


def deck_add(source: Path) -> int:
    """Copy a deck into the library. 1 when there is anything wrong with it, 2 when it was not added."""
    try:
        deck = decks.add(paths.decks_dir(), source, datetime.now(), known_demos())
    except DeckError as error:
        return _failed(error)
    sys.stdout.write(f"{deck.name}: {_counted(len(deck.cards), len(deck.problems))}\n")
    if deck.problems:
        sys.stdout.write(_("Correct what follows and add the deck again; what cannot be asked was left out.") + "\n")
        _tell(deck.problems)
    sys.stdout.write(_("To study it: {command}").format(command=f"viva study --topic {deck.name}") + "\n")
    return 1 if deck.problems else 0


def deck_list(as_json: bool) -> None:
    found = decks.decks(paths.decks_dir(), i18n.language())
    if as_json:
        show_json(
            [
                {"name": deck.name, "cards": len(deck.cards), "problems": len(deck.problems), "path": deck.path}
                for deck in found
            ]
        )
    elif found:
        rows = [(deck.name, str(len(deck.cards)), str(len(deck.problems)), deck.path) for deck in found]
        show_table((_("name"), _("cards"), _("problems"), _("file")), rows)
    else:
        sys.stdout.write(_("No decks yet. To begin one: {command}").format(command="viva deck new NAME") + "\n")


def deck_remove(name: str) -> int:
    """Set a deck aside. 2 when there is none of that name."""
    try:
        aside = decks.remove(paths.decks_dir(), name, datetime.now())
    except DeckError as error:
        return _failed(error)
    sys.stdout.write(_("Set aside: {path}").format(path=aside) + "\n")
    sys.stdout.write(_("What you learned of it is kept, and counts again when the deck is added again.") + "\n")
    return 0


def deck_check(path: Path, as_json: bool) -> int:
    """All that is wrong with a deck. 1 when there is anything, 2 when there is no deck."""
    if not path.exists():
        sys.stderr.write(_("No such file or folder: {path}").format(path=path) + "\n")
        return 2
    problems = decks.check(path, known_demos())
    if as_json:
        show_json([{"path": p.path, "line": p.line, "message": error_text(p)} for p in problems])
    else:
        _tell(problems)
        sys.stdout.write(_counted(len(read(path).cards), len(problems)) + "\n")
    return 1 if problems else 0


def deck_new(name: str, at: Path) -> int:
    """Write a small deck to begin with. 2 when it cannot be written there."""
    try:
        file = decks.new(at, name, _(STARTER_TEXT))
    except DeckError as error:
        return _failed(error)
    sys.stdout.write(_("Written: {path}").format(path=file) + "\n")
    command = f"viva deck add {shlex.quote(str(file))}"
    sys.stdout.write(_("Write your cards in it, then: {command}").format(command=command) + "\n")
    return 0


def _failed(error: DeckError) -> int:
    sys.stderr.write(error_text(error) + "\n")
    for problem in error.problems:
        sys.stderr.write(problem_text(problem) + "\n")
    return 2


def _tell(problems: Sequence[Problem]) -> None:
    for problem in problems:
        sys.stdout.write(problem_text(problem) + "\n")


def _counted(cards: int, problems: int) -> str:
    found = ngettext("{count} problem", "{count} problems", problems)
    return f"{ngettext('{count} card', '{count} cards', cards)}, {found}"
