"""An interview's report as Markdown: for a file, and line by line for plain terminals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo

from qa_bank.bank import Bank
from qa_bank.card import Card
from qa_bank.drill import pose
from qa_bank.interview import Answered, Part, Report, drill_seed, report
from qa_bank.interviews import Sat
from tui.i18n import LEVELS, _, clock_text, date_text, n_, ngettext, topic_text
from tui.markdown import unmarked

ASKS = {
    "question": n_("question"),
    "probe": n_("missed point"),
    "follow_up": n_("follow-up"),
    "drill": n_("drill"),
    "prediction": n_("prediction"),
}
BAR = 20


def percent(score: float | None) -> str:
    return "–" if score is None else f"{round(100 * score)}%"


def bar(score: float, width: int = BAR) -> str:
    """A share as a bar that reads without colour."""
    filled = round(score * width)
    return "━" * filled + "─" * (width - filled)


def when_text(at: datetime, zone: tzinfo | None) -> str:
    local = at.astimezone(zone)
    return f"{date_text(local.date())} {local:%H:%M}"


def file_name(sat: Sat, zone: tzinfo | None) -> str:
    """What a report's file is called."""
    return f"viva-interview-{sat.at.astimezone(zone):%Y-%m-%d-%H%M}.md"


def headline(found: Report) -> str:
    """What it came to, in a line."""
    points = ngettext("{named} of {count} point", "{named} of {count} points", found.of, named=found.named)
    questions = _("{n} of {total} questions").format(n=found.questions, total=found.planned)
    parts = [percent(found.score), points, questions, clock_text(found.seconds)]
    if found.hints:
        parts.append(ngettext("{count} hint", "{count} hints", found.hints))
    return " · ".join(parts)


def card_of(bank: Bank, name: str, sat: Sat) -> Card:
    """A card as it was asked in an interview: a drill with its numbers."""
    return pose(bank[name], drill_seed(name, sat.plan.choices.seed))[0]


def asked_text(bank: Bank, answer: Answered, sat: Sat) -> str:
    """What was asked, in a line."""
    card = card_of(bank, answer.ask.card, sat)
    if answer.ask.kind == "probe" and answer.ask.point is not None:
        return unmarked(card.text.points[answer.ask.point])
    if answer.ask.kind == "prediction":
        return unmarked(card.text.predict)
    return unmarked(card.text.question)


def missed_points(card: Card, points: Sequence[int]) -> list[str]:
    """The points of a card that were missed, as far as it still has them."""
    return [unmarked(card.text.points[i]) for i in points if i < len(card.text.points)]


def earlier(bank: Bank, interviews: Sequence[Sat]) -> list[tuple[Sat, float]]:
    """Interviews and their scores, oldest first, without those in which nothing was judged."""
    scored = [(sat, report(bank, sat.plan, sat.answers).score) for sat in interviews]
    return [(sat, score) for sat, score in scored if score is not None]


def markdown(bank: Bank, sat: Sat, found: Report, past: Sequence[tuple[Sat, float]], zone: tzinfo | None) -> str:
    """The whole report. past: all interviews with their scores, this one too."""
    return "\n".join(_lines(bank, sat, found, past, zone)) + "\n"


def _lines(
    bank: Bank, sat: Sat, found: Report, past: Sequence[tuple[Sat, float]], zone: tzinfo | None
) -> Iterator[str]:
    yield "# " + _("Interview, {when}").format(when=when_text(sat.at, zone))
    yield ""
    yield f"**{headline(found)}**"
    yield ""
    yield _("Seed {seed}: it asks the same questions again.").format(seed=sat.plan.choices.seed)
    yield from _parts(_("By topic"), [(topic_text(part.name), part) for part in found.topics])
    yield from _parts(_("By level"), [(_(LEVELS[part.name]), part) for part in found.levels])
    yield from ("", "## " + _("Missed"), "")
    for missed in found.missed:
        card = card_of(bank, missed.card, sat)
        yield f"- {unmarked(card.text.question)} (`{card.id}`)"
        yield from (f"  - {point}" for point in missed_points(card, missed.points))
    if not found.missed:
        yield _("Nothing.")
    if found.study:
        yield from ("", "## " + _("Study next"), "")
        for topic in found.study:
            yield f"- {topic_text(topic)}: `viva study --topic {topic}`"
    yield from ("", "## " + _("What was asked"), "")
    yield f"| | | {_('named')} | {_('time')} |"
    yield "|---|---|---:|---:|"
    for answer in found.answers:
        if answer.ask.card in bank:
            named = f"{len(answer.named)}/{answer.of}" if answer.of else "–"
            text = asked_text(bank, answer, sat).replace("|", "\\|")
            yield f"| {_(ASKS[answer.ask.kind])} | {text} | {named} | {clock_text(answer.seconds)} |"
    if len(past) > 1:
        yield from ("", "## " + _("Compared with earlier interviews"), "", "```text")
        for one, score in past:
            mark = "  ←" if one.uid == sat.uid else ""
            yield f"{when_text(one.at, zone):>18}  {bar(score)}  {percent(score):>4}{mark}"
        yield "```"


def _parts(title: str, parts: Sequence[tuple[str, Part]]) -> Iterator[str]:
    yield from ("", f"## {title}", "", f"| | {_('named')} | |", "|---|---:|---:|")
    for name, part in parts:
        yield f"| {name} | {part.named}/{part.of} | {percent(part.score)} |"
