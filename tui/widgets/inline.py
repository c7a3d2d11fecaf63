"""Short Markdown in one line of styled text: **bold**, *italic*, `code`. What is not ours to trust is made harmless."""

from __future__ import annotations

import re
import unicodedata

from textual.content import Content

_MARKS = re.compile(r"\*\*(?P<bold>.+?)\*\*|`(?P<code>[^`]+)`|\*(?P<italic>[^*\s][^*]*)\*")
_STYLES = {"bold": "bold", "code": "$accent", "italic": "italic"}
_BIDI = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f"))


def clean(text: str) -> str:
    """NFC, without control characters (escape sequences need one), and without what turns the writing direction."""
    text = unicodedata.normalize("NFC", text).translate(_BIDI)
    return "".join(char for char in text if char == "\n" or unicodedata.category(char) != "Cc")


def inline(text: str) -> Content:
    """The styled text of one paragraph; line breaks become spaces."""
    text = " ".join(clean(text).split())
    parts: list[tuple[str, str]] = []
    end = 0
    for match in _MARKS.finditer(text):
        parts.append((text[end : match.start()], ""))
        kind = str(match.lastgroup)
        parts.append((match[kind], _STYLES[kind]))
        end = match.end()
    parts.append((text[end:], ""))
    return Content.assemble(*((piece, style) for piece, style in parts if piece))


def paragraphs(text: str) -> Content:
    """The styled text of several paragraphs, a blank line between them."""
    return Content("\n\n").join([inline(part) for part in text.split("\n\n")])
