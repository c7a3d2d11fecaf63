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
        weights = (view.weights[i] if i < len(view.weights) else None for i in range(len(view.tokens)))
        letters = [(char, weight) for token, weight in zip(view.tokens, weights, strict=True) for char in token]
        lines = broken("".join(char for char, _weight in letters), width)
        for y, line in enumerate(lines[-max(1, height - 1) :], 1):
            for x, (char, weight) in enumerate(letters[i] for i in line):
                colour = ink.text if weight is None else mix(ink.bad, ink.text, weight**0.5)
                self.put(x, y, char if char.isprintable() else "�", colour, bold=weight is not None and weight < 0.1)


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


def broken(text: str, width: int) -> list[range]:
    """Where the lines of a text lie in it: broken after spaces where there are any, and at its own line breaks."""
    lines: list[range] = []
    start = 0
    while start < len(text):
        end = min(start + width, len(text))
        if (own := text.find("\n", start, end)) >= 0:
            lines.append(range(start, own))
            start = own + 1
            continue
        if end < len(text) and text[end] != " " and (space := text.rfind(" ", start, end)) > start:
            end = space + 1
        lines.append(range(start, end))
        start = end + (text[end : end + 1] in (" ", "\n"))
    return lines


def wrapped(text: str, width: int) -> list[str]:
    """A text in lines of at most `width` cells."""
    lines = [""]
    for word in text.split():
        if lines[-1] and width_of(lines[-1]) + 1 + width_of(word) > width:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return lines
