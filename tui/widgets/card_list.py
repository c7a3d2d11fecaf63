"""Cards, a row each: the question, its marks, its level and how it stands."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rich.cells import cell_len
from textual.content import Content

from tui.catalogue import DUE, LONGEST, STATES, Catalogue, Entry, waits_text
from tui.i18n import LEVELS, _, topic_text
from tui.widgets.inline import inline
from tui.widgets.long_list import LongList

SIGNS = 3
"""Cells for the signs of a card's marks."""


class CardList(LongList):
    """The cards found."""

    def __init__(self, catalogue: Catalogue, id: str | None = None) -> None:
        super().__init__(id=id)
        self._catalogue = catalogue
        self.cards: Sequence[str] = ()
        self._words: Sequence[str] = ()
        self._order = ""

    @property
    def count(self) -> int:
        return len(self.cards)

    @property
    def card(self) -> str | None:
        """The card one stands at."""
        return self.cards[self.highlighted] if self.cards else None

    def show(self, cards: Sequence[str], words: Sequence[str], order: str, stand: str | None) -> None:
        """words: what was searched for, which is marked; stand: the card to stand at, if it is among them."""
        self.cards, self._words, self._order = cards, words, order
        self.show_row(cards.index(stand) if stand in cards else 0)

    def draw(self, row: int, width: int, here: bool) -> list[Content]:
        entry = self._catalogue.entry(self.cards[row])
        lines = card_lines(entry, self._standing(entry), width, here, words=self._words)
        if self._order == "topic" and (row == 0 or self._topic(row - 1) != entry.card.topic):
            lines.insert(0, Content.styled(topic_text(entry.card.topic), "bold $accent"))
        return lines

    def _topic(self, row: int) -> str:
        return self._catalogue.bank[self.cards[row]].topic

    def _standing(self, entry: Entry) -> str:
        """What the rows are put in order by, where it is not seen otherwise."""
        recall = self._catalogue.recall(entry) if self._order == "weakest" else None
        return self._catalogue.state_text(entry) if recall is None else f"{recall:.0%}"


def card_lines(
    entry: Entry,
    standing: str,
    width: int,
    here: bool,
    *,
    branch: tuple[str, str] = ("", ""),
    words: Sequence[str] = (),
) -> list[Content]:
    """A card in one line of a width, or two; branch: what is drawn before its first line and its others."""
    level = _(LEVELS[entry.card.facts.level])
    levels = max(cell_len(_(name)) for name in LEVELS.values())
    said = (_(DUE), *(_(STATES[state]) for state in ("new", "buried", "suspended")), waits_text(LONGEST))
    standings = max(map(cell_len, said))
    right = Content.assemble(
        (entry.signs.rjust(SIGNS), "bold $warning"),
        " ",
        (level + " " * (levels - cell_len(level)), "$muted"),
        "  ",
        (
            " " * (standings - cell_len(standing)) + standing,
            "bold $accent" if standing == _(DUE) else "$muted",
        ),
    )
    mark = Content.styled("▸ ", "bold $accent") if here else Content("  ")
    first, other = (Content.styled(piece, "$muted") for piece in branch)
    room = width - first.cell_length - mark.cell_length - right.cell_length - 1
    question = inline(entry.card.text.question)
    if here:
        question = question.stylize("bold")
    if words:
        question = question.highlight_regex(
            re.compile("|".join(map(re.escape, words)), re.IGNORECASE), style="underline"
        )
    head, *more = question.wrap(max(1, room))
    lines = [Content.assemble(first, mark, head.pad_right(room - head.cell_length), " ", right)]
    if more:
        indent = Content.assemble(other, "    ")
        gap = len(question.plain[len(head) :]) - len(question.plain[len(head) :].lstrip())
        rest = question.divide([len(head) + gap])[1]
        lines.append(Content.assemble(indent, rest.truncate(width - indent.cell_length, ellipsis=True)))
    if here:
        lines = [line.pad_right(width - line.cell_length).stylize("on $panel") for line in lines]
    return lines
