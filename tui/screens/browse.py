"""Browse: all the cards, filtered as one types, with the one that one stands at beside them."""

from __future__ import annotations

from threading import Thread
from typing import TYPE_CHECKING

from msgspec.structs import replace
from textual import work
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.suggester import Suggester
from textual.timer import Timer
from textual.widgets import Input, Static

from tui.catalogue import ORDERS, Catalogue, Entry, Filters, Found, asked
from tui.i18n import _, language, ngettext, topic_text
from tui.keys import bindings
from tui.library import load_index
from tui.screens.card import CardKeys, CardScreen
from tui.screens.filter import FilterScreen
from tui.widgets.bars import KeyBar, TitleBar
from tui.widgets.card_list import CardList
from tui.widgets.card_view import CardView

if TYPE_CHECKING:
    from qa_bank.search import Index

PAUSE = 0.08
"""Seconds without a key after which what was typed is searched for, or the card one rests at is shown."""
HITS = 40
"""The most cards that the index is asked for."""
SHORTEST = 3
"""Letters from which on the index is asked; fewer are looked for as they stand."""

LIST_KEYS = (
    "browse.search", "browse.filter", "browse.order", "browse.open",
    "card.flag", "card.suspend", "card.note", "card.bury", "everywhere.help", "browse.leave",
)  # fmt: skip
SEARCH_KEYS = ("browse.row(1)", "browse.open", "browse.leave")


class BrowseScreen(CardKeys):
    """The list, what it is narrowed to, and a card's preview where there is room for it."""

    CSS_PATH = "browse.tcss"
    BINDINGS = bindings("browse")

    class IndexBuilt(Message):
        """The index finds cards from now on."""

    def __init__(self, catalogue: Catalogue) -> None:
        super().__init__(catalogue)
        self._filters = Filters()
        self._query = ""
        self._found = Found(())
        self._stand: str | None = None
        self._explained = False
        self._left = False
        self._typing: Timer | None = None
        self._resting: Timer | None = None

    @property
    def at_hand(self) -> Entry | None:
        card = self._list.card
        return None if card is None else self._catalogue.entry(card)

    def compose(self) -> ComposeResult:
        yield TitleBar(_("Cards"))
        yield Input(
            self._query,
            placeholder=_("Search: words, or #tag"),
            id="search",
            select_on_focus=False,
            suggester=TagSuggester(self.viva.bank.tags),
        )
        yield Static(id="said", markup=False)
        with Horizontal(id="desk"):
            yield CardList(self._catalogue)
            yield Static(id="nothing", markup=False)
        yield KeyBar(*LIST_KEYS)

    async def fill(self) -> None:
        self._list.focus()
        self._look(self._stand)
        if language() not in self.viva.indexes:
            # A daemon: leaving Viva waits for no index.
            Thread(target=self._build_index, args=(language(), self.viva.indexes), daemon=True).start()

    async def language_changed(self) -> None:
        for timer in (self._typing, self._resting):
            if timer is not None:
                timer.stop()
        await super().language_changed()

    def _build_index(self, spoken: str, indexes: dict[str, Index]) -> None:
        """In a thread, which may outlast this screen."""
        self._catalogue.prepare()
        indexes[spoken] = load_index(spoken)
        self.post_message(self.IndexBuilt())

    def on_screen_suspend(self) -> None:
        self._left = True

    async def on_screen_resume(self) -> None:
        """What was done meanwhile is seen."""
        if self._left:
            await self.reread()

    def on_browse_screen_index_built(self) -> None:
        if self._query and self.query(CardList):
            self._look(self._list.card)

    async def show_marks(self) -> None:
        self._list.redraw()
        if (entry := self.at_hand) is not None:
            for view in self.query(CardView):
                view.note = entry.marks.note if view.card.id == entry.card.id else view.note

    def on_input_changed(self, event: Input.Changed) -> None:
        if event.value != self._query:
            self._query = event.value
            if self._typing is not None:
                self._typing.stop()
            self._typing = self.set_timer(PAUSE, self._search)

    def on_input_submitted(self) -> None:
        self._search()
        self._list.focus()

    def _search(self) -> None:
        """Look for what is typed; the best match is the one to stand at."""
        if self._typing is not None:
            self._typing.stop()
            self._typing = None
        self._look(None if asked(self._query)[0] else self._stand)

    def _look(self, stand: str | None) -> None:
        """Show the cards that are searched for; stand: the card to stand at."""
        words = asked(self._query)[0]
        text = " ".join(words)
        index = self.viva.indexes.get(language())
        hits = index.find(text, HITS) if index is not None and len(text) >= SHORTEST else ()
        self._found = self._catalogue.find(self._filters, self._query, hits)
        self._list.show(self._found.cards, words, self._filters.order, stand)
        self._list.display = bool(self._found.cards)
        nothing = self.query_one("#nothing", Static)
        nothing.display = not self._found.cards
        nothing.update(self._nothing())
        self.query_one("#said", Static).update(self._said())
        self._stand_at()

    def on_long_list_highlighted(self) -> None:
        self._stand_at()

    def on_long_list_selected(self) -> None:
        self.action_open()

    def _stand_at(self) -> None:
        self._stand = self._list.card or self._stand
        entry = self.at_hand
        self.query_one(TitleBar).say(status=topic_text(entry.card.topic) if entry else "")
        if self._resting is not None:
            self._resting.stop()
        # Called later: a timer that is stopped would break off what it awaits.
        self._resting = self.set_timer(PAUSE, lambda: self.call_later(self._preview))

    async def _preview(self) -> None:
        """Show the card one stands at beside the list, where there is room."""
        if not self.query(CardList):
            return
        entry = self.at_hand if self.has_class("-wide") else None
        if entry is not None and any(view.card == entry.card for view in self.query(CardView)):
            return
        async with self.batch():
            await self.query(CardView).remove()
            if entry is not None:
                view = CardView(entry.card, revealed=True, note=entry.marks.note)
                await self.query_one("#desk").mount(view)
                if self._explained:
                    await view.explain(scroll=False)

    def on_resize(self) -> None:
        self.call_after_refresh(self._preview)

    async def on_descendant_focus(self) -> None:
        await self.query_one(KeyBar).show(*(SEARCH_KEYS if self._searching else LIST_KEYS))

    def action_search(self) -> None:
        self.query_one(Input).focus()

    @work
    async def action_filter(self) -> None:
        filters = await self.app.push_screen_wait(FilterScreen(self._catalogue, self._filters, self._query))
        if filters != self._filters:
            self._narrow(filters)

    def action_topic(self, by: int) -> None:
        """The next topic alone; after the last one all of them."""
        topics = (None, *self.viva.bank.topics)
        at = topics.index(self._filters.topic) if self._filters.topic in topics else 0
        self._narrow(replace(self._filters, topic=topics[(at + by) % len(topics)]))

    def action_order(self) -> None:
        orders = list(ORDERS)
        self._narrow(replace(self._filters, order=orders[(orders.index(self._filters.order) + 1) % len(orders)]))

    def action_clear(self) -> None:
        """All the cards again."""
        self._query = self.query_one(Input).value = ""
        self._narrow(Filters(order=self._filters.order))

    def _narrow(self, filters: Filters) -> None:
        reordered = filters.order != self._filters.order
        self._filters = filters
        self._look(None if reordered else self._stand)

    def action_row(self, by: int) -> None:
        if self._searching:
            self._list.focus()
        else:
            self._list.move(by)

    def action_page(self, by: int) -> None:
        self._list.page(by)

    def action_edge(self, by: int) -> None:
        self._list.move(by * self._list.count)

    def action_open(self) -> None:
        if (card := self._list.card) is not None:
            self.app.push_screen(CardScreen(card, self._catalogue, self._aside))

    async def action_explanation(self) -> None:
        """The explanation beside the list; where there is no room for it, the card."""
        card, views = self._list.card, self.query(CardView)
        if card is not None and not views:
            self.app.push_screen(CardScreen(card, self._catalogue, self._aside, explained=True))
        for view in views:
            await view.explain()
            self._explained = view.has_class("-explained")

    async def action_leave(self) -> None:
        if not self._found.cards and self.viva.bank.cards:
            self.action_clear()
            self._list.focus()
        elif self._searching and self._query:
            self.query_one(Input).value = ""
        elif self._searching:
            self._list.focus()
        else:
            await self.viva.action_back()

    @property
    def _list(self) -> CardList:
        return self.query_one(CardList)

    @property
    def _searching(self) -> bool:
        return self.query_one(Input).has_focus

    def _said(self) -> str:
        """What is shown, and in what order."""
        words, tags = asked(self._query)
        count, every = len(self._found.cards), len(self.viva.bank)
        narrowed = words or tags or self._filters.words
        number = _("{found} of {all}").format(found=count, all=every)
        order = (
            _("best match first") if words and self._filters.order == "introduced" else _(ORDERS[self._filters.order])
        )
        parts = [
            *self._filters.words,
            *(f"#{tag}" for tag in tags),
            *([_("not these words, but near them")] if self._found.nearest else []),
            number if narrowed else ngettext("{count} card", "{count} cards", every),
            *([order] if count else []),
        ]
        return " · ".join(parts)

    def _nothing(self) -> Content:
        lines = [Content.styled(_("No card matches."), "bold")]
        if hidden := self._found.hidden:
            text = ngettext(
                "{count} card matches without the filters.", "{count} cards match without the filters.", hidden
            )
            lines.append(Content(text))
        lines += [Content(""), Content(_("Esc shows all cards again."))]
        return Content("\n").join(lines)


class TagSuggester(Suggester):
    """Completes the tag that is being typed; the right arrow takes it."""

    def __init__(self, tags: tuple[str, ...]) -> None:
        super().__init__(use_cache=False)
        self._tags = tags

    async def get_suggestion(self, value: str) -> str | None:
        before, mark, begun = value.rpartition("#")
        whole = next((tag for tag in self._tags if tag.startswith(begun)), None) if begun else None
        return f"{before}{mark}{whole}" if mark and whole else None
