"""What the statistics show, section by section: in words and pictures, for the screen and for plain lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta, tzinfo

from msgspec import Struct

from qa_bank import interviews
from qa_bank.bank import Bank
from qa_bank.memory import Grade
from qa_bank.reviews import ReviewLog
from qa_bank.standing import Standing, States
from qa_bank.stats import InterviewScore, Retention, Statistics, statistics
from qa_bank.tally import Recall, Studied, total
from tui.config import Config
from tui.i18n import GRADES, LEVELS, _, date_text, n_, ngettext, topic_text
from tui.overview import Overview, overview
from tui.pictures import ACCENT, MUTED, Row, bar, columns, figures, heat_map, padded, stacked, table, wrapped
from tui.queues import day_limits
from tui.report import earlier, percent

HEIGHT = 6
"""Rows of upright bars."""
STRETCH = 4
"""Hours that are told together."""
ENOUGH = 30
"""Cards that must have been asked in a stretch of hours before anything is said of it."""
KINDS = {"new": n_("new"), "learning": n_("learning"), "young": n_("young"), "mature": n_("mature")}
FILLED = ("░", "▒", "▓", "█")
"""The parts of a bar of grades, from again to easy."""


class Learner(Struct, frozen=True):
    """All the numbers: of the day, and of the whole time."""

    today: Overview
    whole: Statistics


class Section(Struct, frozen=True):
    """A part of the statistics: drawn for a width; `hint` says how to fill it where it is empty."""

    name: str
    title: str
    draw: Callable[[int], list[Row]]
    hint: str = ""


def read(bank: Bank, log: ReviewLog, config: Config, now: datetime) -> Learner:
    """Compute all the numbers. Raises ReviewLogError."""
    scores = [
        InterviewScore(sat.at, score, len({answer.ask.main for answer in sat.answers}))
        for sat, score in earlier(bank, interviews.sat(log))
    ]
    whole = statistics(
        log, bank, log.scheduler, now, config.retention, leech_lapses=config.leech_lapses, interviews=scores
    )
    return Learner(overview(bank, log, now, day_limits(config)), whole)


def sections(learner: Learner) -> tuple[Section, ...]:
    """All of them, in the order of a page."""
    return (
        _head(learner),
        _retention(learner.whole),
        _forecast(learner.whole),
        _days(learner.whole),
        _time(learner.whole),
        _topics(learner.whole),
        _states(learner.whole),
        _grades(learner.whole),
        _hours(learner.whole),
        _interviews(learner.whole),
    )


def key_figures(learner: Learner) -> list[tuple[str, str]]:
    """What is looked for first, and its name."""
    today, whole = learner.today, learner.whole
    recent = next(retention.all for retention in whole.periods if retention.days == 30)
    aim = " " + _("(aim {aim}%)").format(aim=round(100 * whole.aim))
    learned = sum(topic.review for topic in whole.by_topic)
    return [
        (_("Due"), str(today.due)),
        (_("Streak"), ngettext("{count} day", "{count} days", whole.heat.streak)),
        (_("Retention"), percent(recent.share) + aim),
        (_("Learned"), f"{learned} / {today.cards}"),
        (_("Time in all"), duration(whole.time.seconds)),
    ]


def _head(learner: Learner) -> Section:
    def draw(width: int) -> list[Row]:
        rows = figures(key_figures(learner), width)
        if learner.today.newcomer:
            said = _("All of this fills as you study: go back, and begin with the core cards.")
            rows += [[("", "")], *wrapped(said, width, ACCENT)]
        return rows

    return Section("figures", "", draw)


def duration(seconds: float) -> str:
    """A time as `3 h 20 min`."""
    minutes = round(seconds / 60)
    if minutes < 60:
        return _("{n} min").format(n=minutes)
    return _("{hours} h {minutes} min").format(hours=minutes // 60, minutes=minutes % 60)


def _retention(whole: Statistics) -> Section:
    def draw(width: int) -> list[Row]:
        header = ("", _("all"), _("young"), _("mature"))
        rows = [(_period(one), *map(_asked, (one.all, one.young, one.mature))) for one in whole.periods]
        said = _("How many of the cards asked were remembered; a card is mature that was not asked for three weeks.")
        return [*table(header, rows, width), *wrapped(said, width)]

    empty = _("Nothing to measure yet: a card counts from the day on which it comes back. Study for a few days.")
    return Section("retention", _("Retention"), draw, "" if _asked_ever(whole) else empty)


def _forecast(whole: Statistics) -> Section:
    days = whole.forecast.days
    cards = [day.cards for day in days]

    def draw(width: int) -> list[Row]:
        below = {0: _("today")} | {i: date_text(days[i].date) for i in range(7, len(days), 7)}
        picture = columns(cards, width, HEIGHT, max(cards), str(max(cards)), below)
        counted = ngettext("{count} card in {days} days", "{count} cards in {days} days", sum(cards), days=len(days))
        a_day = _("about {time} a day").format(time=duration(60 * sum(day.minutes for day in days) / len(days)))
        today = _("today {count}").format(count=cards[0])
        if whole.forecast.overdue:
            today += ", " + ngettext("{count} overdue", "{count} overdue", whole.forecast.overdue)
        return [*picture, *wrapped(" · ".join((today, counted, a_day)), width)]

    empty = _("Nothing falls due in the next 30 days: study new cards, and see here when they come back.")
    return Section("forecast", _("What falls due"), draw, "" if any(cards) else empty)


def _days(whole: Statistics) -> Section:
    heat = whole.heat

    def draw(width: int) -> list[Row]:
        streak = ngettext("{count} day in a row", "{count} days in a row", heat.streak)
        longest = _("longest {count}").format(count=heat.longest)
        studied = ngettext("{count} day studied", "{count} days studied", heat.studied)
        said = wrapped(" · ".join((streak, longest, studied)), width)
        return [*heat_map(heat.start, heat.grades, width), *said]

    empty = _("No day yet: grade one card, and today is the first.")
    return Section("days", _("Grades a day"), draw, "" if heat.studied else empty)


def _time(whole: Statistics) -> Section:
    time = whole.time

    def draw(width: int) -> list[Row]:
        minutes = [seconds / 60 for seconds in time.days]
        high = max(1.0, *minutes)
        last = len(minutes) - 1
        today = whole.forecast.days[0].date
        below = {last: _("today")} | {i: date_text(today - timedelta(days=last - i)) for i in range(last % 7, last, 7)}
        picture = columns(minutes, width, HEIGHT, high, _("{n} min").format(n=round(high)), below)
        said = [_("{time} in all").format(time=duration(time.seconds))]
        if time.median is not None and time.p90 is not None:
            said.append(_("a card takes {time}").format(time=_seconds(time.median)))
            said.append(_("nine of ten at most {time}").format(time=_seconds(time.p90)))
        return [*picture, *wrapped(" · ".join(said), width)]

    empty = _("No time yet: what each card takes is measured while you study.")
    return Section("time", _("Minutes a day"), draw, "" if time.seconds else empty)


def _hours(whole: Statistics) -> Section:
    counts = [hour.grades for hour in whole.hours]

    def draw(width: int) -> list[Row]:
        below = {hour: f"{hour}:00" for hour in (0, 6, 12, 18)}
        picture = columns(counts, width, HEIGHT - 2, max(counts), str(max(counts)), below, widest=3)
        return [*picture, *wrapped(_best_hours(whole.hours), width)]

    empty = _("No hour yet: the hours at which you study best show after some weeks.")
    return Section("hours", _("Hours of the day"), draw, "" if any(counts) else empty)


def _best_hours(hours: Sequence[Studied]) -> str:
    """The stretches at which most and least is remembered."""
    stretches = [
        (f"{first}:00–{first + STRETCH}:00", total(hour.recall for hour in hours[first : first + STRETCH]))
        for first in range(0, 24, STRETCH)
    ]
    known = [(recall.share, name) for name, recall in stretches if recall.share is not None and recall.asked >= ENOUGH]
    if len(known) < 2:
        return _("How many grades at each hour; once there are enough, when you remember best.")
    (least, worst), (most, best) = min(known), max(known)
    said = _("Remembered best {best}, {most}; least {worst}, {least}.")
    return said.format(best=best, most=percent(most), worst=worst, least=percent(least))


def _topics(whole: Statistics) -> Section:
    def draw(width: int) -> list[Row]:
        standings = [*whole.by_topic, *whole.by_level]
        names = [topic_text(topic.name) for topic in whole.by_topic] + [
            _(LEVELS[level.name]) for level in whole.by_level
        ]
        header = (_("topic"), _("learned"), _("recall"), _("30 days"), _("a card"))
        shares = [one.review / one.cards for one in standings]
        rows = [(name, *_standing(one)) for name, one in zip(names, standings, strict=True)]
        found = table(header, rows, width, shares)
        split = 1 + len(whole.by_topic)
        said = _("Recall: the chance that a card seen is remembered now. 30 days: what was remembered of those asked.")
        return [*found[:split], [("", "")], *found[split:], *wrapped(said, width)]

    empty = _("No topic is begun yet: study a card of one, and it shows how well you know it.")
    return Section("topics", _("By topic and level"), draw, "" if any(one.seen for one in whole.by_topic) else empty)


def _standing(one: Standing) -> tuple[str, ...]:
    seconds = _seconds(one.seconds) if one.seconds is not None else "–"
    return f"{one.review}/{one.cards}", percent(one.recall), percent(one.recent.share), seconds


def _states(whole: Statistics) -> Section:
    def draw(width: int) -> list[Row]:
        named = _named_states(whole.states)
        cards = sum(count for _name, count in named) or 1
        rows = table(("", _("cards")), [(name, str(n)) for name, n in named], width, [n / cards for _name, n in named])
        flagged = ngettext("{count} flagged", "{count} flagged", whole.states.flagged)
        leeches = ngettext("{count} often forgotten", "{count} often forgotten", whole.states.leeches)
        counted = [text for text, n in ((flagged, whole.states.flagged), (leeches, whole.states.leeches)) if n]
        said = _("A mature card waits three weeks or more.")
        return [*rows, *wrapped(" · ".join((*counted, said)), width)]

    return Section("states", _("Cards by state"), draw)


def _named_states(states: States) -> list[tuple[str, int]]:
    return [
        (_("new"), states.new),
        (_("learning"), states.learning),
        (_("young"), states.young),
        (_("mature"), states.mature),
        (_("suspended"), states.suspended),
    ]


def _grades(whole: Statistics) -> Section:
    def draw(width: int) -> list[Row]:
        names = max(len(_(name)) for name in KINDS.values()) + 2
        shares = 6 * len(Grade)
        room = max(4, min(30, width - names - shares - 1))
        header = " " * (names + room) + "".join(f"{grade:>6d}" for grade in Grade)
        rows: list[Row] = [[(header, MUTED)]]
        for kind, name in KINDS.items():
            counts = whole.given[kind]
            filled = stacked(counts, room, FILLED) if any(counts) else [(" " * room, "")]
            figures = "".join(padded(_part(count, sum(counts)), 6, right=True) for count in counts)
            rows.append([(padded(_(name), names), ""), *filled, (figures, "")])
        key = [(f"{char} {grade:d} {_(GRADES[grade])}   ", MUTED) for char, grade in zip(FILLED, Grade, strict=True)]
        return [*rows, key]

    empty = _("No grade yet: again, hard, good and easy are counted here by what the card was.")
    return Section("grades", _("Grades given"), draw, "" if whole.grades else empty)


def _interviews(whole: Statistics) -> Section:
    scores = whole.interviews

    def draw(width: int) -> list[Row]:
        return list(_past(scores, whole.at.tzinfo, width))

    empty = _("No interview yet: sit one from the first screen (i), and see here how they compare.")
    return Section("interviews", _("Interviews"), draw, "" if scores else empty)


def _past(scores: Sequence[InterviewScore], zone: tzinfo | None, width: int, most: int = 10) -> Iterator[Row]:
    dates = [date_text(score.at.astimezone(zone).date()) for score in scores[-most:]]
    names = max(map(len, dates)) + 2
    room = max(4, min(24, width - names - 24))
    for date, score in zip(dates, scores[-most:], strict=True):
        asked = ngettext("{count} question", "{count} questions", score.questions)
        yield [
            (padded(date, names), MUTED),
            *bar(score.score, room),
            (f"{percent(score.score):>5}", ""),
            (f"  {asked}", MUTED),
        ]
    if len(scores) > 1:
        mean = sum(score.score for score in scores) / len(scores)
        said = _("{count} in all: on average {mean}, at best {best}")
        best = percent(max(score.score for score in scores))
        yield [(said.format(count=len(scores), mean=percent(mean), best=best), MUTED)]


def _period(one: Retention) -> str:
    return _("all time") if one.days is None else ngettext("{count} day", "{count} days", one.days)


def _asked(recall: Recall) -> str:
    return f"{percent(recall.share)} ({recall.asked})" if recall.asked else "–"


def _asked_ever(whole: Statistics) -> bool:
    return any(one.all.asked for one in whole.periods)


def _seconds(seconds: float) -> str:
    return _("{n} s").format(n=round(seconds))


def _part(count: int, whole: int) -> str:
    return f"{round(100 * count / whole)}%" if whole else "–"
