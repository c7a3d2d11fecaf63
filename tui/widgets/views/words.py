"""Views of words: tokens with their weights, and notes."""

from __future__ import annotations

from demos.frame import Note, Tokens
from tui.widgets.canvas import Ink, mix, width_of
from tui.widgets.views.base import ViewCanvas, spoken


class TokensView(ViewCanvas):
    wide = True
    grows = False

    def lines(self, width: int) -> int:
        letters = sum(map(len, self.view.tokens))
        return 1 + min(8, max(4, -(-letters // max(1, width)) + 1))

    def draw(self, ink: Ink, width: int, height: int) -> None:
        view: Tokens = self.view
        self.title(ink, width)
        placed: list[tuple[int, int, str, float | None]] = []
        x, y = 0, 1
        for i, token in enumerate(view.tokens):
            weight = view.weights[i] if i < len(view.weights) else None
            for char in token:
                if char == "\n" or x >= width:
                    x, y = 0, y + 1
                if char != "\n":
                    placed.append((x, y, char, weight))
                    x += 1
        scrolled = max(0, y - (height - 1))
        for x, y, char, weight in placed:
            if y - scrolled >= 1:
                colour = ink.text if weight is None else mix(ink.bad, ink.text, weight**0.5)
                self.put(
                    x,
                    y - scrolled,
                    char if char.isprintable() else "�",
                    colour,
                    bold=weight is not None and weight < 0.1,
                )


class NoteView(ViewCanvas):
    wide = True
    grows = False

    def lines(self, width: int) -> int:
        return len(wrapped(self._words(), width))

    def draw(self, ink: Ink, width: int, height: int) -> None:
        colour = {"plain": ink.text, "good": ink.good, "bad": ink.bad}[self.view.tone]
        for y, line in enumerate(wrapped(self._words(), width)[:height]):
            self.text(0, y, line, colour)

    def _words(self) -> str:
        view: Note = self.view
        return {"plain": "", "good": "✓ ", "bad": "! "}[view.tone] + spoken(view.text)


def wrapped(text: str, width: int) -> list[str]:
    """A text in lines of at most `width` cells."""
    lines = [""]
    for word in text.split():
        if lines[-1] and width_of(lines[-1]) + 1 + width_of(word) > width:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return lines
