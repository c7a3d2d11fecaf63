"""An interview in plain lines: no colour, no cursor, no key but Enter."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from typing import Any

from qa_bank import interviews
from qa_bank.card import Card
from qa_bank.interview import report
from qa_bank.listen import heard
from qa_bank.log_file import ReviewLogError
from tui.i18n import LEVELS, _, clock_text, ngettext, topic_text
from tui.interview import Sitting, hint_text, queue_missed
from tui.markdown import unmarked
from tui.plain import ask_number, asked, card_demo, tell
from tui.report import ASKS, earlier, markdown
from tui.trouble import trouble_text

Asking = Callable[[str], str]
Saying = Callable[[str], None]

HINT, PASS, BACK, STOP = "?", "-", "<", "0"


class _StopError(Exception):
    """The learner stops."""


def interview(sitting: Sitting, device: str, ask: Asking = asked, say: Saying = tell) -> int:
    """An interview from its next question to its report. Returns the exit code."""
    try:
        while sitting.ask is not None:
            _one(sitting, device, ask, say)
    except (_StopError, EOFError, KeyboardInterrupt):
        say("")
    except ReviewLogError as error:
        sys.stderr.write(trouble_text(error) + "\n")
        return 1
    if not sitting.interview.answers:
        return 0
    found = sitting.report()
    past = interviews.sat(sitting.log)
    sat = next(one for one in past if one.uid == sitting.uid)
    zone = sitting.now().tzinfo
    say("")
    say(markdown(sitting.bank, sat, found, earlier(sitting.bank, past), zone).rstrip())
    if sitting.ask is not None:
        say("")
        say(_("Broken off; `viva interview --resume` goes on."))
    if found.missed:
        _offer(sitting, ask, say)
    return 0


def _offer(sitting: Sitting, ask: Asking, say: Saying) -> None:
    """Whether the cards missed are to be asked first from now on."""
    found = report(sitting.bank, sitting.plan, sitting.interview.answers)
    try:
        wish = ask(_("Enter: ask the cards you missed first when you study; 0: do not. ")).strip()
        if not wish:
            count = queue_missed(sitting.log, found, sitting.now())
            say(ngettext("{count} card will be asked first.", "{count} cards will be asked first.", count))
    except (EOFError, KeyboardInterrupt):
        say("")
    except ReviewLogError as error:
        sys.stderr.write(trouble_text(error) + "\n")


def _one(sitting: Sitting, device: str, ask: Asking, say: Saying) -> None:
    """Ask once. Raises _StopError when the learner stops."""
    now = sitting.ask
    assert now is not None
    card, result = sitting.posed
    place = _("Question {n} of {total}").format(n=sitting.number, total=len(sitting.plan.questions))
    kind = () if now.kind == "question" else (_(ASKS[now.kind]),)
    say("")
    say(" · ".join((place, *kind, topic_text(card.topic), _(LEVELS[card.facts.level]), clock_text(sitting.spent))))
    if now.kind != "prediction":
        say(unmarked(card.text.question))
    if result is not None:
        typed = ask_number(result, ask, say)
        if typed is None:
            raise _StopError
        sitting.said()
        right = bool(typed) and bool(result.accepts(typed))
        say(("✓ " + _("Right.")) if right else ("✗ " + _("Not yet: see the steps below.")))
        _answer(card, say)
        sitting.answer((0,) if right else (), 1, typed)
    elif now.kind == "prediction":
        judged = card_demo(sitting.bank[now.card], device, {}, ask, say)
        _answer(card, say)
        sitting.answer((0,) if judged is not None and judged.right else (), int(judged is not None))
    else:
        _spoken(sitting, card, ask, say)


def _spoken(sitting: Sitting, card: Card, ask: Asking, say: Saying) -> None:
    """An answer said aloud or typed, then its key points."""
    prompt = _("Answer aloud, or type; Enter ends it (? hint, - pass, < take back the last answer, 0 stop): ")
    while (typed := ask(prompt).strip()) in (HINT, STOP, BACK):
        if typed == STOP:
            raise _StopError
        if typed == BACK:
            if sitting.undo() is not None:
                return
            say(_("There is nothing to take back."))
            continue
        hint = sitting.hint()
        say(_("There is no further hint.") if hint is None else "? " + unmarked(hint_text(hint)))
    sitting.said()
    typed = "" if typed == PASS else typed
    named = heard(card, typed) if typed else ()
    for i, point in enumerate(card.text.points):
        say(f"  {'✓' if i in named else ' '} {i + 1} {unmarked(point)}")
    named = _ticked(len(card.text.points), named, ask, say)
    sitting.answer(named, len(card.text.points), typed)
    _answer(card, say)


def _ticked(of: int, named: Iterable[int], ask: Asking, say: Saying) -> tuple[int, ...]:
    """Which key points were named, as the learner says; what was heard stands when nothing is typed."""
    suggested = tuple(named)
    if suggested:
        prompt = _("Heard: {numbers}. Enter agrees; else the numbers you named, 0 for none: ").format(
            numbers=" ".join(str(i + 1) for i in suggested)
        )
    else:
        prompt = _("The numbers of those you named; Enter for none: ")
    while True:
        typed = ask(prompt).replace(",", " ").split()
        if not typed:
            return suggested
        if all(word.isdecimal() and len(word) < 4 and 0 <= int(word) <= of for word in typed):
            return tuple(sorted({int(word) - 1 for word in typed} - {-1}))
        say(_("Numbers from 1 to {most}, with blanks between them.").format(most=of))


def _answer(card: Card, say: Saying) -> None:
    text: Any = card.text.answer
    if text:
        say("")
        say(unmarked(text))
