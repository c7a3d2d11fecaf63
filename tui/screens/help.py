"""Help: every key that does something on the screen one came from."""

from __future__ import annotations

from collections.abc import Iterator

from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen, Screen
from textual.widgets import Static

from tui.i18n import _, n_
from tui.keys import APP, CYRILLIC, bindings, called, in_effect

GROUPS = {
    "study": n_("While you study"),
    "interview": n_("In an interview"),
    "demo": n_("While an experiment is on the screen"),
    "browse": n_("While you browse"),
    "card": n_("With the card at hand"),
    "walk": n_("From card to card"),
    "home": n_("On the first screen"),
    "choices": n_("Among the choices"),
    "sit": n_("Before an interview"),
    "report": n_("With a report"),
    "stats": n_("Among the statistics"),
    "settings": n_("Among the settings"),
    "everywhere": n_("Everywhere"),
    "moves": n_("Moving about"),
}
ALSO = {
    "study": ("demo",),
    "interview": ("demo",),
    "sit": ("choices",),
    "custom": ("choices",),
    "browse": ("card",),
    "card": ("walk",),
}
"""The groups of keys that a screen has beside its own."""


class HelpScreen(ModalScreen[None]):
    """The key table in words."""

    CSS_PATH = "over.tcss"
    BINDINGS = [("escape,q,й,question_mark,f1,enter,space", "close"), *bindings("moves")]  # noqa: RUF012

    def __init__(self, over: Screen[object]) -> None:
        super().__init__()
        self._over = over

    def compose(self) -> ComposeResult:
        name = type(self._over).__name__.removesuffix("Screen").lower()
        names = (name, *ALSO.get(name, ()))
        with VerticalScroll(classes="over"):
            for group, title in GROUPS.items():
                rows = list(_rows(group)) if group in (*APP, *names) else []
                if rows:
                    yield Static(Content.styled(_(title), "bold"), classes="group")
                    yield from rows
            yield Static(
                Content.styled(_("On a Russian or Kazakh layout the same keys work: no need to switch."), "$muted")
            )

    def action_close(self) -> None:
        self.dismiss(None)


def _rows(group: str) -> Iterator[Horizontal]:
    """A row for each key of a group, long sentences wrapped beside it."""
    keys = [key for key in in_effect()[group] if key.help and key.keys]
    for key in keys:
        shown = key.shown or " ".join(map(called, key.keys))
        other = "".join(CYRILLIC[k] for k in key.keys[:1] if k in CYRILLIC and k.isalpha())
        name = f"{shown} ({other})" if other else shown
        row = Horizontal(
            Static(name, classes="key-name", markup=False),
            Static(_(key.help), classes="key-help", markup=False),
            classes="key-row",
        )
        row.set_class(key is keys[-1], "group-end")
        yield row
