"""What is said to the learner in one line when something cannot be done."""

from __future__ import annotations


class SaidError(Exception):
    """`text` is a template with `values`, so that a face can translate it."""

    def __init__(self, text: str, **values: str | int) -> None:
        super().__init__(text.format(**values))
        self.text = text
        self.values = values
