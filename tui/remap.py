"""Other keys for the same actions: those of a preset, and those that the learner binds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations

from msgspec.structs import replace

from tui.i18n import _
from tui.keys import APP, KEYS, Key, Table, called, ident, names

PRESETS: dict[str, dict[str, tuple[str, ...]]] = {
    "default": {},
    "vim": {
        "moves.down": ("j",),
        "moves.up": ("k",),
        "moves.left": ("h",),
        "moves.right": ("l",),
        "moves.pagedown": ("ctrl+d", "ctrl+f"),
        "moves.pageup": ("ctrl+u", "ctrl+b"),
        "moves.home": ("g",),
        "moves.end": ("G",),
        "everywhere.language": ("L",),
        "home.settings": (",",),
        "demo.about": ("K",),
    },
    "anki": {
        "study.tick": ("x",),
        "study.grade(3)": ("3", "space", "enter"),
        "study.bury": ("-",),
        "study.suspend": ("@",),
        "study.flag": ("*",),
        "study.undo": ("u", "ctrl+z"),
        "card.bury": ("-",),
        "card.suspend": ("@",),
        "card.flag": ("*",),
        "card.undo": ("u", "ctrl+z"),
    },
}
"""The actions that have other keys than in KEYS."""

MODIFIERS = {"ctrl", "alt", "shift"}
NAMED = {"space", "enter", "escape", "tab", "backspace", "delete", "insert"}
NAMED |= {"up", "down", "left", "right", "home", "end", "pageup", "pagedown", *(f"f{n}" for n in range(1, 13))}


class BindError(ValueError):
    """A key that cannot be bound: the action, and in words why."""

    def __init__(self, action: str, text: str) -> None:
        super().__init__(text)
        self.action = action


def table(preset: str = "default", bind: Mapping[str, Sequence[str]] = {}) -> Table:
    """The keys of a preset, but for those of the actions in `bind`. Raises BindError."""
    start = _with(KEYS, PRESETS[preset])
    if not bind:
        return start
    known = {ident(group, key) for group, keys in KEYS.items() for key in keys}
    for action in bind:
        if action not in known:
            raise BindError(action, _("no action '{name}'").format(name=action) + _near(action, known))
    mine = _with(start, {action: tuple(_spelled(action, key) for key in keys) for action, keys in bind.items()})
    meant = {(one, other) for _key, one, other in _shared(start)}
    for key, one, other in _shared(mine):
        if (one, other) not in meant:
            text = _("'{one}' and '{other}' are both on the key '{key}'").format(one=one, other=other, key=key)
            raise BindError(other if other in bind else one, text)
    return mine


def _with(table: Table, changes: Mapping[str, tuple[str, ...]]) -> Table:
    """The table with other keys for some actions."""
    return {
        group: tuple(
            replace(key, keys=changes.get(ident(group, key), key.keys), shown=_shown(group, key, keys, changes))
            for key in keys
        )
        for group, keys in table.items()
    }


def _shown(group: str, key: Key, keys: Sequence[Key], changes: Mapping[str, tuple[str, ...]]) -> str:
    """How the key bar names a key that stands for its siblings too: `point(1)` for `point(-1)`."""
    kin = [one for one in keys if one.action.partition("(")[0] == key.action.partition("(")[0]]
    firsts = [changes.get(ident(group, one), one.keys)[:1] for one in kin]
    if not key.shown or firsts == [one.keys[:1] for one in kin]:
        return key.shown
    return " ".join(called(name) for first in firsts for name in first)


def _shared(table: Table) -> Iterator[tuple[str, str, str]]:
    """Each key that two actions of one screen have, with the two."""
    for group in table:
        owners: dict[str, list[str]] = {}
        for scope in dict.fromkeys((group, *APP)):
            for key in table[scope]:
                for name in names(key.keys) if key.keys else ():
                    owners.setdefault(name, []).append(ident(scope, key))
        for name, actions in owners.items():
            yield from ((name, one, other) for one, other in combinations(actions, 2))


def _spelled(action: str, key: str) -> str:
    """A key as the table spells it. Raises BindError."""
    *modifiers, name = key.split("+") if len(key) > 1 else [key]
    if modifiers == ["shift"] and len(name) == 1 and name.isalpha():
        return name.upper()
    letter = len(name) == 1 and name.isprintable() and not name.isspace()
    if not set(modifiers) <= MODIFIERS or not (letter or name in NAMED):
        raise BindError(action, _("'{action}': no key '{key}'").format(action=action, key=key) + _near(key, NAMED))
    if action.startswith("moves.") and name in {one.name for one in KEYS["moves"]}:
        raise BindError(action, _("'{action}': the key '{key}' moves already").format(action=action, key=key))
    return "+".join([*sorted(modifiers), name])


def _near(name: str, known: Iterable[str]) -> str:
    import difflib

    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)
    return _("; did you mean '{nearest}'?").format(nearest=near[0]) if near else ""
