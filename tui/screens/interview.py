"""An interview: question, answer aloud or typed, key points, what is asked upon it, a drill or a prediction in between."""

from __future__ import annotations

from typing import Any

from textual.app import ComposeResult
from textual.widgets import Input

from qa_bank.interviews import Sat
from qa_bank.listen import heard
from qa_bank.log_file import ReviewLogError
from tui.i18n import LEVELS, _, clock_text, topic_text
from tui.interview import Sitting, hint_text
from tui.keys import bindings
from tui.markdown import unmarked
from tui.predictions import judge
from tui.report import ASKS
from tui.screens import VivaScreen
from tui.screens.demo import RUNNING
from tui.study import UNREADABLE_TEXT
from tui.widgets.bars import KeyBar, TitleBar
from tui.widgets.card_view import CardView, Essay
from tui.widgets.demo_pane import DemoPane
from tui.widgets.desk import Desk

Keys = tuple[str, ...]
ASKED: Keys = (
    "interview.next", "interview.write", "interview.hint", "interview.give_up", "interview.undo",
    "everywhere.help", "interview.leave",
)  # fmt: skip
ANSWERED: Keys = (
    "interview.next", "interview.tick", "interview.point(1)", "interview.explanation", "interview.undo",
    "everywhere.help", "interview.leave",
)  # fmt: skip
TYPING: Keys = ()
"""What is typed is the answer; only Esc is a key, and the prompt says so."""


class InterviewScreen(VivaScreen):
    """Takes the questions from a Sitting, one after another; at the end comes the report."""

    BINDINGS = bindings("interview")

    def __init__(self, sat: Sat) -> None:
        super().__init__()
        self._sat = sat
        self._predicted: str | None = None
        self._right: bool | None = None
        """Of a drill or a prediction, once it is known."""
        self._typed = ""

    def compose(self) -> ComposeResult:
        yield TitleBar()
        yield Desk(self.viva.pool, self.viva.config.device)
        yield KeyBar(*ASKED)

    async def on_mount(self) -> None:
        self.sitting = Sitting(self.viva.bank, self.viva.log_book, self._sat, self.viva.now)
        self.set_interval(1.0, self._write_status)
        await self._deal()

    @property
    def _desk(self) -> Desk:
        return self.query_one(Desk)

    @property
    def _card(self) -> CardView:
        return self._desk.card

    async def language_changed(self) -> None:
        revealed, ticked = self._card.revealed, self._card.ticked
        self.sitting.bank = self.sitting.interview.bank = self.viva.bank
        await self.recompose()
        await self._deal()
        if revealed:
            await self._reveal(ticked)

    async def _deal(self) -> None:
        """Put what is asked now on the desk; the report when there is nothing more."""
        ask = self.sitting.ask
        if ask is None:
            self._report()
            return
        self._predicted, self._right, self._typed = None, None, ""
        self.remove_class("-answered")
        card, result = self.sitting.posed
        prompt = _("Answer aloud, then press Enter; w to type it, h for a hint, p to pass.")
        if ask.kind == "probe":
            question = unmarked(self.viva.bank[ask.card].text.question)
            prompt = _("Answer aloud, then press Enter; w to type it, p to pass.")
            prompt = _("Asked was: {question}").format(question=question) + "\n\n" + prompt
        elif ask.kind == "prediction":
            prompt = _("Predict, then watch the run; once it has judged, Enter goes on.")
        await self._desk.deal(CardView(card, typed=result is not None, prompt=prompt))
        if ask.kind == "prediction":
            await self._desk.demo(self.viva.bank[ask.card], predicted=False)
        self._write_status()
        await self._write_keys()

    def _write_status(self) -> None:
        sitting = self.sitting
        if sitting.ask is None:
            return
        card = self.viva.bank[sitting.ask.card]
        place = _("Question {n} of {total}").format(n=sitting.number, total=len(sitting.plan.questions))
        kind = () if sitting.ask.kind == "question" else (_(ASKS[sitting.ask.kind]),)
        title = " · ".join((place, *kind, topic_text(card.topic), _(LEVELS[card.facts.level])))
        minutes = sitting.plan.choices.minutes
        limit = "" if minutes is None else " " + _("of {time}").format(time=clock_text(60 * minutes))
        times = f"{clock_text(sitting.seconds)} · {clock_text(sitting.spent)}{limit}"
        view = self._card
        if view.revealed and self._right is None and view.card.text.points:
            named = _("{n} of {total} named").format(n=len(view.ticked), total=len(view.card.text.points))
            times = f"{named} · {times}"
        self.query_one(TitleBar).say(title, times)

    async def _write_keys(self) -> None:
        if isinstance(self.focused, Input | Essay):
            keys = TYPING
        elif self._desk.in_pane:
            judged = ("interview.next",) if self._right is not None else ()
            keys = (*judged, *RUNNING, "study.leave")
        else:
            keys = ANSWERED if self.has_class("-answered") else ASKED
        if self.sitting.ask is not None and self.sitting.ask.kind not in ("question", "follow_up"):
            keys = tuple(key for key in keys if key != "interview.hint")
        await self.query_one(KeyBar).show(*keys)

    async def on_descendant_focus(self) -> None:
        await self._write_keys()

    async def action_next(self) -> None:
        """End the answer; once its key points are shown, or a run has judged, commit it and go on."""
        if not self._desk.card_seen:
            if self._right is not None:  # the run has judged: first what the card says to it
                self._desk.leave_pane()
            return
        if self._card.revealed:
            if await self._commit():
                await self._deal()
        elif self.sitting.ask is not None and self.sitting.ask.kind == "prediction":
            await self._desk.demo(self.viva.bank[self.sitting.ask.card], predicted=self._predicted is not None)
        else:
            await self._end_answer()

    async def _end_answer(self) -> None:
        self.sitting.said()
        self._typed = self._card.written
        await self._reveal(heard(self._card.card, self._typed) if self._typed else ())

    async def _reveal(self, named: Any) -> None:
        view = self._card
        view.reveal()
        view.suggest(named)
        if not self._desk.in_pane:
            view.focus()
        if self._typed and named:
            view.say(_("Heard in your answer: the points ticked. Change what is wrong."), "")
        self.add_class("-answered")
        self._write_status()
        await self._write_keys()

    async def on_input_submitted(self, event: Input.Submitted) -> None:
        """A drill's number: the verdict is the answer's."""
        event.stop()
        _card, result = self.sitting.posed
        assert result is not None
        typed = event.value.strip()
        right = result.accepts(typed) if typed else False
        if right is None:
            self.notify(_(UNREADABLE_TEXT))
            return
        event.input.disabled = True
        self._typed = typed
        self.sitting.said()
        await self._judged(right, _("Right.") if right else _("Not yet: see the steps below."))

    async def _judged(self, right: bool, verdict: str) -> None:
        self._right = right
        await self._reveal(())
        self._card.say(("✓ " if right else "✗ ") + verdict, "good" if right else "bad")
        if not right:
            await self._card.explain(scroll=False)

    def on_demo_pane_predicted(self, event: DemoPane.Predicted) -> None:
        ask = self.sitting.ask
        predict = self.viva.bank[ask.card].facts.predict if ask is not None else None
        if predict is not None:
            self._predicted = predict.options[event.option]
            self.sitting.said()

    async def on_demo_pane_run_done(self, event: DemoPane.RunDone) -> None:
        """The run has measured what was predicted."""
        ask = self.sitting.ask
        if ask is None or self._predicted is None or self._right is not None:
            return
        judged = judge(self.viva.bank[ask.card], self._predicted, event.outcomes)
        if judged is not None:
            await self._judged(judged.right, judged.text)
            self.notify(judged.text, severity="information" if judged.right else "warning", markup=False)

    async def _commit(self) -> bool:
        """Keep the answer; whether that went well."""
        view = self._card
        ask = self.sitting.ask
        assert ask is not None
        named, of = tuple(view.ticked), len(view.card.text.points)
        if ask.kind in ("drill", "prediction"):
            named, of = tuple([0] * bool(self._right)), int(self._right is not None)
        try:
            self.sitting.answer(named, of, self._typed)
        except ReviewLogError as error:
            self.viva.say_trouble(error)
            return False
        return True

    async def action_tick(self) -> None:
        if not self._desk.card_seen:
            return
        if self._card.revealed:
            self._card.tick()
        else:
            await self.action_next()

    def on_card_view_point_clicked(self, event: CardView.PointClicked) -> None:
        self._card.tick(event.index)

    def on_card_view_ticked(self) -> None:
        self._write_status()

    def action_point(self, by: int) -> None:
        view = self._card
        if view.revealed:
            view.move(by)
        else:
            view.scroll_relative(y=by, animate=False)

    async def action_write(self) -> None:
        ask = self.sitting.ask
        if ask is not None and ask.kind in ("question", "follow_up", "probe") and not self._card.revealed:
            await self._card.write(_("Type your answer; Esc ends it."))
            await self._write_keys()

    def action_hint(self) -> None:
        if self._card.revealed or not self._desk.card_seen:
            return
        hint = self.sitting.hint(self._card.written)
        if hint is None:
            self.notify(_("There is no further hint."))
        else:
            self._card.hint(hint_text(hint))

    async def action_give_up(self) -> None:
        """Pass. Of a prediction that cannot be run, nothing is judged."""
        ask = self.sitting.ask
        if ask is None or self._card.revealed or not self._desk.card_seen:
            return
        self.sitting.said()
        if ask.kind == "drill":
            await self._judged(False, _("Passed: see the steps below."))
        else:
            await self._reveal(())

    async def action_explanation(self) -> None:
        if self._card.revealed:
            await self._card.explain()

    async def action_demo(self) -> None:
        ask = self.sitting.ask
        if ask is not None and (self._card.revealed or self.query(DemoPane)):
            await self._desk.demo(
                self.viva.bank[ask.card], predicted=self._right is not None or ask.kind != "prediction"
            )
            await self._write_keys()

    async def action_undo(self) -> None:
        try:
            taken = self.sitting.undo()
        except ReviewLogError as error:
            self.viva.say_trouble(error)
            return
        if taken is None:
            self.notify(_("There is nothing to take back."))
            return
        await self._deal()
        if taken.typed and taken.ask.kind not in ("drill", "prediction"):
            await self._card.write(_("Type your answer; Esc ends it."), taken.typed)

    async def action_leave(self) -> None:
        """Out of what one types or watches; then out of the interview, to its report."""
        if isinstance(self.focused, Essay):
            await self._end_answer()
        elif self._desk.in_pane:
            self._desk.leave_pane()
            await self._write_keys()
        elif not self._card.revealed or await self._commit():
            self._report()

    def _report(self) -> None:
        from tui.screens.report import ReportScreen

        if self.sitting.interview.answers:
            self.app.switch_screen(ReportScreen(self.sitting.uid))
        else:
            self.dismiss()
