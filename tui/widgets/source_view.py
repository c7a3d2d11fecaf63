"""A demo's own source, with the line lit at which its generator stands."""

from __future__ import annotations

from pathlib import Path

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip


class SourceView(ScrollView, can_focus=False):
    """Python source, highlighted once; only the lit line changes."""

    DEFAULT_CSS = """
    SourceView { scrollbar-size-vertical: 1; scrollbar-size-horizontal: 0; background: $surface; }
    """

    def __init__(self, path: str) -> None:
        super().__init__()
        self._path = path
        self._strips: list[Strip] = []
        self._theme = ""
        self._lit = 0

    def on_show(self) -> None:
        self._highlight()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        if self._strips:
            self._highlight()

    def light(self, line: int) -> None:
        """Light a line (from 1) and keep it in sight."""
        self._highlight()
        if line != self._lit:
            self._lit = line
            self.refresh()
        self.call_after_refresh(self._follow)

    def _follow(self) -> None:
        """Scroll to the lit line; only once the layout knows how long the source is."""
        top, height = self.scroll_offset.y, self.size.height
        if not top < self._lit - 1 < top + height - 1:
            self.scroll_to(y=max(0, self._lit - 1 - height // 2), animate=False, force=True)

    def render_line(self, y: int) -> Strip:
        number = y + self.scroll_offset.y
        width = self.size.width
        if number >= len(self._strips):
            return Strip.blank(width, self.rich_style)
        lit = number + 1 == self._lit
        mark = Segment("▸" if lit else " ", Style.parse(f"bold {self.app.theme_variables['accent']}"))
        strip = Strip([mark, *self._strips[number]]).adjust_cell_length(width, self.rich_style).crop(0, width)
        base = self.rich_style + Style(bgcolor=self.app.theme_variables["panel"]) if lit else self.rich_style
        return strip.apply_style(base)

    def _highlight(self) -> None:
        """Done when it is first seen, and for each theme."""
        if self._theme == self.app.theme:
            return
        self._theme = self.app.theme
        from rich.console import Console
        from rich.syntax import Syntax  # 40 ms: pays for pygments

        source = Path(self._path).read_text(encoding="utf-8")
        theme = "github-dark" if self.app.current_theme.dark else "friendly"
        syntax = Syntax(source, "python", theme=theme, background_color="default")
        console = Console(width=200, color_system="truecolor", force_terminal=True)
        lines = console.render_lines(
            syntax.highlight(source.rstrip("\n")), console.options.update(no_wrap=True), pad=False
        )
        gutter = len(str(len(lines)))
        muted = Style.parse(self.app.theme_variables["muted"])
        self._strips = [
            Strip([Segment(f"{i:>{gutter}} ", muted), *_inked(segments)]) for i, segments in enumerate(lines, 1)
        ]
        self.virtual_size = Size(1, len(self._strips))
        self.refresh()


def _inked(segments: list[Segment]) -> list[Segment]:
    """Segments with their foreground alone: the paper is the widget's."""
    return [
        Segment(text, Style(color=style.color, bold=style.bold, italic=style.italic) if style else None)
        for text, style, control in segments
        if not control and text != "\n"
    ]
