"""Study: question, answer aloud, key points, demo beside the card, grade, next."""

from __future__ import annotations

from typing import Any

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input, Static

from demos.demo import DemoError
from demos.wire import Start
from qa_bank.card import Card
from qa_bank.drill import pose
from qa_bank.log_file import ReviewLogError
from qa_bank.memory import Grade
from tui.i18n import GRADES, LEVELS, _, clock_text, interval_text, ngettext, topic_text
from tui.keys import bindings
from tui.screens import VivaScreen
from tui.screens.demo import RUNNING
from tui.study import Study, Summary
from tui.trouble import error_text
from tui.widgets.bars import KeyBar, TitleBar
from tui.widgets.card_view import CardView
from tui.widgets.demo_pane import DemoPane
from tui.widgets.grade_bar import GradeBar

Keys = tuple[str, ...]
ASKED: Keys = ("study.reveal", "study.demo", "study.undo", "everywhere.help", "study.leave")
ANSWERED: Keys = ("study.point(1)", "study.tick", "study.explanation", *ASKED[1:])
TYPING: Keys = ("study.leave",)
OVER: Keys = ("study.undo", "everywhere.help", "study.leave")


class StudyScreen(VivaScreen):
    """Takes the cards from a Study, one after another."""

    CSS_PATH = "study.tcss"
    BINDINGS = bindings("study")

    def __init__(self, topic: str | None = None, level: str | None = None) -> None:
        super().__init__()
        self._filter = (topic, level)
        self.study: Study
        self._done = 0
        self._detail: dict[str, Any] = {}

    def compose(self) -> ComposeResult:
        yield TitleBar()
        yield Horizontal(id="desk")
        yield GradeBar()
        yield KeyBar(*ASKED)

    async def on_mount(self) -> None:
        try:
            self.study = Study(self.viva.bank, self.viva.log_book, self.viva.limits, *self._filter, now=self.viva.now)
        except ReviewLogError as error:
            self.viva.say_trouble(error)
            self.dismiss()
            return
        self.set_interval(1.0, self._write_status)
        await self._deal()

    async def language_changed(self) -> None:
        revealed = bool(self.query(CardView)) and self.query_one(CardView).revealed
        self.study.bank = self.viva.bank
        await self.recompose()
        await self._deal()
        if revealed:
            await self.action_reveal()

    async def _deal(self) -> None:
        """Put the card on the table that the study says is next."""
        desk = self.query_one("#desk", Horizontal)
        self._detail = {}
        self.remove_class("-running", "-answered")
        card = self.study.card
        async with self.batch():
            await desk.remove_children()
            if card is None:
                await desk.mount(Static(_ending(self.study), id="ending"))
            else:
                await desk.mount(CardView(card, typed=self.study.answer is not None))
        if card is not None:
            self.query_one(CardView).ask()
            if card.facts.demo is not None:
                self.viva.pool.warm()
        self._write_status()
        await self._write_keys()

    def _write_status(self) -> None:
        card = self.study.card
        if card is None:
            self.query_one(TitleBar).say(_("Study"), "")
            return
        assert self.study.next is not None
        kind = {"new": _("new"), "due": _("due"), "learning": _("learning")}[self.study.next.why]
        title = " · ".join((topic_text(card.topic), _(LEVELS[card.facts.level]), kind))
        done, left = len(self.study.grades), self.study.counts.total
        status = _("{n} of {total}").format(n=done + 1, total=done + left) + " · " + clock_text(self.study.seconds)
        self.query_one(TitleBar).say(title, status)

    async def _write_keys(self) -> None:
        running = self.has_class("-running") and self.focused is not None and bool(self.query(DemoPane))
        if self.study.card is None:
            keys: Keys = OVER
        elif isinstance(self.focused, Input):
            keys = TYPING
        elif running and self._in_pane():
            keys = (*RUNNING, "study.leave")
        else:
            keys = ANSWERED if self.has_class("-answered") else ASKED
        await self.query_one(KeyBar).show(*keys)

    def _in_pane(self) -> bool:
        return self.focused is not None and any(isinstance(node, DemoPane) for node in self.focused.ancestors_with_self)

    async def on_descendant_focus(self) -> None:
        await self._write_keys()

    async def action_reveal(self) -> None:
        """Show the answer; once it is shown, Enter and Space tick the key point one stands at."""
        if self.study.card is None:
            await self.viva.action_back()
            return
        view = self.query_one(CardView)
        if view.revealed:
            view.tick()
            return
        view.reveal()
        self.query_one(GradeBar).show(self.study.intervals())
        self.query_one(GradeBar).suggest(None)
        self.add_class("-answered")
        await self._write_keys()

    async def on_input_submitted(self, event: Input.Submitted) -> None:
        """A drill is answered by typing; the verdict is the answer's, the grade the learner's."""
        event.stop()
        typed, right = event.value.strip(), self.study.judge(event.value)
        if typed and right is None:
            self.notify(
                _("That cannot be read. Write 12.5, 3/4 or 1e-3; several numbers like 3x32x32; letters like A, C.")
            )
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
        if self.study.card is None or not self.query_one(CardView).revealed or not self._card_seen():
            return
        detail: dict[str, Any] = {"ticked": self.query_one(CardView).ticked, **self._detail}
        try:
            self.study.grade(Grade(grade), detail)
        except ReviewLogError as error:
            self.viva.say_trouble(error)
            return
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
        self.notify(_("Taken back: {grade}.").format(grade=_(GRADES[undone.grade])))
        await self._deal()

    async def action_demo(self) -> None:
        """Open the card's experiment, go to it, or go back to the card."""
        card = self.study.card
        if card is None:
            return
        if card.facts.demo is None:
            self.notify(_("This card has no experiment."))
            return
        if not self.query(DemoPane):
            await self._open_pane(card)
        elif self._in_pane():
            self._leave_pane()
        else:
            self.add_class("-running")
            self.query_one(DemoPane).focus()
        await self._write_keys()

    async def _open_pane(self, card: Card) -> None:
        link, predict = card.facts.demo, card.facts.predict
        assert link is not None
        asked = predict is not None and "predicted" not in self._detail and card.text.options
        question = (card.text.predict, card.text.options) if asked else None
        try:
            start = Start(link.name, link.preset, device=self.viva.config.device)
            pane = DemoPane(self.viva.pool, start, question)
        except DemoError as error:
            self.notify(error_text(error), severity="warning", markup=False)
            return
        self.add_class("-running")
        await self.query_one("#desk", Horizontal).mount(pane)

    def _leave_pane(self) -> None:
        """Back to the card; on a narrow screen the experiment steps aside, and goes on."""
        if not self.has_class("-wide"):
            self.remove_class("-running")
        self.query_one(CardView).focus()

    async def action_leave(self) -> None:
        if self._in_pane():
            self._leave_pane()
            await self._write_keys()
        else:
            await self.viva.action_back()

    def _card_seen(self) -> bool:
        return self.has_class("-wide") or not self.has_class("-running")

    def on_demo_pane_predicted(self, event: DemoPane.Predicted) -> None:
        card = self.study.card
        if card is not None and card.facts.predict is not None:
            self._detail["predicted"] = card.facts.predict.options[event.option]

    def on_demo_pane_run_done(self, event: DemoPane.RunDone) -> None:
        """The run has measured what was predicted: say who was right."""
        card = self.study.card
        if card is None or card.facts.predict is None or "predicted" not in self._detail:
            return
        predict = card.facts.predict
        measured = event.outcomes.get(predict.outcome)
        if measured not in predict.options or "measured" in self._detail:
            return
        self._detail["measured"] = measured
        words = dict(zip(predict.options, card.text.options, strict=False))
        said, was = words[self._detail["predicted"]], words[measured]
        right = said == was
        text = (
            _("You said: {said}. Right.").format(said=said)
            if right
            else _("You said: {said}. The run showed: {was}.").format(said=said, was=was)
        )
        self.query_one(CardView).say(("✓ " if right else "✗ ") + text, "good" if right else "bad")
        self.notify(text, severity="information" if right else "warning", markup=False)


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
