"""Short Markdown as styled text."""

from __future__ import annotations

from textual.content import Content

from tui.markdown import pieces

_STYLES = {"": "", "bold": "bold", "code": "$accent", "italic": "italic"}


def inline(text: str) -> Content:
    """The styled text of one paragraph."""
    return Content.assemble(*((piece, _STYLES[mark]) for piece, mark in pieces(text)))


def paragraphs(text: str) -> Content:
    """The styled text of several paragraphs, a blank line between them."""
    return Content("\n\n").join([inline(part) for part in text.split("\n\n")])
