"""Choose what to study: which cards, in what order, with or without the schedule."""

from __future__ import annotations

from collections import Counter
from typing import Any

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from qa_bank.card import LEVELS as ALL_LEVELS
from qa_bank.log_file import ReviewLogError
from tui.i18n import LEVELS, _, ngettext, topic_text
from tui.keys import bindings
from tui.queues import Wanted, cram_queue, study_queue
from tui.screens import VivaScreen
from tui.widgets.bars import KeyBar, TitleBar
from tui.widgets.choices import Choice, Choices, any_of

OFTEN = 5
"""A tag that fewer cards have is not offered: the search among the cards knows them all."""


class CustomScreen(VivaScreen):
    """Returns to Home; Enter goes on to the cards chosen."""

    BINDINGS = bindings("choices")

    _chosen: dict[str, Any] | None = None

    async def language_changed(self) -> None:
        self._chosen = self.query_one(Choices).values
        await super().language_changed()

    def compose(self) -> ComposeResult:
        yield TitleBar(_("Choose what to study"))
        with VerticalScroll(classes="page", can_focus=False):
            yield Choices(self._rows(), self._chosen)
            yield Static(id="count", classes="below")
        yield KeyBar("choices.row(1)", "choices.change(1)", "choices.start", "everywhere.help", "everywhere.back")

    async def fill(self) -> None:
        self.query_one(Choices).focus()
        self._say()

    def _rows(self) -> tuple[Choice, ...]:
        bank = self.viva.bank
        tags = Counter(tag for card in bank for tag in card.facts.tags)
        return (
            Choice("topic", _("Topic"), any_of([(topic, topic_text(topic)) for topic in bank.topics])),
            Choice("level", _("Level"), any_of([(level, _(LEVELS[level])) for level in ALL_LEVELS])),
            Choice("tag", _("Tag"), any_of([(tag, tag) for tag, count in tags.most_common() if count >= OFTEN])),
            Choice("flagged", _("Cards"), ((False, _("all")), (True, _("only those with a flag")))),
            Choice("weakest", _("Order"), ((False, _("as they are due")), (True, _("weakest first")))),
            Choice(
                "cram",
                _("Schedule"),
                ((False, _("what is due, graded as always")), (True, _("cram: all of them, the schedule stays"))),
            ),
        )

    @property
    def _wanted(self) -> Wanted:
        return Wanted(**self.query_one(Choices).values)

    def _say(self) -> None:
        wanted = self._wanted
        try:
            if wanted.cram:
                counts = cram_queue(self.viva.bank, self.viva.log_book, self.viva.now(), wanted).counts()
            else:
                counts = study_queue(
                    self.viva.bank, self.viva.log_book, self.viva.limits, self.viva.now(), wanted
                ).counts()
        except ReviewLogError as error:
            self.viva.say_trouble(error)
            return
        text = ngettext("{count} card", "{count} cards", counts.total)
        if counts.total == 0:
            text = _("No card: choose less narrowly, or cram.") if not wanted.cram else _("No card fits all of this.")
        self.query_one("#count", Static).update(Content.styled(text, "bold" if counts.total else "$warning"))

    def on_choices_changed(self) -> None:
        self._say()

    def action_row(self, by: int) -> None:
        self.query_one(Choices).move(by)

    def action_change(self, by: int) -> None:
        self.query_one(Choices).change(by)

    def action_start(self) -> None:
        self.viva.open_study(self._wanted)
