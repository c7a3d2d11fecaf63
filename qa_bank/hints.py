"""A ladder of hints towards the key points of a card that are not named yet, from vague to telling.

What a hint says is values; the face puts it into words.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Literal

from msgspec import Struct

from qa_bank.card import Card
from qa_bank.listen import telling_forms, terms

Kind = Literal["count", "aspect", "letters", "terms", "point"]


class Hint(Struct, frozen=True):
    """One rung of the ladder; each kind tells more than the one before.

    count: how many points are still looked for. aspect: what a point says, without its terms. letters: how its terms
    begin. terms: the terms. point: all of it.
    """

    kind: Kind
    point: int | None = None
    """Which of the card's points it speaks of; none where it speaks of all."""
    count: int = 0
    texts: tuple[str, ...] = ()


def hints(card: Card, named: Collection[int] = ()) -> tuple[Hint, ...]:
    """The ladder to a card's first point that is not named yet, the vaguest hint first; empty when all are named."""
    missing = [number for number in range(len(card.text.points)) if number not in named]
    if not missing:
        return ()
    number, text = missing[0], card.text.points[missing[0]]
    sought = terms(text)
    rungs = [Hint("count", count=len(missing))]
    if sought and len(telling_forms(rest := _without_terms(text), card.language)) > 1:
        rungs.append(Hint("aspect", number, texts=(rest,)))
    if sought:
        rungs += [Hint("letters", number, texts=tuple(map(_dotted, sought))), Hint("terms", number, texts=sought)]
    return (*rungs, Hint("point", number, texts=(text,)))


def next_hint(card: Card, named: Collection[int], given: Collection[Hint] = ()) -> Hint | None:
    """The vaguest hint that was not given yet; a point that was told in full counts as named. None when all are."""
    told = {hint.point for hint in given if hint.kind == "point"}
    ladder = hints(card, {number for number in range(len(card.text.points)) if number in named or number in told})
    return next((hint for hint in ladder if hint not in given and not (given and hint.kind == "count")), None)


ELLIPSIS, DOT = "…", "·"


def _without_terms(point: str) -> str:
    """A point with an ellipsis for each of its terms and for the name in brackets after it."""
    return re.sub(r"\*\*.+?\*\*(?: \([^()]*\))?", ELLIPSIS, point)


def _dotted(term: str) -> str:
    """A term's words as first letters and dots; numbers and single letters as dots alone."""
    dotted = re.sub(
        r"[^\W\d_]+|\d", lambda part: part[0][0] + DOT * (len(part[0]) - 1) if len(part[0]) > 1 else DOT, term
    )
    return dotted if dotted != term else DOT * len(term)
