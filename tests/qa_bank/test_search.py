"""Search finds the card that answers, whatever the endings of the words, in three languages."""

import json
from pathlib import Path

import pytest

from qa_bank.card import LANGUAGES
from qa_bank.search import Index, asked_words, kazakh_stem

HERE = Path(__file__).parent
QUERIES = json.loads((HERE / "queries.json").read_text(encoding="utf-8"))
"""Questions in users' words, written without sight of the cards, with the cards that answer them."""


@pytest.fixture(scope="module")
def indexes() -> dict[str, Index]:
    return {language: Index.load(language) for language in LANGUAGES}


@pytest.mark.parametrize("language", LANGUAGES)
def test_nine_of_ten_questions_in_users_words_find_their_card_among_the_first_three(
    indexes: dict[str, Index], language: str
) -> None:
    asked = [query for query in QUERIES if query["language"] == language]
    missed = [
        (query["query"], query["cards"], [hit.card for hit in indexes[language].find(query["query"], 3)])
        for query in asked
        if not set(query["cards"]) & {hit.card for hit in indexes[language].find(query["query"], 3)}
    ]
    assert len(asked) >= 20
    assert len(missed) <= len(asked) / 10, missed


@pytest.mark.parametrize(
    ("language", "query", "card"),
    [
        ("en", "vanishing gradients", "vanishing-gradients"),
        ("en", "why does my RNN forget long sequences?", "vanishing-gradients"),
        ("en", "VANISHNG GRADIENT", "vanishing-gradients"),
        ("ru", "температурой softmax", "softmax-temperature"),
        ("kk", "градиенттердің өшуі", "vanishing-gradients"),
    ],
)
def test_endings_case_and_slips_are_forgiven(indexes: dict[str, Index], language: str, query: str, card: str) -> None:
    assert card in [hit.card for hit in indexes[language].find(query, 3)]


def test_a_hit_shows_the_sentence_that_fits(indexes: dict[str, Index]) -> None:
    hit = indexes["en"].find("temperature divides the logits", 1)[0]
    assert hit.card == "softmax-temperature" and "divides the logits" in hit.snippet and "**" not in hit.snippet


@pytest.mark.parametrize(
    "query", ["", "   ", "???", "the of and", "qqqqzzzzxxxx", '"', "a OR b* NEAR(", "' ; DROP TABLE cards"]
)
def test_nothing_sensible_finds_nothing_and_breaks_nothing(indexes: dict[str, Index], query: str) -> None:
    for index in indexes.values():
        assert index.find(query) == [] or query in ("the of and", "' ; DROP TABLE cards", "a OR b* NEAR(")


def test_the_best_come_first(indexes: dict[str, Index]) -> None:
    scores = [hit.score for hit in indexes["en"].find("attention heads", 10)]
    assert scores == sorted(scores, reverse=True) and len(scores) == 10


def test_words_are_compared_by_their_stems() -> None:
    assert asked_words("What do vanishing gradients do?", "en") == asked_words("the vanished gradient", "en")
    assert asked_words("затухание градиента", "ru") == asked_words("о затухании градиентов", "ru")


@pytest.mark.parametrize(
    ("word", "stem"),
    [
        ("градиенттеріміздің", "градие"),
        ("градиенттің", "гради"),
        ("желілердің", "желі"),
        ("салмақтарға", "салмақ"),
        ("зейін", "зейі"),
    ],
)
def test_kazakh_words_lose_their_endings(word: str, stem: str) -> None:
    assert kazakh_stem(word).startswith(stem[:4]) and word.startswith(kazakh_stem(word)) and len(kazakh_stem(word)) >= 4


def test_a_term_in_english_finds_the_card_in_every_language(indexes: dict[str, Index]) -> None:
    for index in indexes.values():
        assert "reparameterisation-trick" in [hit.card for hit in index.find("reparameterisation trick", 3)]
