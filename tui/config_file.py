"""The text of a TOML file, changed a key at a time: what is not changed stays as it was written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import tomli
from msgspec import Struct

from tui.setting import written


class Entry(Struct, frozen=True):
    """Where a key and its value stand, or the header of a table."""

    name: str
    """The tables and the key, with dots between them."""
    first: int
    """Its first line, from 0."""
    end: int
    """The line after its last one: a list may take several."""
    table: str
    """The table it stands in; its own name when it is a header."""
    left: str
    """The key as it is written, with all up to the sign; empty for a header."""


def entries(text: str) -> Iterator[Entry]:
    """Every key and every table's header of a text that is TOML."""
    lines = text.split("\n")
    table, i = "", 0
    while i < len(lines):
        line, first = lines[i].strip(), i
        i += 1
        if not line or line.startswith("#"):
            continue
        while i < len(lines) and _parsed("\n".join(lines[first:i])) is None:
            i += 1
        if line.startswith("["):
            table = _name(_parsed(lines[first]) or {})
            yield Entry(table, first, i, table, "")
        else:
            left = _left(lines[first])
            name = _name(_parsed(f"{left}= 0") or {})
            yield Entry(f"{table}.{name}" if table else name, first, i, table, left)


def line_of(text: str, name: str) -> int:
    """The line, from 1, where a key or a table stands; 1 when it cannot be said."""
    found = [entry for entry in entries(text) if entry.name == name or entry.name.startswith(f"{name}.")]
    return found[0].first + 1 if found else 1


def changed(text: str, table: str, key: str, value: Any) -> str:
    """The text with another value of a key, None for no such line. table: `""` for what stands before the first table."""
    lines = text.rstrip("\n").split("\n") if text.strip() else []
    found = list(entries("\n".join(lines)))
    there = next((entry for entry in found if entry.name == (f"{table}.{key}" if table else key)), None)
    if there is not None:
        comment = _comment(lines[there.first]) if there.end == there.first + 1 else ""
        lines[there.first : there.end] = [] if value is None else [f"{there.left}= {written(value)}{comment}"]
    elif value is not None:
        name = key if re.fullmatch(r"[\w-]+", key, re.ASCII) else written(key)
        at, around = _place(lines, found, table, key)
        lines[at:at] = [line.format(f"{name} = {written(value)}") if line == "{}" else line for line in around]
    return "".join(f"{line}\n" for line in lines)


def _place(lines: list[str], found: list[Entry], table: str, key: str) -> tuple[int, list[str]]:
    """Where a new line is to go, and with what around it: `{}` stands for itself."""
    for i, line in enumerate(lines[: _top(lines, found)] if not table else []):
        if re.match(rf"#\s*{re.escape(key)}\s*=", line):
            return i + 1, ["{}"]
    within = [entry for entry in found if entry.table == table]
    if within:
        return within[-1].end, ["{}"]
    if table:
        return len(lines), [*([""] if lines else []), f"[{table}]", "{}"]
    at = _top(lines, found)
    return at, ["{}", *([""] if at < len(lines) else [])]


def _top(lines: list[str], found: list[Entry]) -> int:
    """The line before which all stands that is in no table: the first header with the comment that is right above it."""
    at = next((entry.first for entry in found if not entry.left), len(lines))
    while 0 < at < len(lines) and lines[at - 1].startswith("#"):
        at -= 1
    return at


def _parsed(text: str) -> dict[str, Any] | None:
    try:
        return tomli.loads(text)
    except tomli.TOMLDecodeError:
        return None


def _name(tree: Any) -> str:
    """The keys down to the only leaf of a tree."""
    names = []
    while isinstance(tree, dict) and tree:
        name, tree = next(iter(tree.items()))
        names.append(name)
    return ".".join(names)


def _left(line: str) -> str:
    """A line's key as it is written, up to the sign that ends it; a sign may stand within quotes."""
    ends = (i for i, character in enumerate(line) if character == "=" and _parsed(line[:i] + "= 0") is not None)
    return line[: next(ends)]


def _comment(line: str) -> str:
    """What follows the value of a line, with the space before it."""
    starts = (i for i, character in enumerate(line) if character == "#" and _parsed(line[:i]) is not None)
    start = next(starts, None)
    return "" if start is None else line[len(line[:start].rstrip()) :]
