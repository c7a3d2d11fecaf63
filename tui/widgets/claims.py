"""What a demo claims, and how the run stands to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual.content import Content
from textual.widgets import Static

from demos.demo import Claim, Verdict
from tui.i18n import _, ngettext
from tui.widgets.views.base import number


class Claims(Static):
    """A line for each claim of the preset: open while the run goes on, then held or failed. In a low room, a count."""

    DEFAULT_CSS = "Claims { height: auto; padding: 0 1; }"

    def __init__(self) -> None:
        super().__init__()
        self._claims: tuple[Claim, ...] = ()
        self._metrics: Mapping[str, float | None] = {}
        self._verdicts: dict[str, Verdict] = {}
        self._brief = False

    def begin(self, claims: Sequence[Claim]) -> None:
        """A run of a preset with these claims begins."""
        self._claims = tuple(claims)
        self.progress({})

    def progress(self, metrics: Mapping[str, float | None]) -> None:
        """The run goes on; nothing is decided."""
        self._metrics, self._verdicts = metrics, {}
        self._write()

    def judge(self, verdicts: Sequence[Verdict]) -> None:
        """The run is complete."""
        self._verdicts = {verdict.name: verdict for verdict in verdicts}
        self._write()

    def be_brief(self, brief: bool) -> None:
        if brief != self._brief:
            self._brief = brief
            self._write()

    def _write(self) -> None:
        lines = [self._line(claim) for claim in self._claims]
        if not self._brief:
            self.update(Content("\n").join(lines))
            return
        failed = [
            claim for claim in self._claims if claim.name in self._verdicts and not self._verdicts[claim.name].holds
        ]
        if failed:
            self.update(self._line(failed[0]))
        elif self._verdicts:
            text = ngettext("{count} claim holds", "all {count} claims hold", len(self._claims))
            self.update(Content.assemble(("✓ ", "bold $success"), text))
        else:
            text = ngettext("{count} claim to be judged", "{count} claims to be judged", len(self._claims))
            self.update(Content.styled("· " + text, "$muted"))

    def _line(self, claim: Claim) -> Content:
        verdict = self._verdicts.get(claim.name)
        if verdict is None:
            return _line(claim, self._metrics.get(claim.metric), None)
        return _line(claim, verdict.value, verdict.holds)


def _line(claim: Claim, value: float | None, holds: bool | None) -> Content:
    mark = {None: ("·", "$muted"), True: ("✓", "bold $success"), False: ("✗", "bold $error")}[holds]
    says = _(claim.says)
    figure = (
        f"{number(value)} {claim.op} {number(claim.bound)}"
        if value is not None
        else f"{claim.op} {number(claim.bound)}"
    )
    return Content.assemble(mark, " ", says, "  ", (figure, "" if holds is not None else "$muted"))
