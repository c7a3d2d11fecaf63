"""What a demo claims, and how the run stands to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual.content import Content
from textual.widgets import Static

from demos.demo import Claim, Verdict
from tui.i18n import _
from tui.widgets.views.base import number


class Claims(Static):
    """A line for each claim of the preset: open while the run goes on, then held or failed."""

    DEFAULT_CSS = "Claims { height: auto; padding: 0 1; }"

    def __init__(self) -> None:
        super().__init__()
        self._claims: tuple[Claim, ...] = ()

    def begin(self, claims: Sequence[Claim]) -> None:
        """A run of a preset with these claims begins."""
        self._claims = tuple(claims)
        self.progress({})

    def progress(self, metrics: Mapping[str, float | None]) -> None:
        """The run goes on; nothing is decided."""
        self.update(Content("\n").join([_line(claim, metrics.get(claim.metric), None) for claim in self._claims]))

    def judge(self, verdicts: Sequence[Verdict]) -> None:
        """The run is complete."""
        by_name = {verdict.name: verdict for verdict in verdicts}
        lines = []
        for claim in self._claims:
            verdict = by_name.get(claim.name)
            lines.append(_line(claim, verdict.value if verdict else None, verdict.holds if verdict else None))
        self.update(Content("\n").join(lines))


def _line(claim: Claim, value: float | None, holds: bool | None) -> Content:
    mark = {None: ("·", "$muted"), True: ("✓", "bold $success"), False: ("✗", "bold $error")}[holds]
    says = _(claim.says)
    figure = (
        f"{number(value)} {claim.op} {number(claim.bound)}"
        if value is not None
        else f"{claim.op} {number(claim.bound)}"
    )
    return Content.assemble(mark, " ", says, "  ", (figure, "" if holds is not None else "$muted"))
