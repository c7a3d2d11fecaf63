"""config.toml: what the learner has chosen. Every key is optional; an unknown one is an error that names it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct


class ConfigError(Exception):
    """config.toml cannot be used: file, line and what is wrong."""


class Config(Struct, frozen=True, forbid_unknown_fields=True):
    """The choices, each with its default."""

    language: Literal["en", "ru", "kk"] | None = None
    """None: what the locale says."""
    theme: Literal["viva-dark", "viva-light"] = "viva-dark"
    device: str = "auto"
    """Where demos run: auto, cpu, cuda, mps, ..."""
    retention: float = 0.9
    """The share of due cards that should still be remembered, 0.7 to 0.97."""
    new_a_day: int = 20
    reviews_a_day: int = 200


def load(path: Path) -> Config:
    """Read config.toml; the defaults when there is none. Raises ConfigError."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Config()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}:1: {error}") from None
    try:
        config = msgspec.convert(tomllib.loads(text), Config)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: {error}") from None
    except msgspec.ValidationError as error:
        raise ConfigError(f"{path}:{_line(text, str(error))}: {error}") from None
    if not 0.7 <= config.retention <= 0.97:
        raise ConfigError(
            f"{path}:{_line(text, 'retention')}: retention goes from 0.7 to 0.97, not {config.retention:g}"
        )
    if config.new_a_day < 0 or config.reviews_a_day < 0:
        raise ConfigError(f"{path}:{_line(text, 'new_a_day reviews_a_day')}: a day's limit cannot be negative")
    return config


def save(path: Path, **choices: str | float | int) -> None:
    """Write some choices, keeping every other line of the file as it is."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    for key, value in choices.items():
        line = f"{key} = {msgspec.json.encode(value).decode()}"
        for i, old in enumerate(lines):
            if old.partition("=")[0].strip() == key:
                lines[i] = line
                break
        else:
            lines.append(line)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    unfinished.write_text("\n".join(lines) + "\n", encoding="utf-8")
    unfinished.replace(path)


def _line(text: str, message: str) -> int:
    """The line of the key that a message is about."""
    for number, line in enumerate(text.splitlines(), 1):
        key = line.partition("=")[0].strip()
        if key and key in message:
            return number
    return 1
