"""Study: question, answer aloud, key points, demo beside the card, grade, next."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual import work
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input, Static

from qa_bank.card import Card
from qa_bank.drill import pose
from qa_bank.log_file import ReviewLogError
from qa_bank.memory import Grade
from tui.i18n import GRADES, LEVELS, _, clock_text, interval_text, n_, ngettext, topic_text
from tui.keys import bindings
from tui.predictions import judge
from tui.queues import Wanted
from tui.screens import VivaScreen
from tui.screens.choose import ChooseScreen
from tui.screens.demo import RUNNING
from tui.screens.note import NoteScreen
from tui.study import UNREADABLE_TEXT, Study, Summary, forgotten_text, undone_text
from tui.widgets.bars import KeyBar, TitleBar
from tui.widgets.card_view import CardView
from tui.widgets.demo_pane import DemoPane
from tui.widgets.desk import Desk
from tui.widgets.grade_bar import GradeBar

Keys = tuple[str, ...]
ASIDE: Keys = ("study.note", "study.bury", "study.flag", "study.suspend", "everywhere.help", "study.leave")
ASKED: Keys = ("study.reveal", "study.demo", "study.undo", *ASIDE)
ANSWERED: Keys = ("study.point(1)", "study.tick", "study.explanation", "study.demo", "study.undo", *ASIDE)
TYPING: Keys = ("study.leave",)
OVER: Keys = ("study.undo", "everywhere.help", "study.leave")
WHY = {
    "new": n_("new"),
    "due": n_("due"),
    "learning": n_("learning"),
    "missed": n_("missed in an interview"),
    "cram": n_("cram"),
}


class StudyScreen(VivaScreen):
    """Takes the cards from a Study, one after another."""

    CSS_PATH = "study.tcss"
    BINDINGS = bindings("study")

    def __init__(self, wanted: Wanted = Wanted()) -> None:  # noqa: B008
        super().__init__()
        self._wanted = wanted
        self.study: Study
        self._flagged = False
        self._detail: dict[str, Any] = {}

    def compose(self) -> ComposeResult:
        yield TitleBar()
        yield Desk(self.viva.pool, self.viva.config.device)
        yield GradeBar()
        yield KeyBar(*ASKED)

    async def on_mount(self) -> None:
        try:
            self.study = Study(self.viva.bank, self.viva.log_book, self.viva.limits, self._wanted, self.viva.now)
        except ReviewLogError as error:
            self.viva.say_trouble(error)
            self.dismiss()
            return
        self.set_interval(1.0, self._write_status)
        await self._deal()

    @property
    def _desk(self) -> Desk:
        return self.query_one(Desk)

    async def language_changed(self) -> None:
        revealed = bool(self.query(CardView)) and self.query_one(CardView).revealed
        self.study.bank = self.viva.bank
        await self.recompose()
        await self._deal()
        if revealed:
            await self.action_reveal()

    async def _deal(self) -> None:
        """Put the card on the table that the study says is next."""
        self._detail = {}
        self.remove_class("-answered")
        card, marks = self.study.card, self.study.marks
        self._flagged = marks.flagged
        if card is None:
            await self._desk.deal(Static(_ending(self.study), id="ending"))
        else:
            await self._desk.deal(CardView(card, typed=self.study.answer is not None, note=marks.note))
        self._write_status()
        await self._write_keys()

    def _write_status(self) -> None:
        card = self.study.card
        if card is None:
            self.query_one(TitleBar).say(_("Study"), "")
            return
        assert self.study.next is not None
        flag = ("⚑",) if self._flagged else ()
        title = " · ".join((topic_text(card.topic), _(LEVELS[card.facts.level]), _(WHY[self.study.next.why]), *flag))
        done, left = len(self.study.acts), self.study.counts.total
        status = _("{n} of {total}").format(n=done + 1, total=done + left) + " · " + clock_text(self.study.seconds)
        self.query_one(TitleBar).say(title, status)

    async def _write_keys(self) -> None:
        running = self.has_class("-running") and self.focused is not None and bool(self.query(DemoPane))
        if self.study.card is None:
            keys: Keys = OVER
        elif isinstance(self.focused, Input):
            keys = TYPING
        elif running and self._desk.in_pane:
            keys = (*RUNNING, "study.leave")
        else:
            keys = ANSWERED if self.has_class("-answered") else ASKED
        if self.study.card is not None and self.study.card.facts.demo is None:
            keys = tuple(key for key in keys if key != "study.demo")
        await self.query_one(KeyBar).show(*keys)

    async def on_descendant_focus(self) -> None:
        await self._write_keys()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Space and Enter reveal; once the answer is shown they do what else they are bound to."""
        return action != "reveal" or not self.query(CardView) or not self.query_one(CardView).revealed

    async def action_reveal(self) -> None:
        """Show the answer."""
        if self.study.card is None:
            await self.viva.action_back()
            return
        self.query_one(CardView).reveal()
        self.query_one(GradeBar).show(self.study.intervals())
        self.query_one(GradeBar).suggest(None)
        self.add_class("-answered")
        await self._write_keys()

    async def on_input_submitted(self, event: Input.Submitted) -> None:
        """A drill is answered by typing; the verdict is the answer's, the grade the learner's."""
        event.stop()
        typed, right = event.value.strip(), self.study.judge(event.value)
        if typed and right is None:
            self.notify(_(UNREADABLE_TEXT))
            return
        self._detail |= {"seed": self.study.seed, "typed": typed, "right": bool(right)}
        event.input.disabled = True
        await self.action_reveal()
        view = self.query_one(CardView)
        view.focus()
        view.say(
            ("✓ " + _("Right.")) if right else ("✗ " + _("Not yet: see the steps below.")), "good" if right else "bad"
        )
        self.query_one(GradeBar).suggest(Grade.GOOD if right else Grade.AGAIN)
        await view.explain(scroll=False)

    def action_point(self, by: int) -> None:
        if self.study.card is not None:
            view = self.query_one(CardView)
            if view.revealed:
                view.move(by)
            else:
                view.scroll_relative(y=by, animate=False)

    def action_tick(self) -> None:
        if self.study.card is not None:
            self.query_one(CardView).tick()

    def on_card_view_point_clicked(self, event: CardView.PointClicked) -> None:
        self.query_one(CardView).tick(event.index)

    def on_card_view_ticked(self, event: CardView.Ticked) -> None:
        share = event.ticked / event.of
        self.query_one(GradeBar).suggest(Grade.GOOD if share >= 0.75 else Grade.HARD if share >= 0.4 else None)

    async def action_explanation(self) -> None:
        if self.study.card is not None and self.query_one(CardView).revealed:
            await self.query_one(CardView).explain()

    async def action_grade(self, grade: int) -> None:
        if self.study.card is None or not self.query_one(CardView).revealed or not self._desk.card_seen:
            return
        detail: dict[str, Any] = {"ticked": self.query_one(CardView).ticked, **self._detail}
        card = self.study.card
        try:
            graded = self.study.grade(Grade(grade), detail)
        except ReviewLogError as error:
            self.viva.say_trouble(error)
            return
        await self._deal()
        if graded is not None and graded.makes_leech(self.viva.config.leech_lapses):
            self._offer_rest(card)

    @work
    async def _offer_rest(self, card: Card) -> None:
        """A card that is forgotten again and again costs more than it gives: rewrite it in one's own words, or let it be."""
        memory = self.viva.log_book.memory(card.id)
        lapses = memory.lapses if memory else 0
        title = forgotten_text(card, lapses)
        choice = await self.app.push_screen_wait(
            ChooseScreen(
                title,
                (
                    ("note", _("Write a note"), _("say it in your own words; it is shown with the answer")),
                    ("suspend", _("Suspend"), _("ask it no more, until you take it up again among the cards")),
                    ("keep", _("Keep"), _("ask it as before")),
                ),
            )
        )
        try:
            if choice == "suspend":
                self.viva.log_book.mark(card.id, self.viva.now(), suspended=True)
                self.study.queue.dropped(card.id)
                if self.study.next is not None and self.study.next.card == card.id:
                    self.study.advance()
                    await self._deal()
            elif choice == "note":
                await self._write_note(card)
        except ReviewLogError as error:
            self.viva.say_trouble(error)

    async def _write_note(self, card: Card) -> str:
        note = await self.app.push_screen_wait(
            NoteScreen(card.text.question, self.viva.log_book.marks_of(card.id).note)
        )
        self.viva.log_book.mark(card.id, self.viva.now(), note=note)
        return note

    @work
    async def action_note(self) -> None:
        """Write a note on the card; what was typed so far, ticked or run stays as it is."""
        card = self.study.card
        if card is None or not self._at_card:
            return
        try:
            note = await self._write_note(card)
        except ReviewLogError as error:
            self.viva.say_trouble(error)
            return
        self.query_one(CardView).note = note

    @property
    def _at_card(self) -> bool:
        """Whether the keys go to the card, and it can be seen."""
        return self.study.card is not None and self._desk.card_seen and not self._desk.in_pane

    def action_flag(self) -> None:
        if not self._at_card:
            return
        try:
            self._flagged = self.study.flag()
        except ReviewLogError as error:
            self.viva.say_trouble(error)
            return
        self._write_status()

    async def action_bury(self) -> None:
        await self._set_aside(self.study.bury, _("Buried until tomorrow; u takes it back."))

    async def action_suspend(self) -> None:
        await self._set_aside(self.study.suspend, _("Suspended; u takes it back."))

    async def _set_aside(self, act: Callable[[], None], said: str) -> None:
        if not self._at_card:
            return
        try:
            act()
        except ReviewLogError as error:
            self.viva.say_trouble(error)
            return
        self.notify(said)
        await self._deal()

    async def on_grade_bar_chosen(self, event: GradeBar.Chosen) -> None:
        await self.action_grade(int(event.grade))

    async def action_undo(self) -> None:
        try:
            undone = self.study.undo()
        except ReviewLogError as error:
            self.viva.say_trouble(error)
            return
        if undone is None:
            self.notify(_("There is nothing to take back."))
            return
        self.notify(undone_text(undone))
        await self._deal()

    async def action_demo(self) -> None:
        """Open the card's experiment, go to it, or go back to the card."""
        card = self.study.card
        if card is None:
            return
        await self._desk.demo(card, predicted="predicted" in self._detail)
        await self._write_keys()

    async def action_leave(self) -> None:
        if self._desk.in_pane:
            self._desk.leave_pane()
            await self._write_keys()
        else:
            await self.viva.action_back()

    def on_demo_pane_predicted(self, event: DemoPane.Predicted) -> None:
        card = self.study.card
        if card is not None and card.facts.predict is not None:
            self._detail["predicted"] = card.facts.predict.options[event.option]

    def on_demo_pane_run_done(self, event: DemoPane.RunDone) -> None:
        """The run has measured what was predicted: say who was right."""
        card = self.study.card
        if card is None or "predicted" not in self._detail or "measured" in self._detail:
            return
        judged = judge(card, self._detail["predicted"], event.outcomes)
        if judged is None:
            return
        self._detail["measured"] = judged.measured
        tone = "good" if judged.right else "bad"
        self.query_one(CardView).say(("✓ " if judged.right else "✗ ") + judged.text, tone)
        self.notify(judged.text, severity="information" if judged.right else "warning", markup=False)


def _ending(study: Study) -> Content:
    """What is said when there is no card to ask."""
    lines: list[Content] = []
    summary: Summary = study.summary()
    if summary.graded:
        lines.append(Content.styled(_("The session is done."), "bold"))
        lines.append(Content(""))
        lines.append(Content(ngettext("{count} card graded", "{count} cards graded", summary.graded)))
        share = round(100 * summary.remembered / summary.graded)
        lines.append(
            Content(_("{share}% remembered, {time} in all").format(share=share, time=clock_text(summary.seconds)))
        )
        counts = "   ".join(f"{_(GRADES[grade])} {count}" for grade, count in summary.by_grade.items())
        lines.append(Content.styled(counts, "$muted"))
        if summary.missed:
            lines += [Content(""), Content.styled(_("To look at again:"), "bold")]
            lines += [
                Content(f"· {pose(study.bank[card])[0].text.question}") for card in summary.missed if card in study.bank
            ]
    else:
        lines.append(Content.styled(_("Nothing is due now."), "bold"))
    waiting = study.queue.waiting(study.now())
    lines.append(Content(""))
    if waiting is not None:
        lines.append(Content(_("A card in learning comes back in {time}.").format(time=interval_text(waiting))))
    lines.append(Content(_("Press Space to go back, or u to take back the last grade.")))
    return Content("\n").join(lines)
