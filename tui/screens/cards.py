"""Cards: all of them, with the one that is highlighted beside the list; alone when one wants to read it."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from demos.wire import Start
from qa_bank.card import Card
from qa_bank.drill import pose
from tui.i18n import LEVELS, _, topic_text
from tui.keys import bindings
from tui.screens import VivaScreen
from tui.widgets.bars import KeyBar, TitleBar
from tui.widgets.card_view import CardView


class CardsScreen(VivaScreen):
    """A list of cards; Enter opens one."""

    CSS_PATH = "cards.tcss"

    def compose(self) -> ComposeResult:
        yield TitleBar(_("Cards"))
        with Horizontal(id="desk"):
            yield OptionList(*self._options(), id="cards")
        yield KeyBar("everywhere.help", "everywhere.language", "everywhere.theme", "everywhere.back")

    async def fill(self) -> None:
        self.query_one(OptionList).focus()

    def _options(self) -> list[Option | None]:
        options: list[Option | None] = []
        for topic in self.viva.bank.topics:
            options.append(Option(Content.styled(topic_text(topic), "bold $accent"), disabled=True))
            options += [Option(_row(card), id=card.id) for card in self.viva.bank.select(topic=topic)]
        return options

    async def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        if event.option_id is None:
            return
        for old in self.query(CardView):
            await old.remove()
        view = CardView(pose(self.viva.bank[event.option_id])[0], revealed=True)
        view.can_focus = False
        await self.query_one("#desk").mount(view)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.app.push_screen(CardScreen(pose(self.viva.bank[str(event.option_id)])[0]))


class CardScreen(VivaScreen):
    """One card, all of it."""

    BINDINGS = bindings("card")

    def __init__(self, card: Card) -> None:
        super().__init__()
        self._card = card

    def compose(self) -> ComposeResult:
        title = f"{topic_text(self._card.topic)} · {_(LEVELS[self._card.facts.level])}"
        yield TitleBar(title)
        yield CardView(self._card, revealed=True)
        yield KeyBar("card.explanation", "card.demo", "everywhere.help", "everywhere.back")

    async def fill(self) -> None:
        self.query_one(CardView).focus()
        await self.query_one(CardView).explain()

    async def language_changed(self) -> None:
        self._card = pose(self.viva.bank[self._card.id])[0]
        await super().language_changed()

    async def action_explanation(self) -> None:
        await self.query_one(CardView).explain()

    def action_demo(self) -> None:
        demo = self._card.facts.demo
        if demo is None:
            self.notify(_("This card has no experiment."))
        else:
            self.viva.open_demo(Start(demo.name, demo.preset, device=self.viva.config.device))


def _row(card: Card) -> Content:
    level = _(LEVELS[card.facts.level])
    return Content.assemble(("  ", ""), pose(card)[0].text.question, ("  " + level, "$muted"))
