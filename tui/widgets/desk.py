"""The desk: a card, and beside it (on a narrow screen over it) the card's experiment."""

from __future__ import annotations

from textual.containers import Horizontal
from textual.widget import Widget

from demos.demo import DemoError
from demos.wire import Start
from qa_bank.card import Card
from tui.i18n import _
from tui.trouble import error_text
from tui.widgets.card_view import CardView
from tui.widgets.demo_pane import DemoPane
from tui.workers import WorkerPool


class Desk(Horizontal):
    """Deals cards and opens their experiments. The screen has the class -running while an experiment is shown."""

    SCOPED_CSS = False  # a class of the screen decides what is shown
    DEFAULT_CSS = """
    Desk { height: 1fr; align-horizontal: center; }
    Desk CardView { width: 1fr; height: 1fr; }
    Desk DemoPane { width: 1fr; display: none; }
    .-running Desk DemoPane { display: block; }
    .-narrow.-running Desk CardView { display: none; }
    .-wide.-running Desk DemoPane { width: 56%; border-left: solid $panel; }
    """

    def __init__(self, pool: WorkerPool, device: str) -> None:
        super().__init__()
        self._pool = pool
        self._device = device

    async def deal(self, sheet: Widget) -> None:
        """Clear the desk, and put a card (or what is said instead) on it."""
        self.screen.remove_class("-running")
        async with self.batch():
            await self.remove_children()
            await self.mount(sheet)
        if isinstance(sheet, CardView):
            sheet.ask()
            if sheet.card.facts.demo is not None:
                self._pool.warm()

    @property
    def card(self) -> CardView:
        """The card on the desk; there has to be one."""
        return self.query_one(CardView)

    @property
    def in_pane(self) -> bool:
        """Whether the keys go to the experiment."""
        focused = self.screen.focused
        return focused is not None and any(isinstance(node, DemoPane) for node in focused.ancestors_with_self)

    @property
    def card_seen(self) -> bool:
        return self.screen.has_class("-wide") or not self.screen.has_class("-running")

    async def demo(self, card: Card, *, predicted: bool) -> None:
        """Open the card's experiment, go to it, or go back to the card. predicted: its outcome need not be asked any more."""
        if card.facts.demo is None:
            self.notify(_("This card has no experiment."))
        elif not self.query(DemoPane):
            await self._open(card, predicted)
        elif self.in_pane:
            self.leave_pane()
        else:
            self.screen.add_class("-running")
            self.query_one(DemoPane).focus()

    def leave_pane(self) -> None:
        """Back to the card; on a narrow screen the experiment steps aside, and goes on."""
        if not self.screen.has_class("-wide"):
            self.screen.remove_class("-running")
        self.card.focus()

    async def _open(self, card: Card, predicted: bool) -> None:
        link, predict = card.facts.demo, card.facts.predict
        assert link is not None
        asked = predict is not None and not predicted and card.text.options
        try:
            start = Start(link.name, link.preset, device=self._device)
            pane = DemoPane(self._pool, start, (card.text.predict, card.text.options) if asked else None)
        except DemoError as error:
            self.notify(error_text(error), severity="warning", markup=False)
            return
        self.screen.add_class("-running")
        await self.mount(pane)
