"""Home: what today brings, and a way to every part."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

import demos
from qa_bank.log_file import ReviewLogError
from tui.i18n import LANGUAGES, _, date_text, language, ngettext, topic_text
from tui.keys import bindings, called, key_of
from tui.overview import Overview, Topic
from tui.screens import VivaScreen
from tui.widgets.bars import KeyBar, TitleBar

GAP, LINE = 4, 74
"""Between two numbers, and the columns that the smallest screen has for them."""


class HomeScreen(VivaScreen):
    """The first screen. It shows numbers that others computed, and opens the parts."""

    CSS_PATH = "home.tcss"
    BINDINGS = bindings("home")
    _prompts: dict[str, Content] = {}  # noqa: RUF012

    def compose(self) -> ComposeResult:
        yield TitleBar("Viva")
        with VerticalScroll(id="page", can_focus=False):
            yield Static(id="welcome")
            yield Static(id="numbers")
            yield OptionList(id="menu")
            yield Static(id="topics")
        yield KeyBar(
            "everywhere.help", "everywhere.language", "everywhere.theme", "everywhere.palette", "home.app.back"
        )

    async def fill(self) -> None:
        self.query_one(OptionList).focus()
        self.update_numbers()

    def on_screen_resume(self) -> None:
        self.update_numbers()

    def update_numbers(self) -> None:
        """Read the day's numbers again and show them."""
        from tui.overview import overview

        try:
            view = overview(self.viva.bank, self.viva.log_book, self.viva.now(), self.viva.limits)
        except ReviewLogError as error:
            self.viva.say_trouble(error)
            return
        status = [date_text(self.viva.now().date()), LANGUAGES[language()], *self.viva.pool.devices[:1]]
        self.query_one(TitleBar).say(status=" · ".join(status))
        welcome = self.query_one("#welcome", Static)
        welcome.display = view.newcomer
        if view.newcomer:
            welcome.update(_welcome(view))
        self.query_one("#numbers", Static).update(_numbers(view, self.viva.config.retention))
        self._fill_menu(view)
        topics = self.query_one("#topics", Static)
        topics.display = not view.newcomer
        topics.update(_topics(view))

    def _fill_menu(self, view: Overview) -> None:
        parts = (
            ("study", _("Study"), _study_hint(view)),
            ("custom", _("Choose"), _("a topic, a level, flagged cards; or cram")),
            ("interview", _("Interview"), _("questions in turn, a report at the end")),
            ("demos", _("Demos"), ngettext("{count} experiment", "{count} experiments", len(demos.names()))),
            ("cards", _("Cards"), ngettext("{count} card", "{count} cards", view.cards)),
            ("stats", _("Statistics"), _("what you have learned")),
            ("settings", _("Settings"), _("language, limits, keys and more")),
        )
        menu = self.query_one(OptionList)
        chosen = menu.highlighted or 0
        width = max(len(name) for _part, name, _hint in parts) + 3
        self._prompts = {
            part: Content.assemble((f"{_letter(part)}  ", "$accent"), (name.ljust(width), "bold"), (hint, "$muted"))
            for part, name, hint in parts
        }
        menu.set_options(Option(prompt, id=part) for part, prompt in self._prompts.items())
        menu.highlighted = chosen

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """A mark beside the colour."""
        for part, prompt in self._prompts.items():
            mark = ("▸ ", "bold $accent") if part == event.option_id else "  "
            event.option_list.replace_option_prompt(part, Content.assemble(mark, prompt))

    async def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        await self.run_action(str(event.option_id))

    def action_study(self) -> None:
        self.viva.open_study()

    def action_custom(self) -> None:
        self.viva.open_custom()

    def action_interview(self) -> None:
        self.viva.open_sit()

    def action_settings(self) -> None:
        self.viva.open_settings()

    def action_demos(self) -> None:
        self.viva.open_demos()

    def action_cards(self) -> None:
        self.viva.open_cards()

    def action_stats(self) -> None:
        self.viva.open_stats()


def _letter(part: str) -> str:
    """The key of a part."""
    return "".join(map(called, key_of(f"home.{part}").keys[:1])) or " "


def _welcome(view: Overview) -> Content:
    lines = (
        _(
            "Viva asks what interviewers ask about deep learning. Answer aloud, then check yourself against the key points."
        ),
        _("Each answer runs: predict what a small PyTorch experiment will show, run it beside the card, and see."),
        _("Grade yourself, and each card comes back just before you would forget it."),
    )
    start = _("Press Enter to begin with the {count} core cards.").format(count=view.core)
    return Content("\n").join([*(Content(line) for line in lines), Content.styled(start, "bold $accent")])


def _numbers(view: Overview, aim: float) -> Content:
    parts = [(_("Due"), str(view.due), ""), (_("New"), str(view.new), "")]
    if view.streak:
        parts.append((_("Streak"), ngettext("{count} day", "{count} days", view.streak), ""))
    if view.reviews_today:
        parts.append((_("Done today"), str(view.reviews_today), ""))
    if view.retention is not None:
        goal = " " + _("(aim {aim}%)").format(aim=round(aim * 100))
        parts.append((_("Retention"), f"{round(view.retention * 100)}%", goal))
    lines: list[list[Content]] = [[]]
    for name, value, more in parts:
        part = Content.assemble((name, "$muted"), " ", (value, "bold"), (more, "$muted"))
        if sum(one.cell_length + GAP for one in lines[-1]) + part.cell_length > LINE:
            lines.append([])
        lines[-1].append(part)
    return Content("\n").join([Content(" " * GAP).join(line) for line in lines])


def _study_hint(view: Overview) -> str:
    if not view.due and not view.new:
        return _("nothing is due; the day is done")
    due = ngettext("{count} due", "{count} due", view.due)
    new = ngettext("{count} new", "{count} new", view.new)
    minutes = ngettext("about {count} minute", "about {count} minutes", view.minutes)
    return ", ".join([*([due] if view.due else []), *([new] if view.new else []), minutes])


def _topics(view: Overview) -> Content:
    names = max((len(topic_text(topic.topic)) for topic in view.topics), default=0) + 2
    return Content("\n").join([_topic(topic, names) for topic in view.topics])


def _topic(topic: Topic, names: int, width: int = 20) -> Content:
    share = topic.learned / topic.cards
    filled = round(share * width)
    due = ngettext("{count} due", "{count} due", topic.due) if topic.due else ""
    return Content.assemble(
        (topic_text(topic.topic).ljust(names), ""),
        ("━" * filled, "$accent"),
        ("─" * (width - filled), "$faint"),
        (f"{round(share * 100):>4}%  ", "$muted"),
        (due, "bold"),
    )
