"""A card: its question, and once it is revealed the key points to tick, the answer, and on demand all the rest."""

from __future__ import annotations

from collections.abc import Iterable

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Input, Static, TextArea

from qa_bank.card import Card
from qa_bank.harmless import harmless
from tui.i18n import _
from tui.widgets.inline import inline, paragraphs


class KeyPoint(Horizontal):
    """One key point; a click ticks it."""

    def __init__(self, index: int, text: str) -> None:
        super().__init__(classes="point")
        self.index = index
        self.ticked = False
        self._text = inline(text)

    def compose(self) -> ComposeResult:
        yield Static(classes="mark")
        yield Static(self._text, classes="words")

    def on_mount(self) -> None:
        self.write()

    def write(self) -> None:
        mark = ("✓", "bold $success") if self.ticked else ("·", "$muted")
        cursor = "▸" if self.has_class("-here") else " "
        self.query_one(".mark", Static).update(Content.assemble((cursor, "bold $accent"), mark))

    def on_click(self) -> None:
        self.post_message(CardView.PointClicked(self.index))


class Essay(TextArea):
    """A longer answer."""

    def __init__(self, text: str) -> None:
        super().__init__(text, soft_wrap=True, show_line_numbers=False, tab_behavior="focus")


class CardView(VerticalScroll, inherit_bindings=False):
    """Shows a card. Hidden at first is what the learner should say alone."""

    DEFAULT_CSS = """
    CardView { padding: 1 0 0 2; scrollbar-size-vertical: 1; scrollbar-gutter: stable; }
    CardView { align-horizontal: center; }
    CardView > * { width: 100%; max-width: 98; padding-right: 2; }
    CardView #question { text-style: bold; margin-bottom: 1; height: auto; }
    CardView #prompt { color: $muted; height: auto; }
    CardView #typed { border: none; height: 1; padding: 0 1; margin: 0 2 1 0; background: $panel; }
    CardView Essay, CardView Essay:focus { height: 7; border: none; padding: 0 1; margin: 0 2 1 0; background: $panel; }
    CardView.-revealed Essay { height: auto; max-height: 6; }
    CardView #hints { display: none; margin-top: 1; height: auto; }
    CardView.-revealed #hints { margin: 0 0 1 0; }
    CardView #answer-part { height: auto; display: none; }
    CardView #points { margin-top: 0; }
    CardView.-revealed #answer-part { display: block; }
    CardView.-revealed #prompt { display: none; }
    CardView .heading { color: $muted; margin-top: 1; }
    CardView .point { height: auto; }
    CardView .mark { width: 3; }
    CardView .words { width: 1fr; height: auto; }
    CardView .point.-here { background: $panel; }
    CardView #answer { height: auto; }
    CardView #note { height: auto; margin-top: 1; border-left: solid $accent; padding-left: 1; }
    CardView #note.-none { display: none; }
    CardView #verdict { height: auto; margin-bottom: 1; display: none; }
    CardView #more { height: auto; display: none; margin-top: 1; }
    CardView.-explained #more { display: block; }
    CardView Markdown { margin: 0; padding: 0; background: transparent; }
    """

    BINDINGS = [  # noqa: RUF012
        ("pageup", "page_up"),
        ("pagedown", "page_down"),
        ("home", "scroll_home"),
        ("end", "scroll_end"),
    ]

    class PointClicked(Message):
        """A key point was ticked with the mouse."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    class Ticked(Message):
        """The key points that are ticked have changed."""

        def __init__(self, ticked: int, of: int) -> None:
            super().__init__()
            self.ticked = ticked
            self.of = of

    note: reactive[str] = reactive("", init=False)
    """The learner's own words on the card."""

    def __init__(
        self, card: Card, *, revealed: bool = False, typed: bool = False, note: str = "", prompt: str | None = None
    ) -> None:
        """typed: the answer is to be typed, not said; prompt: what the learner is told to do, if not the usual."""
        super().__init__(can_focus=True)
        self._prompt = prompt
        self.card = card
        self._typed = typed
        self.set_reactive(CardView.note, note)
        self._here = 0
        self._hints: list[str] = []
        self.set_class(revealed, "-revealed")

    def compose(self) -> ComposeResult:
        text = self.card.text
        yield Static(paragraphs(text.question), id="question")
        if self._typed:
            yield Input(placeholder=_("Type the answer, then press Enter; Enter alone shows it."), id="typed")
        else:
            prompt = _("Answer aloud, then press Space.") if self._prompt is None else self._prompt
            yield Static(prompt, id="prompt", markup=False)
        yield Static("", id="hints")
        with Vertical(id="answer-part"):
            yield Static("", id="verdict")
            told = _("Key points") if self.revealed else _("Key points: tick what you said")
            heading = _("The rule") if self._typed else told
            if text.points:
                yield Static(heading, classes="heading", id="points", markup=False)
            for i, point in enumerate(text.points):
                yield KeyPoint(i, point)
            if text.answer:
                yield Static(_("As you would say it"), classes="heading", markup=False)
                yield Static(paragraphs(text.answer), id="answer")
            yield Static(_note(self.note), id="note", classes="" if self.note else "-none")
            yield Vertical(id="more")

    def watch_note(self, note: str) -> None:
        line = self.query_one("#note", Static)
        line.set_class(not note, "-none")
        line.update(_note(note))

    @property
    def revealed(self) -> bool:
        return self.has_class("-revealed")

    @property
    def ticked(self) -> list[int]:
        """The key points that are ticked, by their numbers from 0."""
        return [point.index for point in self.query(KeyPoint) if point.ticked]

    def reveal(self) -> None:
        self.add_class("-revealed")
        self.move(0)

    def hint(self, hint: str) -> None:
        """Add a hint to those given."""
        line = self.query_one("#hints", Static)
        line.display = True
        self._hints.append(hint)
        line.update(
            Content("\n").join([Content.assemble(("? ", "bold $accent"), inline(hint)) for hint in self._hints])
        )

    async def write(self, prompt: str, text: str = "") -> None:
        """Let the answer be typed at length. prompt: how it is ended; text: what was typed before."""
        self.query_one("#prompt", Static).update(prompt)
        if not self.query(Essay):
            await self.mount(Essay(text), before="#hints")
        self.query_one(Essay).focus()

    @property
    def written(self) -> str:
        """What was typed at length."""
        return self.query_one(Essay).text.strip() if self.query(Essay) else ""

    def suggest(self, points: Iterable[int]) -> None:
        """Tick points on the learner's behalf; each tick can be taken away."""
        for point in self.query(KeyPoint):
            if point.index in points:
                point.ticked = True
                point.write()

    def move(self, by: int) -> None:
        """Go to another key point."""
        points = list(self.query(KeyPoint))
        if not self.revealed or not points:
            return
        self._here = min(len(points) - 1, max(0, self._here + by))
        for point in points:
            point.set_class(point.index == self._here, "-here")
            point.write()
        points[self._here].scroll_visible(animate=False)

    def tick(self, index: int | None = None) -> None:
        """Tick the key point one stands at (or another), or take its tick away; then stand at the next."""
        points = list(self.query(KeyPoint))
        if not self.revealed or not points:
            return
        at = self._here if index is None else index
        points[at].ticked = not points[at].ticked
        points[at].write()
        self.post_message(self.Ticked(len(self.ticked), len(points)))
        self._here = at
        self.move(1 if index is None else 0)

    def ask(self) -> None:
        """Wait for the learner: for the keys of the card, or for what is to be typed."""
        (self.query_one(Input) if self._typed and not self.revealed else self).focus()

    def say(self, verdict: str, tone: str) -> None:
        """What became of the prediction."""
        line = self.query_one("#verdict", Static)
        line.display = True
        line.update(Content.styled(verdict, {"good": "$success", "bad": "$error"}.get(tone, "")))

    async def explain(self, *, scroll: bool = True) -> None:
        """Show the explanation, the pitfalls and the code, or hide them; scroll: go there."""
        from textual.widgets import Markdown  # 20 ms, and not every card is explained

        more = self.query_one("#more")
        if not more.children:
            await more.mount(Markdown(harmless(self._more()), open_links=False))
        self.toggle_class("-explained")
        if scroll and self.has_class("-explained"):
            self.call_after_refresh(more.scroll_visible, top=True, animate=False)

    def _more(self) -> str:
        text = self.card.text
        sections = (
            (_("Explanation"), text.explanation),
            (_("Pitfalls"), text.pitfalls),
            (_("Code"), text.code),
            (_("In the demo"), text.demo),
        )
        return "\n\n".join(f"### {title}\n\n{body}" for title, body in sections if body)


def _note(note: str) -> Content:
    """A note under its heading; what is written in it is shown as it is."""
    return Content.assemble((_("Your note"), "$muted"), "\n", harmless(note))
