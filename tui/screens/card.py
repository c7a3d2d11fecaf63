"""A card: all of it, and the cards around it to walk to."""

from __future__ import annotations

from typing import Any

from textual import work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from demos.wire import Start
from qa_bank.day import Day
from qa_bank.log_file import ReviewLogError
from qa_bank.reviews import Undone
from tui.catalogue import Catalogue, Entry
from tui.i18n import LEVELS, _, topic_text
from tui.keys import bindings
from tui.screens import VivaScreen
from tui.screens.note import NoteScreen
from tui.study import undone_text
from tui.widgets.bars import KeyBar, TitleBar
from tui.widgets.card_graph import CardGraph
from tui.widgets.card_view import CardView
from tui.widgets.inline import inline
from tui.widgets.long_list import LongList

STEPS = 3
"""Cards of the way here that are shown."""


class CardKeys(VivaScreen):
    """What is done with the card at hand, by the keys that do it while one studies. Each change is committed at once."""

    BINDINGS = bindings("card")

    def __init__(self, catalogue: Catalogue, aside: list[int] | None = None) -> None:
        """aside: the rows of the log that set cards aside, latest last; screens that follow one another share them."""
        super().__init__()
        self._catalogue = catalogue
        self._aside = [] if aside is None else aside

    @property
    def at_hand(self) -> Entry | None:
        """The card that the keys are about."""
        raise NotImplementedError

    async def show_marks(self) -> None:
        """Marks have changed: show them."""
        raise NotImplementedError

    async def language_changed(self) -> None:
        self._catalogue.speak(self.viva.bank)
        await super().language_changed()

    async def reread(self) -> None:
        """Read what the log says now, and show it."""
        try:
            self._catalogue.read(self.viva.log_book, self.viva.now())
        except ReviewLogError as error:
            self.viva.say_trouble(error)
            return
        await self.show_marks()

    async def action_flag(self) -> None:
        if (entry := self.at_hand) is not None:
            await self._mark(entry, flagged=not entry.marks.flagged)

    async def action_suspend(self) -> None:
        if (entry := self.at_hand) is None:
            return
        taken_up = entry.marks.suspended
        if await self._mark(entry, suspended=not taken_up):
            self.notify(_("Asked again from now on.") if taken_up else _("Suspended; u takes it back."))

    async def action_bury(self) -> None:
        if (entry := self.at_hand) is None:
            return
        now = self.viva.now()
        dug_up = entry.marks.buried is not None and entry.marks.buried > now
        if await self._mark(entry, buried=None if dug_up else Day.of(now).end):
            self.notify(_("Asked again from now on.") if dug_up else _("Buried until tomorrow; u takes it back."))

    @work
    async def action_note(self) -> None:
        if (entry := self.at_hand) is not None:
            note = await self.app.push_screen_wait(NoteScreen(entry.card.text.question, entry.marks.note))
            await self._mark(entry, note=note)

    async def action_undo(self) -> None:
        """Take back the last burying or suspending of these screens."""
        undone: Undone | None = None
        try:
            while undone is None and self._aside:
                undone = self.viva.log_book.undo(self.viva.now(), self._aside[-1])
                self._aside.pop()
        except ReviewLogError as error:
            self.viva.say_trouble(error)
            return
        if undone is None:
            self.notify(_("There is nothing to take back."))
            return
        self.notify(undone_text(undone))
        await self.reread()

    def action_demo(self) -> None:
        if (entry := self.at_hand) is None:
            return
        demo = entry.card.facts.demo
        if demo is None:
            self.notify(_("This card has no experiment."))
        else:
            self.viva.open_demo(Start(demo.name, demo.preset, device=self.viva.config.device))

    async def _mark(self, entry: Entry, **change: Any) -> bool:
        try:
            row = self.viva.log_book.mark(entry.card.id, self.viva.now(), **change)
        except ReviewLogError as error:
            self.viva.say_trouble(error)
            return False
        if change.keys() & {"suspended", "buried"}:
            self._aside.append(row)
        await self.reread()
        return True


class CardScreen(CardKeys):
    """One card, and the way along the follow-ups that one came."""

    CSS_PATH = "card.tcss"
    BINDINGS = bindings("walk")

    def __init__(
        self, card: str, catalogue: Catalogue, aside: list[int] | None = None, *, explained: bool = False
    ) -> None:
        """explained: with the explanation, on this card and on those that one walks to."""
        super().__init__(catalogue, aside)
        self._card = card
        self._explained = explained
        self._way: list[str] = []

    @property
    def at_hand(self) -> Entry:
        return self._catalogue.entry(self._card)

    def compose(self) -> ComposeResult:
        yield TitleBar()
        with Horizontal(id="desk"):
            yield CardView(self.at_hand.card, revealed=True, note=self.at_hand.marks.note)
            with Vertical(id="around"):
                yield Static(id="way")
                yield CardGraph(self._catalogue, self._card)
        yield Static(id="neighbours")
        yield KeyBar()

    async def fill(self) -> None:
        self._graph.show(self._card)
        self._write()
        (self._graph if self.has_class("-around") else self.query_one(CardView)).focus()
        await self._write_keys()
        if self._explained:
            await self.query_one(CardView).explain()

    async def language_changed(self) -> None:
        bank = self.viva.bank
        self._way = [card for card in self._way if card in bank]
        if self._card not in bank:
            self.dismiss()
            return
        await super().language_changed()

    async def show_marks(self) -> None:
        self.query_one(CardView).note = self.at_hand.marks.note
        self._graph.redraw()
        self._write()

    async def action_explanation(self) -> None:
        if self._graph.has_focus and not self.has_class("-wide"):
            await self.action_around()
        view = self.query_one(CardView)
        await view.explain()
        self._explained = view.has_class("-explained")

    async def action_around(self) -> None:
        """Between the card and the cards around it."""
        to_graph = not self._graph.has_focus
        self.set_class(to_graph, "-around")
        (self._graph if to_graph else self.query_one(CardView)).focus()
        await self._write_keys()

    async def action_row(self, by: int) -> None:
        if self._graph.has_focus:
            self._graph.move(by)
        else:
            self.query_one(CardView).scroll_relative(y=by, animate=False)

    async def action_page(self, by: int) -> None:
        if self._graph.has_focus:
            self._graph.page(by)
        elif by > 0:
            self.query_one(CardView).action_page_down()
        else:
            self.query_one(CardView).action_page_up()

    async def action_walk(self) -> None:
        """Go to the card that one stands at among those around; to this one: read it."""
        if not self._graph.has_focus or self._graph.here == self._card:
            await self.action_around()
            return
        self._way.append(self._card)
        await self._go(self._graph.here)

    async def action_back_along(self) -> None:
        if self._way:
            came_from = self._card
            await self._go(self._way.pop(), stand=came_from)
        else:
            self.notify(_("This is where the way began."))

    async def on_long_list_selected(self, event: LongList.Selected) -> None:
        self._graph.focus()
        await self.action_walk()

    async def action_leave(self) -> None:
        if self.has_class("-around") and not self.has_class("-wide"):
            await self.action_around()
        else:
            await self.viva.action_back()

    async def on_descendant_focus(self) -> None:
        self.set_class(self._graph.has_focus, "-around")
        await self._write_keys()

    async def _go(self, card: str, stand: str | None = None) -> None:
        self._card = card
        self._graph.show(card, stand)
        old = self.query_one(CardView)
        focused = old.has_focus
        view = CardView(self.at_hand.card, revealed=True, note=self.at_hand.marks.note)
        async with self.batch():
            await old.remove()
            await self.query_one("#desk").mount(view, before=0)
        if focused:
            view.focus()
        self._write()
        await self._write_keys()
        if self._explained:
            await view.explain(scroll=False)

    @property
    def _graph(self) -> CardGraph:
        return self.query_one(CardGraph)

    def _write(self) -> None:
        entry = self.at_hand
        card = entry.card
        title = " · ".join((topic_text(card.topic), _(LEVELS[card.facts.level]), *entry.signs))
        self.query_one(TitleBar).say(title, self._catalogue.state_text(entry))
        way = self.query_one("#way", Static)
        way.display = bool(self._way)
        way.update(self._way_text())
        before, after = self._graph.size_of
        around = _("Leads here: {before}   Leads on to: {after}").format(before=before, after=after)
        self.query_one("#neighbours", Static).update(Content.styled(around, "$muted"))

    def _way_text(self) -> Content:
        """The last cards of the way, a line each."""
        earlier = len(self._way) - STEPS
        lines = [Content.styled(_("Your way here"), "$muted") + (f" (+{earlier})" if earlier > 0 else "")]
        for card in self._way[-STEPS:]:
            lines.append(Content.assemble(("› ", "$accent"), inline(self._catalogue.entry(card).card.text.question)))
        return Content("\n").join(lines)

    async def _write_keys(self) -> None:
        move = ("walk.row(1)", "walk.walk") if self._graph.has_focus else ()
        back = ("walk.back_along",) if self._way else ()
        acts = ("card.demo", "card.explanation", "card.flag", "card.note", "card.suspend", "card.bury")
        await self.query_one(KeyBar).show("walk.around", *move, *back, *acts, "everywhere.help", "walk.leave")
