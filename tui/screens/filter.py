"""Which cards to show, and in what order: a few choices over the list."""

from __future__ import annotations

from msgspec.structs import asdict
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from qa_bank.card import LEVELS as ALL_LEVELS
from tui.catalogue import KINDS, ORDERS, STATES, Catalogue, Filters
from tui.i18n import LEVELS, _, topic_text
from tui.keys import bindings
from tui.widgets.choices import Choice, Choices, any_of


class FilterScreen(ModalScreen[Filters]):
    """Returns the filters, whatever way one leaves."""

    CSS_PATH = "over.tcss"
    DEFAULT_CSS = """
    FilterScreen { align: center middle; background: $background 60%; }
    FilterScreen Choices { margin-bottom: 1; }
    """
    BINDINGS = [*bindings("choices", "moves"), ("escape,q,й", "start")]  # noqa: RUF012

    def __init__(self, catalogue: Catalogue, filters: Filters, query: str) -> None:
        super().__init__()
        self._catalogue = catalogue
        self._filters = filters
        self._query = query

    def compose(self) -> ComposeResult:
        with Vertical(classes="over"):
            yield Static(Content.styled(_("Which cards to show"), "bold"))
            yield Choices(self._rows(), asdict(self._filters))
            yield Static(id="count", classes="below")
            yield Static(
                Content.styled(
                    _("←→ changes a choice, Enter shows the cards. By tag: type #tag in the search."), "$muted"
                )
            )

    def on_mount(self) -> None:
        self.query_one(Choices).focus()
        self.on_choices_changed()

    def _rows(self) -> tuple[Choice, ...]:
        topics = [(topic, topic_text(topic)) for topic in self._catalogue.bank.topics]
        return (
            Choice("topic", _("Topic"), any_of(topics)),
            Choice("level", _("Level"), any_of([(level, _(LEVELS[level])) for level in ALL_LEVELS])),
            Choice("kind", _("Kind"), any_of([(kind, _(name)) for kind, name in KINDS.items()])),
            Choice("state", _("State"), any_of([(state, _(name)) for state, name in STATES.items()])),
            Choice("order", _("Order"), tuple((order, _(name)) for order, name in ORDERS.items())),
        )

    @property
    def _chosen(self) -> Filters:
        return Filters(**self.query_one(Choices).values)

    def on_choices_changed(self) -> None:
        found = len(self._catalogue.find(self._chosen, self._query).cards)
        text = _("{found} of {all}").format(found=found, all=len(self._catalogue.bank))
        self.query_one("#count", Static).update(Content.styled(text, "bold" if found else "$warning"))

    def action_row(self, by: int) -> None:
        self.query_one(Choices).move(by)

    def action_change(self, by: int) -> None:
        self.query_one(Choices).change(by)

    def action_start(self) -> None:
        self.dismiss(self._chosen)
