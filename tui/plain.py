"""Study and demos in plain lines: for pipes, dumb terminals and screen readers. No colour, no cursor, no key but Enter."""

from __future__ import annotations

import asyncio
import shlex
import shutil
import sys
import textwrap
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from demos import describe, names
from demos.check import Result, check, plan
from demos.client import DemoClient
from demos.demo import DemoError, Verdict
from demos.frame import Frame
from demos.wire import Start, encode
from qa_bank.card import Card
from qa_bank.day import Day
from qa_bank.drill import Answer
from qa_bank.harmless import harmless
from qa_bank.log_file import ReviewLogError
from qa_bank.memory import Grade
from tui.config import Config
from tui.i18n import GRADES, _, clock_text, interval_text, n_, ngettext, topic_text
from tui.listings import show_json
from tui.markdown import unmarked
from tui.predictions import Judged, judge
from tui.repeat import command
from tui.study import UNREADABLE_TEXT, Study, forgotten_text, undone_text
from tui.trouble import error_text, trouble_text

UNDO, DEMO, MORE, BURY, SUSPEND, QUIT = "5", "6", "7", "8", "9", "0"
FLAG, NOTE = ("f", "а"), ("n", "т")
CHOICES = n_("1-4 grade, 5 undo, 6 demo, 7 explanation, 8 bury, 9 suspend, f flag, n note, 0 quit")


def asked(prompt: str) -> str:
    """What is typed after a prompt, made harmless: a terminal may send bytes that are no text."""
    return harmless(input(prompt))


def tell(text: str) -> None:
    """Print, on a terminal wrapped to its width between words."""
    if sys.stdout.isatty():
        width = shutil.get_terminal_size().columns - 1
        lines = [textwrap.wrap(line, width, replace_whitespace=False) or [""] for line in text.split("\n")]
        text = "\n".join(part for line in lines for part in line)
    print(text)


def study(
    session: Study,
    config: Config,
    ask: Callable[[str], str] = asked,
    say: Callable[[str], None] = tell,
) -> int:
    """A session by Enter and digits alone. Returns the exit code."""
    try:
        session.log.backup_of_day(Day.of(session.now()))
        while session.card is not None:
            if not _one_card(session, session.card, config.device, config.leech_lapses, ask, say):
                break
    except (EOFError, KeyboardInterrupt):
        say("")
    except ReviewLogError as error:
        sys.stderr.write(trouble_text(error) + "\n")
        return 1
    summary = session.summary()
    say(ngettext("{count} card graded", "{count} cards graded", summary.graded))
    if session.card is None:
        waiting = session.queue.waiting(session.now())
        if waiting is not None:
            say(_("A card in learning comes back in {time}.").format(time=interval_text(waiting)))
        elif not summary.graded:
            say(_("Nothing is due now."))
    return 0


def _one_card(
    session: Study, card: Card, device: str, leech_lapses: int, ask: Callable[[str], str], say: Callable[[str], None]
) -> bool:
    """Ask one card and grade it. False when the learner quits."""
    counts = session.counts
    say("")
    say(f"[{topic_text(card.topic)}] {unmarked(card.text.question)}")
    say(_("{n} of {total}").format(n=len(session.acts) + 1, total=len(session.acts) + counts.total))
    detail: dict[str, Any] = {}
    if not (_typed(session, detail, ask, say) if session.answer else _said(ask)):
        return False
    for point in card.text.points:
        say(f"  - {unmarked(point)}")
    say("")
    say(unmarked(card.text.answer))
    say("")
    if note := session.marks.note:
        say(_("Your note") + ": " + harmless(note))
    while True:
        previews = session.intervals()
        say(
            ", ".join(
                f"{int(g)} {_(GRADES[g])} {interval_text(previews[g]) if previews else ''}".strip() for g in Grade
            )
        )
        answer = ask(_(CHOICES) + ": ").strip()
        if answer in {str(int(grade)) for grade in Grade}:
            _grade(session, card, Grade(int(answer)), detail, leech_lapses, say)
            return True
        if answer == QUIT:
            return False
        if answer in (BURY, SUSPEND):
            (session.bury if answer == BURY else session.suspend)()
            say(_("Buried until tomorrow.") if answer == BURY else _("Suspended."))
            return True
        if answer == UNDO:
            undone = session.undo()
            say(_("There is nothing to take back.") if undone is None else undone_text(undone))
            if undone is not None:
                return True
        elif answer == DEMO:
            card_demo(card, device, detail, ask, say)
        elif answer == MORE:
            for part in (card.text.explanation, card.text.pitfalls, card.text.code):
                say(unmarked(part))
                say("")
        elif answer in FLAG:
            say(_("Flagged.") if session.flag() else _("The flag is gone."))
        elif answer in NOTE:
            session.write_note(ask(_("Your note: ")).strip())


def _grade(
    session: Study, card: Card, grade: Grade, detail: dict[str, Any], leech_lapses: int, say: Callable[[str], None]
) -> None:
    graded = session.grade(grade, detail)
    if graded is None:
        return
    say(_("Back in {time}.").format(time=interval_text(graded.memory.due - graded.at)))
    if graded.makes_leech(leech_lapses):
        say(forgotten_text(card, graded.memory.lapses))
        say(_("When it comes back, write a note in your own words (n), or suspend it (9)."))


def _said(ask: Callable[[str], str]) -> bool:
    """Wait until the learner has answered aloud. False when they quit."""
    return ask(_("Answer aloud, then press Enter (0 quits): ")).strip() != QUIT


def _typed(session: Study, detail: dict[str, Any], ask: Callable[[str], str], say: Callable[[str], None]) -> bool:
    """Take a drill's answer and say whether it is right. False when the learner quits."""
    assert session.answer is not None
    typed = ask_number(session.answer, ask, say)
    if typed is None:
        return False
    right = bool(typed) and session.judge(typed)
    detail |= {"seed": session.seed, "typed": typed, "right": bool(right)}
    say(("✓ " + _("Right.")) if right else ("✗ " + _("Not yet: see the steps below.")))
    return True


def ask_number(answer: Answer, ask: Callable[[str], str], say: Callable[[str], None]) -> str | None:
    """What is typed to a drill, once it can be read as an answer or is empty; None when the learner quits."""
    while True:
        typed = ask(_("Type the answer, then press Enter (Enter alone shows it, q quits): ")).strip()
        if typed in ("q", "й"):
            return None
        if not typed or answer.accepts(typed) is not None:
            return typed
        say(_(UNREADABLE_TEXT))


def card_demo(
    card: Card, device: str, detail: dict[str, Any], ask: Callable[[str], str], say: Callable[[str], None]
) -> Judged | None:
    """Predict, run, and hear who was right; None when nothing was predicted or measured."""
    link, predict = card.facts.demo, card.facts.predict
    if link is None:
        say(_("This card has no experiment."))
        return None
    if predict is not None and "predicted" not in detail:
        say(unmarked(card.text.predict))
        for i, option in enumerate(card.text.options, 1):
            say(f"  {i} {unmarked(option)}")
        digits = [str(i) for i in range(1, len(predict.options) + 1)]
        while (
            digit := ask(_("Your prediction, 1 to {most} (0 leaves it): ").format(most=len(digits))).strip()
        ) not in digits:
            if digit in ("0", "q", "й"):
                return None
        detail["predicted"] = predict.options[int(digit) - 1]
    outcomes: dict[str, str] = {}
    try:
        start = Start(link.name, link.preset, device=device, linger=False)
        run_demo(start, None, as_json=False, outcomes=outcomes, say=say)
    except DemoError as error:
        say(error_text(error))
    judged = judge(card, detail.get("predicted", ""), outcomes)
    if judged is not None:
        detail["measured"] = judged.measured
        say(judged.text)
    return judged


def run_demo(
    start: Start,
    seconds: float | None,
    *,
    as_json: bool,
    outcomes: dict[str, str] | None = None,
    say: Callable[[str], None] = print,
) -> int:
    """Run a demo and print what it says, a line at a time. 1 when it fails or a claim of the finished run does not hold."""
    try:
        return asyncio.run(_run_demo(start, seconds, as_json, {} if outcomes is None else outcomes, say))
    except KeyboardInterrupt:
        return 130


async def _run_demo(
    start: Start, seconds: float | None, as_json: bool, outcomes: dict[str, str], say: Callable[[str], None]
) -> int:
    demo = describe(start.demo)
    client = await DemoClient.open()
    rate = 10.0 if as_json else 2.0
    says = {claim.name: claim.says for claim in demo.claims}
    verdicts: tuple[Verdict, ...] | None = None
    try:
        client.start(msgspec.structs.replace(start, fps=rate, linger=False))
        async with asyncio.timeout(seconds) as limit:
            async for report in client.reports():
                if as_json:
                    if report.ready is None:
                        say(encode(report).decode())
                elif report.started is not None:
                    said = report.started
                    say(f"{_(demo.title)} · {said.preset} · {_('seed {n}').format(n=said.seed)} · {said.device}")
                elif report.frame is not None:
                    say(_frame_line(report.frame))
                if report.frame is not None and report.frame.done:
                    verdicts = report.frame.verdicts
                    outcomes.update(report.frame.outcomes)
                if report.failed is not None:
                    if not as_json:
                        sys.stderr.write(f"{report.failed.text}\n{report.failed.details}".rstrip() + "\n")
                    return 2 if report.failed.kind == "request" else 1
                if report.ended is not None:
                    break
    except TimeoutError:
        if not limit.expired():
            raise
        if not as_json:
            say(_("Stopped before the end; nothing was judged."))
        return 0
    finally:
        await client.close()
    for verdict in () if as_json else verdicts or ():
        say(_verdict_line(verdict, says[verdict.name]))
    return 0 if verdicts is not None and all(verdict.holds for verdict in verdicts) else 1


def _frame_line(frame: Frame) -> str:
    numbers = "  ".join(f"{name} {'–' if value is None else f'{value:.4g}'}" for name, value in frame.metrics.items())
    return _("step {n}").format(n=frame.step) + f"  {clock_text(frame.seconds)}  {numbers}"


def _verdict_line(verdict: Verdict, says: str) -> str:
    word = _("holds") if verdict.holds else _("FAILS")
    value = "–" if verdict.value is None else f"{verdict.value:.4g}"
    return f"{word}: {_(says)} ({value} {verdict.op} {verdict.bound:.4g})"


def export_demo(start: Start, path: Path) -> int:
    """Write a run as a script of its own, and say how it is run. Raises DemoError."""
    from demos.export import script, write

    if start.turns:
        raise DemoError(n_("--export writes a run whose knobs stay as they are; leave --at out."))
    demo = describe(start.demo)
    preset = demo.preset(start.preset).name
    params = demo.values(preset, start.params)
    write(path, script(demo, preset, params, start.seed, command(demo, preset, params, (), start.seed)))
    print(_("Written. Run it with: {command}").format(command=f"python {shlex.quote(str(path))}"))
    return 0


def check_demos(wanted: Sequence[str], seeds: int, device: str, *, large: bool, as_json: bool) -> int:
    """Check demos, saying how far it is on stderr. 1 when a claim does not hold."""
    runs = plan(wanted or names(), seeds, large=large)
    results: list[Result] = []

    async def collect() -> None:
        async for result in check(runs, device):
            results.append(result)
            if not as_json:
                for verdict in result.claims:
                    print(
                        f"{result.name} {result.preset} {result.seed}  {_verdict_line(verdict, _says(result, verdict))}"
                    )
                if result.failed:
                    print(f"{result.name} {result.preset} {result.seed}  {_('FAILS')}: {result.failed}")
            if sys.stderr.isatty():
                sys.stderr.write(f"\r{len(results)}/{len(runs)} \x1b[K")
                sys.stderr.flush()

    try:
        asyncio.run(collect())
    except KeyboardInterrupt:
        return 130
    finally:
        if sys.stderr.isatty():
            sys.stderr.write("\r\x1b[K")
    results.sort(key=lambda result: runs.index((result.name, result.preset, result.seed)))
    if as_json:
        show_json(results)
    else:
        held = sum(result.holds for result in results)
        seconds = sum(result.seconds for result in results)
        print(_("{held} of {total} runs hold what they claim, in {seconds} s").format(
            held=held, total=len(results), seconds=f"{seconds:.1f}"
        ))  # fmt: skip
    return 0 if all(result.holds for result in results) else 1


def _says(result: Result, verdict: Verdict) -> str:
    return next(claim.says for claim in describe(result.name).claims if claim.name == verdict.name)
