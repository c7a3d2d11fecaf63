"""The cards around one: what leads to it above, where it leads below."""

from __future__ import annotations

from textual.content import Content

from tui.catalogue import Catalogue
from tui.i18n import _
from tui.widgets.card_list import card_lines
from tui.widgets.long_list import LongList


class CardGraph(LongList):
    """A tree of one card's neighbours; one stands at one of them."""

    def __init__(self, catalogue: Catalogue, card: str, id: str | None = None) -> None:
        super().__init__(id=id)
        self._catalogue = catalogue
        self._card = card
        self._leading: list[str] = []
        self._following: list[str] = []
        self._read()
        self.set_reactive(LongList.highlighted, self._first)

    @property
    def count(self) -> int:
        return len(self._cards)

    @property
    def here(self) -> str:
        """The card one stands at."""
        return self._cards[self.highlighted]

    @property
    def size_of(self) -> tuple[int, int]:
        """How many cards lead here, and to how many this one leads."""
        return len(self._leading), len(self._following)

    def show(self, card: str, stand: str | None = None) -> None:
        """Draw the cards around another one; stand at one of them, or at the first that it leads to."""
        self._card = card
        self._read()
        self.show_row(self._cards.index(stand) if stand in self._cards else self._first)

    def reach(self, row: int) -> int:
        """All that this card leads to, once one is past what leads here."""
        return row if row < len(self._leading) else self.count - 1

    def draw(self, row: int, width: int, here: bool) -> list[Content]:
        card = self._cards[row]
        entry = self._catalogue.entry(card)
        before, after = len(self._leading), len(self._following)
        last = row == self.count - 1
        if row < before:
            branch = ("╭─" if row == 0 else "├─", "│ ")
        elif row == before:
            branch = ("● ", "│ " if after else "  ")
        else:
            branch = ("╰─" if last else "├─", "  " if last else "│ ")
        lines = card_lines(entry, self._catalogue.state_text(entry), width, here, branch=branch)
        if row == 0:
            heading = _("Leads here") if before else _("No card leads here: one begins with it.")
            lines.insert(0, Content.styled(heading, "$muted"))
        if row == before:
            above = [Content.styled("│", "$muted")] if before else []
            below = Content.assemble(("│", "$muted"), ("   " + _("leads on to"), "$muted"))
            lines = [*above, *lines, *([below] if after else [])]
        return lines

    @property
    def _cards(self) -> list[str]:
        return [*self._leading, self._card, *self._following]

    @property
    def _first(self) -> int:
        return min(len(self._leading) + 1, self.count - 1)

    def _read(self) -> None:
        self._leading = [card for card in self._catalogue.leading.get(self._card, []) if card != self._card]
        self._following = [card for card in self._catalogue.following(self._card) if card != self._card]
