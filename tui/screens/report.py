"""The report of an interview: what was named, what was missed, what to study next, and how it compares."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from textual import work
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from qa_bank import interviews
from qa_bank.interview import Report, report
from qa_bank.interviews import Sat
from qa_bank.log_file import ReviewLogError
from tui.i18n import LEVELS, _, clock_text, ngettext, topic_text
from tui.interview import queue_missed
from tui.keys import bindings
from tui.markdown import unmarked
from tui.report import (
    ASKS,
    asked_text,
    bar,
    card_of,
    earlier,
    file_name,
    headline,
    markdown,
    missed_points,
    percent,
    when_text,
)
from tui.screens import VivaScreen
from tui.screens.choose import ChooseScreen
from tui.widgets.bars import KeyBar, TitleBar
from tui.widgets.inline import hanging

PAST = 10
"""How many earlier interviews the chart has."""
PAGE = 96
"""The columns that a page has where the screen is wider."""


class ReportScreen(VivaScreen):
    """One interview's report; left and right page among all of them."""

    BINDINGS = bindings("report")

    def __init__(self, uid: str) -> None:
        super().__init__()
        self._uid = uid
        self._all: list[Sat] = []

    def compose(self) -> ComposeResult:
        yield TitleBar(_("Interview report"))
        with VerticalScroll(classes="page", can_focus=True):
            yield Static(id="report")
        yield KeyBar(
            "report.open", "report.queue", "report.write", "report.turn(-1)", "everywhere.help", "everywhere.back"
        )

    async def fill(self) -> None:
        try:
            self._all = [sat for sat in interviews.sat(self.viva.log_book) if sat.answers]
        except ReviewLogError as error:
            self.viva.say_trouble(error)
            return
        self._show()

    @property
    def _sat(self) -> Sat:
        return next(sat for sat in self._all if sat.uid == self._uid)

    @property
    def _found(self) -> Report:
        return report(self.viva.bank, self._sat.plan, self._sat.answers)

    def on_resize(self) -> None:
        if self._all:
            self._show()

    def _show(self) -> None:
        self.query_one(TitleBar).say(status=when_text(self._sat.at, self.viva.now().tzinfo))
        found = self._found
        lines = [*self._head(found), *self._missed(found), *self._past(), *self._asked(found)]
        self.query_one("#report", Static).update(Content("\n").join(lines))
        self.query_one(VerticalScroll).focus()

    def _head(self, found: Report) -> Iterator[Content]:
        yield Content.styled(headline(found), "bold")
        if found.questions < found.planned:
            yield Content.styled(_("Broken off; it goes on from the screen before the interview."), "$muted")
        if found.study:
            topics = ", ".join(map(topic_text, found.study))
            yield Content.assemble((_("Study next") + ": ", "$muted"), (topics, "bold $accent"))
        named = [(_("By topic"), [(topic_text(part.name), part) for part in found.topics])]
        named.append((_("By level"), [(_(LEVELS[part.name]), part) for part in found.levels]))
        width = max((len(name) for _title, parts in named for name, _part in parts), default=0) + 2
        for title, parts in named:
            yield from (Content(""), _title(title))
            for name, part in parts:
                count = (f"  {part.named}/{part.of}", "$muted")
                yield Content.assemble(
                    f"  {name.ljust(width)}", (bar(part.score), "$accent"), f" {percent(part.score):>4}", count
                )

    def _missed(self, found: Report) -> Iterator[Content]:
        yield from (Content(""), _title(_("Missed") if found.missed else _("Nothing was missed.")))
        for one in found.missed:
            card = card_of(self.viva.bank, one.card, self._sat)
            yield hanging("  ", unmarked(card.text.question), self._width)
            for point in missed_points(card, one.points):
                yield hanging("    · ", point, self._width, "$muted")

    def _past(self) -> Iterator[Content]:
        past = earlier(self.viva.bank, self._all)[-PAST:]
        if len(past) < 2:
            return
        yield from (Content(""), _title(_("Compared with earlier interviews")))
        for sat, score in past:
            mark = ("▸ ", "bold $accent") if sat.uid == self._uid else "  "
            when = when_text(sat.at, self.viva.now().tzinfo).ljust(18)
            yield Content.assemble(mark, (when, "$muted"), (bar(score), "$accent"), f" {percent(score):>4}")

    def _asked(self, found: Report) -> Iterator[Content]:
        yield from (Content(""), _title(_("What was asked")))
        kinds = max(len(_(kind)) for kind in ASKS.values()) + 2
        for answer in found.answers:
            if answer.ask.card in self.viva.bank:
                named = f"{len(answer.named)}/{answer.of}" if answer.of else "–"
                start = f"  {_(ASKS[answer.ask.kind]).ljust(kinds)}{named:>5}  {clock_text(answer.seconds):>5}  "
                yield hanging(start, asked_text(self.viva.bank, answer, self._sat), self._width)

    @property
    def _width(self) -> int:
        """The columns that a line has."""
        return min(PAGE, self.size.width - 8)

    @work
    async def action_open(self) -> None:
        """Open one of the cards missed."""
        cards = [card_of(self.viva.bank, missed.card, self._sat) for missed in self._found.missed]
        if not cards:
            self.notify(_("Nothing was missed."))
            return
        choices = [(card.id, card.text.question, topic_text(card.topic)) for card in cards]
        chosen = await self.app.push_screen_wait(ChooseScreen(_("Which card?"), choices))
        if chosen is not None:
            self.viva.open_card(chosen)

    def action_queue(self) -> None:
        try:
            count = queue_missed(self.viva.log_book, self._found, self.viva.now())
        except ReviewLogError as error:
            self.viva.say_trouble(error)
            return
        text = ngettext("{count} card will be asked first.", "{count} cards will be asked first.", count)
        self.notify(text if count else _("Nothing was missed."))

    def action_write(self) -> None:
        path = Path.cwd() / file_name(self._sat, self.viva.now().tzinfo)
        past = earlier(self.viva.bank, self._all)
        try:
            path.write_text(markdown(self.viva.bank, self._sat, self._found, past, self.viva.now().tzinfo), "utf-8")
        except OSError as error:
            self.notify(f"{path}: {error.strerror}", severity="warning", markup=False)
            return
        self.notify(_("Written: {path}").format(path=path), markup=False)

    def action_turn(self, by: int) -> None:
        places = [sat.uid for sat in self._all]
        at = places.index(self._uid) + by
        if 0 <= at < len(places):
            self._uid = places[at]
            self._show()


def _title(text: str) -> Content:
    return Content.styled(text, "$muted")
