"""What `viva config` prints and writes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tui import config as configuration
from tui.config import BIND, SETTINGS, ChoiceError, Config, ConfigError
from tui.i18n import _, n_
from tui.keys import KEYS, ident
from tui.launch import fail
from tui.listings import show_json, show_table
from tui.remap import table
from tui.setting import Setting, given

BIND_HELP = n_("Other keys for single actions; `viva config keys` lists the actions.")
DEFAULT = "default"
"""The word for `viva config set` that takes a choice back."""


def show(config: Config, as_json: bool) -> None:
    """Every key with its value, its default, and what it does."""
    default = Config()
    if as_json:
        keys = [(setting.key, setting.help) for setting in SETTINGS] + [(BIND, BIND_HELP)]
        show_json(
            [
                {"key": key, "value": getattr(config, key), "default": getattr(default, key), "help": _(help_)}
                for key, help_ in keys
            ]
        )
        return
    rows = [
        (one.key, _toml(one, getattr(config, one.key)), _toml(one, getattr(default, one.key)), _(one.help))
        for one in SETTINGS
    ]
    rows.append((f"[{BIND}]", "\n".join(map(_bind_line, config.bind.items())) or "–", "–", _(BIND_HELP)))
    show_table((_("key"), _("value"), _("default"), _("what it does")), rows)


def keys(config: Config, as_json: bool) -> None:
    """Every action with the keys it has now."""
    mine = table(config.keys, config.bind)
    rows = [
        (ident(group, key), key, default)
        for group in KEYS
        for key, default in zip(mine[group], KEYS[group], strict=True)
    ]
    if as_json:
        show_json(
            [
                {"action": action, "keys": key.keys, "default": default.keys, "help": _(key.help)}
                for action, key, default in rows
            ]
        )
        return
    show_table(
        (_("action"), _("keys"), _("what it does")),
        [(action, "  ".join(key.keys) or "–", _(key.help)) for action, key, _default in rows],
    )


def choose(path: Path, key: str, text: str) -> None:
    """Write one choice: of a setting, or of an action's keys."""
    action = key.removeprefix(f"{BIND}.")
    try:
        values = configuration.values(path)
        if "." in action:
            said = _bound(path, values, action, None if text == DEFAULT else _keys(text))
        else:
            said = _set(path, values, configuration.setting(key), text)
    except ChoiceError as error:
        fail(str(error))
    except (ConfigError, OSError) as error:
        fail(str(error), code=1)
    sys.stdout.write(said + "\n")


def _set(path: Path, values: dict[str, Any], setting: Setting, text: str) -> str:
    value = None if text == DEFAULT else configuration.typed(setting, text)
    others = {key: other for key, other in values.items() if key != setting.key}
    config = configuration.read(others if value is None else others | {setting.key: value})
    configuration.save(path, **{setting.key: value})
    return f"{setting.key} = {_toml(setting, getattr(config, setting.key))}"


def _bound(path: Path, values: dict[str, Any], action: str, keys: list[str] | None) -> str:
    bind = dict(configuration.read(values).bind)
    bind.pop(action, None)
    if keys is not None:
        bind[action] = tuple(keys)
    config = configuration.read(values | {BIND: {name: list(names) for name, names in bind.items()}})
    configuration.save_bind(path, {action: keys})
    group = action.partition(".")[0]
    mine = table(config.keys, config.bind).get(group, ())
    return next((_bind_line((action, key.keys)) for key in mine if ident(group, key) == action), "")


def _keys(text: str) -> list[str]:
    """Keys with spaces or commas between; a comma alone is a key."""
    words = [[word] if len(word) == 1 else word.split(",") for word in text.split()]
    return [key for word in words for key in word if key]


def init(path: Path) -> None:
    """Write a config.toml that says all there is to choose, each line commented out."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write("\n".join(sample()) + "\n")
    except FileExistsError:
        fail(_("It is there already, and stays as it is: {path}").format(path=path), code=1)
    except OSError as error:
        fail(str(error), code=1)
    sys.stdout.write(f"{path}\n")


def sample() -> Iterator[str]:
    """The lines of that file."""
    yield "# " + _("What you choose. Take the sign # away before a key to have it; each stands with its default.")
    for setting in SETTINGS:
        yield ""
        yield f"# {_(setting.help)}"
        default = getattr(Config(), setting.key)
        if default is not None or setting.kind.written(default):
            yield f"# {setting.key} = {_toml(setting, default)}"
    yield from ("", f"# {_(BIND_HELP)}", f"# [{BIND}]", f"# {_bind_line(('study.reveal', ('space', 'enter')))}")


def _toml(setting: Setting, value: Any) -> str:
    """A value as config.toml has it; a dash where it has none."""
    if value is not None:
        return given(value)
    word = setting.kind.written(value)
    return given(word) if word else "–"


def _bind_line(bind: tuple[str, tuple[str, ...]]) -> str:
    action, keys = bind
    return f"{given(action)} = {given(keys)}"
