"""All that can be asked: Viva's own cards and those of the learner's decks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa_bank.bank import Bank
from tui import paths

if TYPE_CHECKING:
    from qa_bank.search import Index


def load_bank(language: str) -> Bank:
    """Every card in a language. What cannot be read is among the bank's problems."""
    return Bank.load(language, decks=paths.decks_dir())


def load_index(language: str) -> Index:
    """What finds cards by their words."""
    from qa_bank.search import Index  # 40 ms: pays for the stemmers

    return Index.load(language, decks=paths.decks_dir())
