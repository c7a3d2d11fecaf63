"""The four grades, each with the interval it would give."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from qa_bank.memory import Grade
from tui.i18n import GRADES, _, interval_text


class GradeButton(Static):
    """One grade; a click gives it."""

    def __init__(self, grade: Grade) -> None:
        super().__init__(markup=False, classes="grade", id=f"grade-{int(grade)}")
        self.grade = grade

    def on_click(self) -> None:
        self.post_message(GradeBar.Chosen(self.grade))


class GradeBar(Horizontal):
    """Again, Hard, Good, Easy."""

    DEFAULT_CSS = """
    GradeBar { height: 1; padding: 0 1; }
    GradeBar .grade { width: auto; padding: 0 1; margin-right: 2; }
    GradeBar .grade:hover { background: $panel; }
    GradeBar .grade.-suggested { background: $panel; }
    """

    class Chosen(Message):
        """The learner graded the answer."""

        def __init__(self, grade: Grade) -> None:
            super().__init__()
            self.grade = grade

    def compose(self) -> ComposeResult:
        for grade in Grade:
            yield GradeButton(grade)

    def show(self, intervals: Mapping[Grade, timedelta]) -> None:
        """Show what each grade means; no interval where a grade changes none."""
        for button in self.query(GradeButton):
            grade = button.grade
            name = _(GRADES[grade])
            interval = interval_text(intervals[grade]) if grade in intervals else ""
            button.update(
                Content.assemble((str(int(grade)), "bold $accent"), " ", (name, "bold"), " ", (interval, "$muted"))
            )

    def suggest(self, grade: Grade | None) -> None:
        """Mark the grade that the ticked key points speak for."""
        for button in self.query(GradeButton):
            button.set_class(button.grade == grade, "-suggested")
