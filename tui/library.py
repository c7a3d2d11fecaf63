"""All that can be asked: Viva's own cards and those of the learner's decks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa_bank.bank import Bank, read_all
from tui import paths

if TYPE_CHECKING:
    from qa_bank.search import Index


def load_bank(language: str) -> Bank:
    """Every card in a language. What cannot be read is among the bank's problems."""
    cards, problems = read_all(language)
    if paths.decks_dir().is_dir():
        from qa_bank.decks import load  # 10 ms, and not every learner has decks

        own, wrong = load(paths.decks_dir(), language)
        cards += own
        problems += wrong
    return Bank(cards, problems)


def load_index(language: str) -> Index:
    """What finds cards by their words."""
    from qa_bank.search import Index  # 40 ms: pays for the stemmers

    return Index.beside(load_bank(language), language)
