"""The prediction: asked before a run, judged by what the run measured."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tui.i18n import _
from tui.keys import layouts
from tui.widgets.inline import inline


class PredictBar(Vertical):
    """A question with its options; a digit, Enter or a click chooses."""

    DEFAULT_CSS = """
    PredictBar { height: auto; padding: 1 1; margin-bottom: 1; background: $surface; }
    PredictBar #predict-question { height: auto; margin: 0 1 1 1; text-style: bold; }
    PredictBar OptionList { height: auto; }
    PredictBar #predict-hint { color: $muted; margin: 1 1 0 1; height: auto; }
    """

    BINDINGS = [  # noqa: RUF012
        Binding(",".join(layouts(str(digit))), f"choose({digit})", show=False) for digit in range(1, 7)
    ]

    class Chosen(Message):
        """The learner has said what will happen; `option` counts from 0."""

        def __init__(self, option: int) -> None:
            super().__init__()
            self.option = option

    def __init__(self, question: str, options: Sequence[str]) -> None:
        super().__init__()
        self._question = question
        self._options = tuple(options)

    def compose(self) -> ComposeResult:
        yield Static(inline(self._question), id="predict-question")
        yield OptionList(
            *(
                Option(Content.assemble((f" {i} ", "bold $accent"), " ", inline(option)))
                for i, option in enumerate(self._options, 1)
            )
        )
        yield Static(_("Predict first: the run will judge it."), id="predict-hint", markup=False)

    def on_mount(self) -> None:
        self.query_one(OptionList).focus()

    def action_choose(self, digit: int) -> None:
        if digit <= len(self._options):
            self.post_message(self.Chosen(digit - 1))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.post_message(self.Chosen(event.option_index))
