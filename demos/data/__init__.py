"""Small data sets that ship with Viva; SOURCES.md says where each is from and under which licence."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

HERE = Path(__file__).parent


@functools.cache
def digits() -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Handwritten digits: images (1797, 8, 8) with grey levels 0 to 16, and labels (1797,) 0 to 9."""
    data = _load("digits.npz")
    return data["images"], data["labels"]


@functools.cache
def breast_cancer() -> tuple[NDArray[np.float64], NDArray[np.uint8], tuple[str, ...]]:
    """Cell nuclei measured: features (569, 30), labels (569,) with 0 malignant, 1 benign, and the names."""
    data = _load("breast_cancer.npz")
    return data["features"], data["labels"], tuple(str(name) for name in data["names"])


@functools.cache
def text() -> str:
    """The log of a lighthouse keeper: 77 short entries in plain English, an alphabet of 40 characters."""
    return (HERE / "text.txt").read_text(encoding="utf-8")


def _load(name: str) -> dict[str, NDArray[Any]]:
    with np.load(HERE / name) as data:
        return dict(data)
