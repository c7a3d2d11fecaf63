"""What became of a prediction: the run has measured it."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from qa_bank.card import Card
from tui.i18n import _
from tui.markdown import unmarked


class Judged(Struct, frozen=True):
    """What the run measured, and whether that was said before; `text` says so."""

    measured: str
    right: bool
    text: str


def judge(card: Card, predicted: str, outcomes: Mapping[str, str]) -> Judged | None:
    """None when the run did not measure what was predicted."""
    predict = card.facts.predict
    measured = outcomes.get(predict.outcome) if predict is not None else None
    if predict is None or measured not in predict.options or predicted not in predict.options:
        return None
    words = dict(zip(predict.options, map(unmarked, card.text.options), strict=False))
    said, was = words.get(predicted, predicted), words.get(measured, measured)
    right = predicted == measured
    text = _("You said: {said}. Right.") if right else _("You said: {said}. The run showed: {was}.")
    return Judged(measured, right, text.format(said=said, was=was))
