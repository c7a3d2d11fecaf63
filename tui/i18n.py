"""The language of the interface: gettext, switched at run time. The English text is the msgid."""

from __future__ import annotations

import gettext as _gettext
import os
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

LOCALE = Path(__file__).parent / "locale"
LANGUAGES = {"en": "English", "ru": "Русский", "kk": "Қазақша"}

_language = "en"
_catalog = _gettext.NullTranslations()


def use(language: str) -> None:
    """Speak `language` from now on: a key of LANGUAGES."""
    global _language, _catalog
    _language = language
    _catalog = (
        _gettext.NullTranslations() if language == "en" else _gettext.translation("viva", LOCALE, languages=[language])
    )


def language() -> str:
    return _language


def _(text: str) -> str:
    """The text in the language of the interface; itself where the catalogue has none."""
    return _catalog.gettext(text) if text else ""


def n_(text: str) -> str:
    """Mark a text for translation where it is defined; `_` translates it where it is shown."""
    return text


def ngettext(singular: str, plural: str, count: int, **values: object) -> str:
    """The form that goes with `count`, with {count} and the values filled in."""
    return _catalog.ngettext(singular, plural, count).format(count=count, **values)


def from_locale(environ: Mapping[str, str] = os.environ) -> str | None:
    """The language the environment's locale asks for, if it is one of ours."""
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := environ.get(variable):
            code = value.partition("_")[0].partition(".")[0].lower()
            return code if code in LANGUAGES else None
    return None


def chosen(language: str | None) -> str:
    """The language that is configured; if none is, the locale's; else English."""
    return language or from_locale() or "en"


WEEKDAYS = (n_("Mon"), n_("Tue"), n_("Wed"), n_("Thu"), n_("Fri"), n_("Sat"), n_("Sun"))
MONTHS = (
    n_("Jan"), n_("Feb"), n_("Mar"), n_("Apr"), n_("May"), n_("Jun"),
    n_("Jul"), n_("Aug"), n_("Sep"), n_("Oct"), n_("Nov"), n_("Dec"),
)  # fmt: skip


def date_text(day: date) -> str:
    """A date as `Sat 21 Nov`."""
    return _("{weekday} {day} {month}").format(
        weekday=_(WEEKDAYS[day.weekday()]), day=day.day, month=_(MONTHS[day.month - 1])
    )


def interval_text(interval: timedelta) -> str:
    """How long until a card comes back, as short as it can be said: `10 min`, `3 d`, `2.5 mo`."""
    minutes = interval.total_seconds() / 60
    if minutes < 60:
        return _("{n} min").format(n=max(1, round(minutes)))
    if minutes < 24 * 60:
        return _("{n} h").format(n=round(minutes / 60))
    days = minutes / 60 / 24
    if days < 30.5:
        return _("{n} d").format(n=round(days))
    if days < 365:
        return _("{n} mo").format(n=f"{days / 30.44:.1f}")
    return _("{n} y").format(n=f"{days / 365.25:.1f}")


def clock_text(seconds: float) -> str:
    """Minutes and seconds, as `0:42`."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


TOPICS = {
    "foundations": n_("Foundations"),
    "neurons": n_("Neurons and layers"),
    "training": n_("Training"),
    "vision": n_("Vision"),
    "sequences": n_("Sequences"),
    "attention": n_("Attention"),
    "generative": n_("Generative models"),
    "autoencoders": n_("Autoencoders"),
}
GRADES = {1: n_("Again"), 2: n_("Hard"), 3: n_("Good"), 4: n_("Easy")}
LEVELS = {"junior": n_("junior"), "middle": n_("middle"), "senior": n_("senior")}


def topic_text(topic: str) -> str:
    """A topic's name; a folder that has none is called what it is."""
    return _(TOPICS.get(topic, topic.replace("-", " ").capitalize()))
