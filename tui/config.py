"""config.toml: what the learner has chosen. Every key is optional; a wrong one is an error that names it and its line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, get_args

import tomli
from msgspec import Struct

from tui.i18n import LANGUAGES, _, n_
from tui.setting import Days, Device, Minutes, Number, OneOf, Setting, Share, Switch, Weights, given

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)
Preset = Literal["default", "vim", "anki"]
BIND = "bind"
"""The table of the keys that do something else than in the preset."""


class ConfigError(Exception):
    """config.toml cannot be used: file, line and what is wrong."""


class ChoiceError(ValueError):
    """A key that is not one, or a value that its key does not take."""

    def __init__(self, key: str, text: str) -> None:
        super().__init__(text)
        self.key = key


class Config(Struct, frozen=True):
    """The choices, each with its default; what they do is said in SETTINGS."""

    language: Literal["en", "ru", "kk"] | None = None
    """None: what the locale says."""
    theme: Literal["viva-dark", "viva-light"] = "viva-dark"
    animations: bool = True
    keys: Preset = "default"
    bind: Mapping[str, tuple[str, ...]] = {}
    """Keys by action, as `study.reveal`."""
    device: str = "auto"
    retention: float = 0.9
    new_a_day: int = 20
    reviews_a_day: int = 200
    easy_days: tuple[Weekday, ...] = ()
    learning_minutes: tuple[float, ...] = (1, 10)
    relearning_minutes: tuple[float, ...] = (10,)
    leech_lapses: int = 8
    plain: bool = False
    weights: tuple[float, ...] | None = None
    """None: those that FSRS comes with."""


THEME_NAMES = {"viva-dark": n_("dark"), "viva-light": n_("light")}

SETTINGS: tuple[Setting, ...] = (
    Setting(
        "language", n_("Language"), n_("The language of the interface and the cards; auto is what the locale says."),
        OneOf(("auto", *LANGUAGES), LANGUAGES | {"auto": n_("as the locale says")}, "auto"),
    ),
    Setting("theme", n_("Theme"), n_("Dark or light."), OneOf(tuple(THEME_NAMES), THEME_NAMES)),
    Setting("animations", n_("Animations"), n_("Whether anything on the screen glides or fades."), Switch()),
    Setting("plain", n_("Plain lines"), n_("Study and interviews in plain lines always, as with --plain."), Switch()),
    Setting(
        "keys", n_("Keys"), n_("What the keys do: Viva's own, or as in Vim or Anki; [bind] changes single ones."),
        OneOf(get_args(Preset)),
    ),
    Setting("device", n_("Device"), n_("Where experiments run; auto takes the accelerator if there is one."), Device()),
    Setting(
        "retention", n_("Retention"),
        n_("How many due cards you still remember; the higher, the more reviews."),
        Share(0.7, 0.97, 0.01, whole=False),
    ),
    Setting("new_a_day", n_("New cards a day"), n_("The most new cards that one day brings."), Number(0, 9999, 5)),
    Setting("reviews_a_day", n_("Reviews a day"), n_("The most reviews that one day brings."), Number(0, 9999, 5)),
    Setting(
        "easy_days", n_("Easy days"), n_("Days that bring half the reviews and nothing new."), Days(WEEKDAYS)
    ),
    Setting(
        "learning_minutes", n_("Learning steps"),
        n_("Minutes after which a new card comes again, step by step, before it waits for days."), Minutes(),
    ),
    Setting(
        "relearning_minutes", n_("Relearning steps"), n_("The same for a card that was forgotten."), Minutes()
    ),
    Setting(
        "leech_lapses", n_("Lapses of a leech"),
        n_("A card forgotten so many times is offered to be rewritten or suspended; 0 for never."),
        Number(2, 99, off=True),
    ),
    Setting(
        "weights", n_("Weights"),
        n_("The weights of the schedule; `viva optimize` fits them to your reviews."), Weights(),
    ),
)  # fmt: skip


def setting(key: str) -> Setting:
    """The setting of that key. Raises ChoiceError."""
    for one in SETTINGS:
        if one.key == key:
            return one
    raise _unknown(key)


def read(values: Mapping[str, Any]) -> Config:
    """The choices that TOML values make. Raises ChoiceError."""
    chosen: dict[str, Any] = {}
    for key, value in values.items():
        if key == BIND:
            continue
        chosen[key] = value_of(setting(key), value)
    bind = _bind(values.get(BIND, {}))
    if bind:
        from tui.remap import BindError, table  # 70 ms: pays for textual, and few have keys of their own

        try:
            table(chosen.get("keys", "default"), bind)
        except BindError as error:
            raise ChoiceError(f"{BIND}.{error.action}", str(error)) from None
    return Config(**chosen, bind=bind)


def value_of(setting: Setting, value: Any) -> Any:
    """A TOML value as Config has it. Raises ChoiceError."""
    try:
        return setting.kind.read(value)
    except ValueError as error:
        text = str(error) or _("it takes {expected}").format(expected=setting.kind.expects())
        said = _("{key} is {given}; {what}").format(key=setting.key, given=given(value), what=text)
        raise ChoiceError(setting.key, said) from None


def typed(setting: Setting, text: str) -> Any:
    """What a person typed as Config has it. Raises ChoiceError."""
    try:
        value = setting.kind.typed(text)
    except ValueError:
        value = text
    return value_of(setting, value)


def load(path: Path) -> Config:
    """Read config.toml; the defaults when there is none. Raises ConfigError."""
    text = _text(path)
    try:
        return read(_values(path, text))
    except ChoiceError as error:
        from tui import config_file

        raise ConfigError(f"{path}:{config_file.line_of(text, error.key)}: {error}") from None


def save(path: Path, **choices: Any) -> None:
    """Write some choices as TOML has them, None removing its line; every other line stays. Raises ConfigError, OSError."""
    _write(path, "", choices)


def save_bind(path: Path, binds: Mapping[str, Sequence[str] | None]) -> None:
    """Write the keys of some actions, None removing its line. Raises ConfigError and OSError."""
    _write(path, BIND, binds)


def values(path: Path) -> dict[str, Any]:
    """What the file says, as TOML has it. Raises ConfigError."""
    return _values(path, _text(path))


def _write(path: Path, table: str, choices: Mapping[str, Any]) -> None:
    from tui import config_file  # 3 ms, and most starts write nothing

    path = path.resolve()  # a link to a file elsewhere stays a link
    text = _text(path)
    _values(path, text)
    for key, value in choices.items():
        text = config_file.changed(text, table, key, value)
    _values(path, text)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(path)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}:1: {error}") from None


def _values(path: Path, text: str) -> dict[str, Any]:
    try:
        return tomli.loads(text)
    except tomli.TOMLDecodeError as error:
        what = _("this cannot be read as TOML: {reason}").format(reason=error.msg)
        raise ConfigError(f"{path}:{error.lineno}: {what}") from None


def _bind(value: Any, group: str = "") -> dict[str, tuple[str, ...]]:
    """The table [bind]; `study.reveal` without quotes is a table in a table, and means the same."""
    if not isinstance(value, dict):
        raise ChoiceError(BIND, _('[bind] is a table of actions and their keys, as: "study.reveal" = ["space"]'))
    found: dict[str, tuple[str, ...]] = {}
    for name, keys in value.items():
        action = f"{group}{name}"
        if isinstance(keys, dict):
            found |= _bind(keys, f"{action}.")
        elif isinstance(keys, str):
            found[action] = (keys,)
        elif isinstance(keys, list) and all(isinstance(key, str) for key in keys):
            found[action] = tuple(keys)
        else:
            said = _('{key} is {given}; it takes a list of keys, as ["space", "enter"]')
            raise ChoiceError(f"{BIND}.{action}", said.format(key=action, given=given(keys)))
    return found


def _unknown(key: str) -> ChoiceError:
    import difflib

    known = [*(one.key for one in SETTINGS), BIND]
    near = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
    meant = _("; did you mean '{nearest}'?").format(nearest=near[0]) if near else "."
    said = _("unknown key '{key}'").format(key=key) + meant + " " + _("Keys: {keys}.").format(keys=", ".join(known))
    return ChoiceError(key, said)
