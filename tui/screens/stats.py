"""Statistics: how well it is remembered, what comes, and how steadily one studied."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll

from qa_bank.log_file import ReviewLogError
from tui.figures import Section, read, sections
from tui.i18n import _, date_text
from tui.keys import bindings
from tui.screens import VivaScreen
from tui.widgets.bars import KeyBar, TitleBar
from tui.widgets.retention_curve import RetentionCurve
from tui.widgets.section import SectionView

HEAD = "figures"
LEFT = ("retention", "forecast", "days", "time")
"""The sections that stand to the left where there is room for two columns; above the others where there is not."""


class StatsScreen(VivaScreen):
    """A page of sections; left and right go from one to the next."""

    CSS_PATH = "stats.tcss"
    BINDINGS = bindings("stats")

    def compose(self) -> ComposeResult:
        yield TitleBar(_("Statistics"))
        with VerticalScroll(id="page", can_focus=True):
            yield Vertical(id="head")
            with Horizontal(id="desk"):
                yield Vertical(id="left")
                yield Vertical(id="right")
        yield KeyBar(
            "stats.section(1)", "everywhere.help", "everywhere.language", "everywhere.theme", "everywhere.back"
        )

    async def fill(self) -> None:
        self._page.focus()
        now = self.viva.now()
        self.query_one(TitleBar).say(status=date_text(now.date()))
        try:
            learner = read(self.viva.bank, self.viva.log_book, self.viva.config, now)
        except ReviewLogError as error:
            self.viva.say_trouble(error)
            return
        for section in sections(learner):
            above = RetentionCurve(learner.whole) if section.name == "retention" else None
            await self.query_one(_place(section)).mount(SectionView(section, above))

    @property
    def _page(self) -> VerticalScroll:
        return self.query_one("#page", VerticalScroll)

    def action_section(self, by: int) -> None:
        """Scroll to the section after the one at the top, or to the one before it."""
        page = self._page
        here = round(page.scroll_y)
        tops = sorted({view.region.y - page.content_region.y + here for view in self.query(SectionView)})
        beyond = [top for top in tops if (top > here if by > 0 else top < here)]
        if beyond:
            page.scroll_to(y=beyond[0] if by > 0 else beyond[-1], animate=False)


def _place(section: Section) -> str:
    if section.name == HEAD:
        return "#head"
    return "#left" if section.name in LEFT else "#right"
