"""One screen a file, its .tcss beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.screen import Screen

if TYPE_CHECKING:
    from tui.app import VivaApp


class VivaScreen(Screen[Any]):
    """A screen of Viva: it knows its app, and composes itself anew when the language changes."""

    @property
    def viva(self) -> VivaApp:
        app: Any = self.app
        viva: VivaApp = app
        return viva

    async def language_changed(self) -> None:
        """The language of the interface is another one now."""
        await self.recompose()
        await self.fill()

    async def fill(self) -> None:
        """Fill in what compose leaves open: when the screen is mounted, and after the language changed."""

    async def on_mount(self) -> None:
        await self.fill()
