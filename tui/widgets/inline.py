"""Short Markdown as styled text."""

from __future__ import annotations

import re
import textwrap

from textual.content import Content

from qa_bank.harmless import harmless
from tui.markdown import pieces

_STYLES = {"": "", "bold": "bold", "code": "$accent", "italic": "italic"}


def inline(text: str) -> Content:
    """The styled text of one paragraph."""
    return Content.assemble(*((piece, _STYLES[mark]) for piece, mark in pieces(text)))


def paragraphs(text: str) -> Content:
    """The styled text of several paragraphs, a blank line between them; the lines of fenced code stay as they are."""
    parts = []
    for piece in _FENCED.split(text):
        if piece.startswith("```"):
            parts.append(Content.styled(harmless("\n".join(piece.splitlines()[1:-1])), "$accent"))
        else:
            parts += [inline(part) for part in piece.strip().split("\n\n") if part]
    return Content("\n\n").join(parts)


_FENCED = re.compile(r"^(```[^\n]*\n(?:.*\n)*?```)$", re.MULTILINE)


def hanging(start: str, text: str, width: int, style: str = "") -> Content:
    """A text after what it starts with, wrapped to a width in columns, its further lines standing under its first."""
    lines = textwrap.wrap(harmless(text), max(20, width - len(start))) or [""]
    return Content("\n").join(
        [
            Content.assemble((start if i == 0 else " " * len(start), "$muted"), (line, style))
            for i, line in enumerate(lines)
        ]
    )
