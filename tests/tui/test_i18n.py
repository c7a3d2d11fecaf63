"""Every text in three languages; no placeholder lost; the locale is heard."""

import re
import string
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from qa_bank.bank import concepts
from tui import i18n
from tui.locale.extract import texts

LOCALE = Path(i18n.__file__).parent / "locale"


def catalogue(language: str) -> dict[str, tuple[str, ...]]:
    """Every translation by its English text."""
    with (LOCALE / language / "LC_MESSAGES" / "viva.po").open("rb") as source:
        catalog = read_po(source, locale=language)
    found = {}
    for message in catalog:
        ids = message.id if isinstance(message.id, tuple | list) else (message.id,)
        strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
        found[ids[0]] = tuple(strings)
    return found


def fields(text: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_no_text_is_without_a_translation(language: str) -> None:
    known = catalogue(language)
    missing = sorted(
        {
            text if isinstance(text, str) else text[0]
            for text, _place in texts()
            if not all(known.get(text if isinstance(text, str) else text[0], ("",)))
        }
    )
    assert missing == [], f"{len(missing)} texts; run python tui/locale/extract.py and translate what is new"


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_translations_keep_their_placeholders(language: str) -> None:
    for english, translations in catalogue(language).items():
        for translation in translations:
            assert fields(translation) <= fields(english) | ({"count"} if "{count}" in english else set()), english
            if len(translations) == 1 and english:
                assert fields(translation) == fields(english), english


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_translations_are_in_cyrillic_and_not_left_in_english(language: str) -> None:
    for english, translations in catalogue(language).items():
        if len(re.findall(r"[a-z]{4,}", english)) >= 3 and english:
            assert re.search(r"[а-яёәғқңөұүһі]", translations[0]), english


def test_topics_have_names() -> None:
    assert set(concepts()) <= set(i18n.TOPICS)


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "ru_RU.UTF-8"}, "ru"),
        ({"LANG": "kk_KZ"}, "kk"),
        ({"LANG": "de_DE.UTF-8"}, None),
        ({"LC_ALL": "en_GB", "LANG": "ru_RU"}, "en"),
        ({}, None),
    ],
)
def test_the_locale_is_heard(environment: dict[str, str], language: str | None) -> None:
    assert i18n.from_locale(environment) == language


def test_counts_take_the_right_form_in_russian() -> None:
    i18n.use("ru")
    forms = [i18n.ngettext("{count} card", "{count} cards", n) for n in (1, 3, 5, 21)]
    assert forms == ["1 карточка", "3 карточки", "5 карточек", "21 карточка"]
