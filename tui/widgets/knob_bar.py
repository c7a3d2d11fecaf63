"""The knobs of a demo: a slider each, one of them in hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual.app import ComposeResult
from textual.containers import Grid, Vertical
from textual.content import Content
from textual.events import Click, Resize
from textual.message import Message
from textual.widgets import Static

from demos.demo import Knob, KnobValue
from tui.i18n import _

SLIDER = 7
"""Cells of a slider."""
VALUE = 8
"""Cells that a value is sure to have."""


def value_text(value: KnobValue) -> str:
    """A knob's value as a person would write it."""
    if isinstance(value, bool):
        return _("on") if value else _("off")
    return f"{value:g}" if isinstance(value, float) else str(value)


class KnobSlider(Static):
    """One knob. A click on its slider sets it; the wheel turns it."""

    def __init__(self, knob: Knob, width: int) -> None:
        super().__init__(classes="knob")
        self.knob = knob
        self.asked: KnobValue = knob.default
        self.used: KnobValue | None = None
        self._name_width = width

    def on_mount(self) -> None:
        self.write()

    def write(self) -> None:
        here = self.has_class("-here")
        pending = self.used is not None and self.used != self.asked
        self.update(
            Content.assemble(
                ("▸" if here else " ", "bold $accent"),
                (self.knob.name.ljust(self._name_width), "bold" if here else ""),
                " ",
                *self._track(),
                (value_text(self.asked), "italic $muted" if pending else "bold"),
            )
        )

    def _track(self) -> tuple[tuple[str, str], ...]:
        """A slider for a number; for a choice, which may be a long word, or a switch, a mark."""
        if self.knob.choices or isinstance(self.knob.default, bool):
            return (("‹› ", "$muted"),)
        at = round(self.knob.fraction(self.asked) * (SLIDER - 1))
        return (("─" * at, "$muted"), ("●", "$accent"), ("─" * (SLIDER - 1 - at) + " ", "$faint"))

    def on_click(self, event: Click) -> None:
        x = event.x - self._name_width - 2
        self.post_message(KnobBar.Clicked(self.knob, x / (SLIDER - 1) if 0 <= x < SLIDER else None))


class KnobBar(Vertical):
    """All knobs of a demo, and a line on the one in hand."""

    DEFAULT_CSS = """
    KnobBar { height: auto; }
    KnobBar Grid { height: auto; grid-gutter: 0 1; grid-rows: 1; }
    KnobBar .knob { height: 1; }
    KnobBar #knob-doc { height: auto; max-height: 2; color: $muted; padding-left: 1; }
    """

    class Clicked(Message):
        def __init__(self, knob: Knob, fraction: float | None) -> None:
            super().__init__()
            self.knob = knob
            self.fraction = fraction

    class Turned(Message):
        """The learner wants a knob at another value."""

        def __init__(self, knob: Knob, value: KnobValue) -> None:
            super().__init__()
            self.knob = knob
            self.value = value

    def __init__(self, knobs: Sequence[Knob], values: Mapping[str, KnobValue]) -> None:
        super().__init__()
        self._knobs = tuple(knobs)
        self._values = dict(values)
        self._here = 0
        self._name_width = max((len(knob.name) for knob in knobs), default=0)

    def compose(self) -> ComposeResult:
        with Grid():
            for knob in self._knobs:
                slider = KnobSlider(knob, self._name_width)
                slider.asked = self._values[knob.name]
                yield slider
        yield Static("", id="knob-doc", markup=False)

    def on_mount(self) -> None:
        self.move(0)

    def on_resize(self, event: Resize) -> None:
        width = self._name_width + SLIDER + VALUE + 3
        self.query_one(Grid).styles.grid_size_columns = max(1, min(len(self._knobs), event.size.width // width))

    def move(self, by: int) -> None:
        """Take another knob in hand."""
        if not self._knobs:
            return
        self._here = (self._here + by) % len(self._knobs)
        for i, slider in enumerate(self.query(KnobSlider)):
            slider.set_class(i == self._here, "-here")
            slider.write()
        knob = self._knobs[self._here]
        again = " " + _("A change starts the run again.") if knob.restart else ""
        self.query_one("#knob-doc", Static).update(_(knob.doc) + again)

    def turn(self, by: int) -> None:
        """Turn the knob in hand by some notches."""
        if self._knobs:
            slider = self.query(KnobSlider)[self._here]
            self._ask(slider, slider.knob.nudge(slider.asked, by))

    def show(self, values: Mapping[str, KnobValue], *, asked: bool = False) -> None:
        """The values that the latest frame was computed with; `asked` when they are also what is wanted."""
        for slider in self.query(KnobSlider):
            used = values[slider.knob.name]
            wanted = used if asked else slider.asked
            if used != slider.used or wanted != slider.asked:
                slider.used, slider.asked = used, wanted
                slider.write()

    def on_knob_bar_clicked(self, event: KnobBar.Clicked) -> None:
        event.stop()
        self.move(self._knobs.index(event.knob) - self._here)
        slider = self.query(KnobSlider)[self._here]
        if isinstance(event.knob.default, bool):
            self._ask(slider, not slider.asked)
        elif event.fraction is not None:
            self._ask(slider, event.knob.at(event.fraction))

    def _ask(self, slider: KnobSlider, value: KnobValue) -> None:
        if value != slider.asked:
            slider.asked = value
            slider.write()
            self.post_message(self.Turned(slider.knob, value))
