"""Before an interview: how long, about what, at which level; and those that were sat before."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from qa_bank import interviews
from qa_bank.card import LEVELS as ALL_LEVELS
from qa_bank.interview import Choices as Wanted
from qa_bank.interviews import Sat
from qa_bank.log_file import ReviewLogError
from tui.i18n import LEVELS, _, n_, ngettext, topic_text
from tui.interview import any_seed, unfinished
from tui.keys import bindings
from tui.report import bar, earlier, percent, when_text
from tui.screens import VivaScreen
from tui.widgets.bars import KeyBar, TitleBar
from tui.widgets.choices import Choice, Choices, any_of

LENGTHS = ((10, None), (5, None), (3, None), (15, None), (20, None), (None, 15), (None, 30), (None, 45))
"""Questions, or minutes."""
STYLES = {
    "mixed": n_("questions, with drills and predictions in between"),
    "theory": n_("questions alone"),
    "practice": n_("drills and predictions"),
}
PAST = 8


class SitScreen(VivaScreen):
    """Enter begins."""

    BINDINGS = bindings("choices", "sit")

    def __init__(self) -> None:
        super().__init__()
        self._open: Sat | None = None
        self._past: list[Sat] = []

    def compose(self) -> ComposeResult:
        yield TitleBar(_("Interview"))
        with VerticalScroll(classes="page", can_focus=False):
            yield Static(
                _(
                    "Questions in turn, the weaker you are in one the likelier. Answer aloud or type; then you are asked "
                    "about what you missed, and about where it leads. At the end comes a report."
                ),
                classes="lead",
                markup=False,
            )
            yield Choices(self._rows())
            yield Static(id="past", classes="below")
        yield KeyBar(
            "choices.row(1)", "choices.change(1)", "choices.start", "sit.reports", "everywhere.help", "everywhere.back"
        )

    async def fill(self) -> None:
        self.query_one(Choices).focus()
        self.query_one("#past", Static).update(self._chart())

    async def on_mount(self) -> None:
        self._read()
        await self.recompose()
        await super().on_mount()

    def on_screen_resume(self) -> None:
        if self.is_mounted and self._past != self._read():
            self.call_later(self.language_changed)

    def _read(self) -> list[Sat]:
        try:
            self._past = [sat for sat in interviews.sat(self.viva.log_book) if sat.answers]
            self._open = unfinished(self.viva.bank, self.viva.log_book)
        except ReviewLogError as error:
            self.viva.say_trouble(error)
        return self._past

    def _rows(self) -> tuple[Choice, ...]:
        which: list[tuple[str, str]] = [("new", _("new questions"))]
        if self._open is not None:
            done = len({answer.ask.main for answer in self._open.answers})
            text = _("the one broken off, after {n} of {total} questions")
            which.insert(0, ("open", text.format(n=done, total=len(self._open.plan.questions))))
        if self._past:
            which.append(("again", _("the questions of the last one again")))
        lengths = tuple(
            (
                (questions, minutes),
                ngettext("{count} question", "{count} questions", questions)
                if questions is not None
                else ngettext("{count} minute", "{count} minutes", minutes or 0),
            )
            for questions, minutes in LENGTHS
        )
        topics = [((topic,), topic_text(topic)) for topic in self.viva.bank.topics]
        return (
            Choice("which", _("Interview"), tuple(which)),
            Choice("length", _("Length"), lengths),
            Choice("topics", _("Topic"), (((), _("any")), *topics)),
            Choice("level", _("Level"), any_of([(level, _(LEVELS[level])) for level in ALL_LEVELS])),
            Choice("style", _("Style"), tuple((style, _(text)) for style, text in STYLES.items())),
        )

    def _chart(self) -> Content:
        past = earlier(self.viva.bank, self._past)[-PAST:]
        if not past:
            return Content.styled(
                _("The first one will stand here with its score, to compare the next with."), "$muted"
            )
        lines = [Content.styled(_("So far"), "$muted")]
        for sat, score in past:
            when = when_text(sat.at, self.viva.now().tzinfo).ljust(18)
            lines.append(Content.assemble("  ", (when, "$muted"), (bar(score), "$accent"), f" {percent(score):>4}"))
        return Content("\n").join(lines)

    def action_row(self, by: int) -> None:
        self.query_one(Choices).move(by)

    def action_change(self, by: int) -> None:
        self.query_one(Choices).change(by)

    def action_reports(self) -> None:
        from tui.screens.report import ReportScreen

        if self._past:
            self.app.push_screen(ReportScreen(self._past[-1].uid))
        else:
            self.notify(_("There is no report yet."))

    def action_start(self) -> None:
        chosen = self.query_one(Choices).values
        which = chosen.pop("which")
        questions, minutes = chosen.pop("length")
        wanted = Wanted(questions, minutes, seed=any_seed(self.viva.now()), **chosen)
        if which == "again":
            wanted = self._past[-1].plan.choices
        self.viva.open_interview(None if which == "open" else wanted)
