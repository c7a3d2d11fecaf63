"""Where Viva keeps what is the learner's: data, configuration. VIVA_DATA_DIR and VIVA_CONFIG_DIR override."""

from __future__ import annotations

import os
from pathlib import Path


def data_dir() -> Path:
    """The folder of the review log and its backups."""
    return _folder("VIVA_DATA_DIR", "user_data_path")


def config_dir() -> Path:
    """The folder of config.toml; within VIVA_DATA_DIR when that is set and VIVA_CONFIG_DIR is not."""
    if "VIVA_CONFIG_DIR" not in os.environ and os.environ.get("VIVA_DATA_DIR"):
        return data_dir()
    return _folder("VIVA_CONFIG_DIR", "user_config_path")


def log_path() -> Path:
    return data_dir() / "reviews.db"


def decks_dir() -> Path:
    """The folder of the learner's own decks."""
    return data_dir() / "decks"


def config_path() -> Path:
    return config_dir() / "config.toml"


def _folder(variable: str, kind: str) -> Path:
    if chosen := os.environ.get(variable):
        return Path(chosen).expanduser()
    import platformdirs  # 16 ms, and not needed where the folders are given

    folder: Path = getattr(platformdirs, kind)("viva", appauthor=False)
    return folder
