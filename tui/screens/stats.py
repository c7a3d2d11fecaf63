"""Statistics: what has been learned, and how steadily."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from qa_bank import stats
from qa_bank.day import Day
from qa_bank.log_file import ReviewLogError
from tui.i18n import _, date_text, topic_text
from tui.overview import Overview, overview
from tui.screens import VivaScreen
from tui.widgets.bars import KeyBar, TitleBar

DAYS = 14


class StatsScreen(VivaScreen):
    """Numbers, the last two weeks, and the topics."""

    def compose(self) -> ComposeResult:
        yield TitleBar(_("Statistics"))
        with VerticalScroll(classes="page", can_focus=True):
            yield Static(id="figures")
        yield KeyBar("everywhere.help", "everywhere.language", "everywhere.theme", "everywhere.back")

    async def fill(self) -> None:
        try:
            view = overview(self.viva.bank, self.viva.log_book, self.viva.now(), self.viva.limits)
            days = self._days()
        except ReviewLogError as error:
            self.viva.say_trouble(error)
            return
        empty = Content.styled(_("Nothing here yet: study a card, and it begins to fill."), "$muted")
        parts = [_figures(view), empty if view.newcomer else _weeks(days), _topics(view)]
        self.query_one("#figures", Static).update(Content("\n\n").join(parts))
        self.query_one(VerticalScroll).focus()

    def _days(self) -> list[tuple[str, int]]:
        day = Day.of(self.viva.now())
        days = [day.before(back) for back in range(DAYS - 1, -1, -1)]
        return [(date_text(day.date), stats.today(self.viva.log_book, day).reviews) for day in days]


def _figures(view: Overview) -> Content:
    retention = f"{round(view.retention * 100)}%" if view.retention is not None else "–"
    learned = sum(topic.learned for topic in view.topics)
    rows = (
        (_("Cards learned"), f"{learned} / {view.cards}"),
        (_("Due"), str(view.due)),
        (_("Streak, days"), str(view.streak)),
        (_("Remembered, last 30 days"), retention),
    )
    return Content("\n").join(
        [Content.assemble((name.ljust(30), "$muted"), (value.rjust(8), "bold")) for name, value in rows]
    )


def _weeks(days: list[tuple[str, int]]) -> Content:
    most = max(max(count for _name, count in days), 1)
    lines = [Content.styled(_("Reviews a day"), "bold")]
    for name, count in days:
        bar = "━" * round(40 * count / most)
        lines.append(Content.assemble((name.ljust(14), "$muted"), (bar, "$accent"), f" {count}" if count else ""))
    return Content("\n").join(lines)


def _topics(view: Overview) -> Content:
    lines = [Content.styled(_("Topics"), "bold")]
    for topic in view.topics:
        share = f"{topic.learned} / {topic.cards}".rjust(10)
        lines.append(Content.assemble((topic_text(topic.topic).ljust(24), ""), (share, "$muted")))
    return Content("\n").join(lines)
