"""The lines at the top and the bottom of a screen."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from tui.i18n import _
from tui.keys import Key, called, key_of


class TitleBar(Horizontal):
    """Where one is, on the left; how one stands, on the right."""

    DEFAULT_CSS = """
    TitleBar { height: 1; padding: 0 1; color: $muted; }
    TitleBar #title { width: 1fr; height: 1; padding-right: 1; text-wrap: nowrap; text-overflow: ellipsis; }
    TitleBar #status { width: auto; text-align: right; }
    """

    def __init__(self, title: str = "", status: str = "") -> None:
        super().__init__()
        self._title = title
        self._status = status

    def compose(self) -> ComposeResult:
        yield Static(self._title, id="title", markup=False)
        yield Static(self._status, id="status", markup=False)

    def say(self, title: str | None = None, status: str | None = None) -> None:
        if title is not None:
            self.query_one("#title", Static).update(title)
        if status is not None:
            self.query_one("#status", Static).update(status)


class KeyHint(Static):
    """One key and what it does; a click does it too."""

    def __init__(self, key: Key, action: str) -> None:
        super().__init__(classes="hint", markup=False)
        self._key = key
        self._action = action

    @property
    def words(self) -> tuple[str, str]:
        """The key as it is called, and what it does."""
        return self._key.shown or called(self._key.keys[0]), _(self._key.label)

    @property
    def cells(self) -> int:
        key, label = self.words
        return len(key) + 1 + len(label) + 2

    def on_mount(self) -> None:
        key, label = self.words
        self.update(Content.assemble((key, "bold $accent"), " ", label))

    async def on_click(self) -> None:
        await self.run_action(self._action)


class KeyBar(Horizontal):
    """The keys that do something here. Where room is short the last but two give way first; `?` shows them all."""

    DEFAULT_CSS = """
    KeyBar { height: 1; padding: 0 1; }
    KeyBar .hint { width: auto; margin-right: 2; color: $muted; }
    KeyBar .hint:hover { color: $text; text-style: underline; }
    """

    def __init__(self, *actions: str, target: str = "screen") -> None:
        """actions: of the key table, as `study.reveal`."""
        super().__init__()
        self._actions = actions
        self._target = target

    def compose(self) -> ComposeResult:
        for name in self._actions:
            key = key_of(name)
            if not key.keys:
                continue
            everywhere = name.startswith("everywhere.")
            prefix = "app." if everywhere else "" if key.action.startswith("app.") else f"{self._target}."
            yield KeyHint(key, prefix + key.action)

    async def show(self, *actions: str) -> None:
        """Show other keys."""
        if actions != self._actions:
            self._actions = actions
            await self.recompose()
            self._fit()

    def on_resize(self) -> None:
        self._fit()

    def _fit(self) -> None:
        hints = list(self.query(KeyHint))
        excess = sum(hint.cells for hint in hints) - self.size.width
        for hint in hints:
            hint.display = True
        for hint in reversed(hints[:-2]):
            if excess > 0:
                hint.display = False
                excess -= hint.cells
