"""What a demo is about: what is to be seen, what to try, what it claims and why."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from demos.demo import Claim, Demo
from tui.i18n import _
from tui.keys import bindings
from tui.widgets.views.base import number


class AboutScreen(ModalScreen[None]):
    """Text over the running demo; any of the usual keys closes it."""

    CSS_PATH = "over.tcss"
    BINDINGS = [("escape,q,й,h,р,enter,space", "close"), *bindings("moves")]  # noqa: RUF012

    def __init__(self, demo: Demo, preset: str) -> None:
        super().__init__()
        self._demo = demo
        self._preset = preset

    def compose(self) -> ComposeResult:
        demo = self._demo
        with VerticalScroll(classes="over"):
            yield Static(Content.assemble((_(demo.title), "bold"), "\n", _(demo.about)))
            yield Static(_section(_("What you see"), _(demo.look)))
            yield Static(_section(_("What to try"), *(f"· {_(line)}" for line in demo.tries)))
            yield Static(
                _section(
                    _("What it claims, and why the bound is that"),
                    *(_claim(claim) for claim in demo.claims_of(self._preset)),
                )
            )
            yield Static(_section(_("Knobs"), *(f"{knob.name}: {_(knob.doc)}" for knob in demo.knobs)))

    def action_close(self) -> None:
        self.dismiss(None)


def _claim(claim: Claim) -> Content:
    bound = f"{claim.op} {number(claim.bound)}"
    return Content.assemble("· ", _(claim.says), "  ", (bound, "bold"), "\n  ", (_(claim.why), "$muted"))


def _section(title: str, *lines: str | Content) -> Content:
    return Content.assemble((title, "bold $accent"), *(part for line in lines for part in ("\n", line)))
