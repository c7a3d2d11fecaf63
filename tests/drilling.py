"""What the tests of drills share: a thousand draws of each, held against torch."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from qa_bank.drill import Names, Number, Numbers, draw

DRAWS = 1000
CHECKED: set[str] = set()
"""The drills that some test has held against torch."""


def agree(*checks: Callable[[dict[str, Any]], float | Sequence[float] | Sequence[str]]) -> None:
    """Each check is named for its drill, and computes the answer of a draw with torch."""
    for check in checks:
        name = check.__name__.removesuffix("_by_torch")
        CHECKED.add(name)
        for seed in range(DRAWS):
            drawn = draw(name, seed)
            theirs: Any = check(drawn.values)
            match drawn.answer:
                case Number(value=value, tolerance=tolerance):
                    assert float(theirs) == pytest.approx(value, abs=max(tolerance / 2, 1e-9), rel=1e-6), (name, seed)
                case Numbers(values=values, tolerance=tolerance):
                    assert list(theirs) == pytest.approx(list(values), abs=max(tolerance / 2, 1e-9), rel=1e-6), (
                        name,
                        seed,
                    )
                case Names(names=names):
                    assert set(theirs) == set(names), (name, seed)
