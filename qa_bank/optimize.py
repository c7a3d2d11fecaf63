"""FSRS's weights fitted to a learner's own log, and kept only if they foretell later reviews better than those in use.

The library's optimizer fits them to the earlier reviews; they are judged by the later ones, of which they know nothing. As
with the library, a review counts when it comes a day or more after the card's last one, among the card's first 64.

What is kept is exactly what was judged. Weights fitted once more to all the reviews would likely be a little better still,
but no review would be left to show it: "better" would be a hope. The later reviews are not lost: the next fit learns from
them.
"""

from __future__ import annotations

import math
import random
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import fsrs
from msgspec import Struct
from msgspec.structs import replace

from qa_bank.error import SaidError
from qa_bank.memory import Grade, Memory, Scheduler, Settings

History = Sequence[tuple[Grade, datetime]]
"""The grades of a card, oldest first."""

EARLIER = 0.8
"""The share of the reviews that the weights are fitted to."""
BATCH = 512
"""The library takes its steps by so many reviews; from fewer it learns nothing."""
NEEDED = math.ceil(BATCH / EARLIER)
FIRST = 64
"""The library looks at so many reviews of a card."""
MOST = 30_000
"""It learns from some 300 reviews a second at best: all of 100,000 would take it five minutes and more."""
EPOCHS = 5
"""How often the library goes through all cards."""
DECIMALS = 4
"""As many as the library's own weights have. The rounded ones are judged, as it is they that are kept."""
FAINT = math.exp(-100)
"""The library takes no chance for smaller; its logarithm is not to be infinite."""

TOO_FEW_TEXT = (
    "Too few reviews to fit the schedule to: {reviews} of {needed}. "
    "A review counts when it comes a day or more after the card's last one."
)


class TooFewReviewsError(SaidError):
    """The log is too short to fit weights to, and to judge them by."""

    def __init__(self, reviews: int) -> None:
        super().__init__(TOO_FEW_TEXT, reviews=reviews, needed=NEEDED)


class Score(Struct, frozen=True):
    """How well weights foretold which cards would be remembered; lower is better."""

    log_loss: float
    """The mean of -log of the chance that was given to what came."""
    off: float
    """The chance foretold beside the share remembered, as the root mean square over bins of ten percent."""


class Fit(Struct, frozen=True):
    """Fitted weights, and how they did on reviews that they were not fitted to."""

    before: Score
    """Of the weights in use."""
    after: Score
    better: bool
    """Whether the fitted weights are to be kept: their log loss is the lower one."""
    weights: tuple[float, ...]
    reviews: int
    """Those that count."""
    days: int
    """From the first grade to the last."""
    trained: int
    """The reviews that they were fitted to: the earlier ones, or out of very many those of a part of the cards."""
    held_out: int
    """The reviews that they were judged by: the later ones."""


def fit(
    histories: Mapping[str, History], settings: Settings, progress: Callable[[float], None] = lambda _share: None
) -> Fit:
    """Weights fitted to the earlier reviews and judged by the later ones; the same log gives the same weights.

    progress: told the share that is done, 0 to 1. Raises TooFewReviewsError, and ImportError without the library's optimizer.
    """
    places = sorted((at, card) for card, history in histories.items() for at in counting(history))
    if len(places) < NEEDED:
        raise TooFewReviewsError(len(places))
    cut = places[int(len(places) * EARLIER)]
    earlier = _some({
        card: [(grade, at) for grade, at in history if (at, card) < cut] for card, history in histories.items()
    })  # fmt: skip
    weights = tuple(round(weight, DECIMALS) for weight in _fitted(earlier, progress))
    before = score(histories, settings, cut)
    after = score(histories, replace(settings, weights=weights), cut)
    times = [at for history in histories.values() for _, at in history]
    return Fit(
        before=before,
        after=after,
        better=after.log_loss < before.log_loss,
        weights=weights,
        reviews=len(places),
        days=(max(times) - min(times)).days + 1,
        trained=sum(len(list(counting(history))) for history in earlier.values()),
        held_out=sum(place >= cut for place in places),
    )


def counting(history: History) -> Iterator[datetime]:
    """The times of the reviews of a card that count."""
    return (at for (_, last), (_, at) in pairwise(history[:FIRST]) if (at - last).days > 0)


def score(histories: Mapping[str, History], settings: Settings, since: tuple[datetime, str] | None = None) -> Score:
    """How well weights foretell the reviews that count; only those from a (time, card) on, if it is given.

    A card's memory is built from its whole history up to the review.
    """
    scheduler = Scheduler(settings)
    foretold: list[tuple[float, bool]] = []
    for card, history in histories.items():
        if since is not None and (not history or (history[-1][1], card) < since):
            continue
        memory: Memory | None = None
        for grade, at in history[:FIRST]:
            if memory and (at - memory.last_review).days > 0 and (since is None or (at, card) >= since):
                foretold.append((scheduler.recall(memory, at), grade > Grade.AGAIN))
            memory = scheduler.next(card, memory, grade, at)
    surprise = (-math.log(max(chance if remembered else 1 - chance, FAINT)) for chance, remembered in foretold)
    bins: dict[int, list[float]] = {}
    for chance, remembered in foretold:
        bins.setdefault(int(10 * chance), []).append(chance - remembered)
    squares = (math.fsum(gaps) ** 2 / len(gaps) for gaps in bins.values())
    return Score(math.fsum(surprise) / len(foretold), math.sqrt(math.fsum(squares) / len(foretold)))


def _some(histories: Mapping[str, History]) -> dict[str, History]:
    """The cards that were begun; out of too many, some, drawn by their names alone: whole, as a memory begins with a card."""
    kept: dict[str, History] = {}
    left = MOST
    for card in sorted(histories, key=lambda card: zlib.crc32(card.encode())):
        left -= min(FIRST, len(histories[card]))
        if left < 0:
            break
        if histories[card]:
            kept[card] = histories[card]
    return kept


class _Counted(dict[Any, Any]):
    """The library's histories by card, which says how many times it has taken one: it has no other sign of how far it is."""

    def __init__(self, histories: Mapping[Any, Any], taken: Callable[[int], None]) -> None:
        super().__init__(histories)
        self._times = 0
        self._taken = taken

    def __getitem__(self, card: Any) -> Any:
        self._times += 1
        self._taken(self._times)
        return super().__getitem__(card)


def _fitted(histories: Mapping[str, History], progress: Callable[[float], None]) -> list[float]:
    progress(0.0)
    optimizer = fsrs.Optimizer([  # 2 s: pays for torch and pandas
        fsrs.ReviewLog(number, fsrs.Rating(grade), at.astimezone(UTC), None)
        for number, card in enumerate(sorted(histories))
        for grade, at in histories[card][:FIRST]
    ])  # fmt: skip
    passes = 1 + 2 * EPOCHS  # it counts; then learns and measures, epoch by epoch
    total = passes * len(histories)
    optimizer._revlogs_train = _Counted(optimizer._revlogs_train, lambda times: progress(min(1.0, times / total)))
    state = random.getstate()  # it draws fuzz for dates that it has no use for
    try:
        return optimizer.compute_optimal_parameters()
    finally:
        random.setstate(state)
