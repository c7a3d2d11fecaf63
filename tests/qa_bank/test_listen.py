"""Listening hears what an answer says of a card's points, in any words of theirs, and hints at the rest."""

import json
from pathlib import Path

import pytest

from qa_bank.bank import Bank
from qa_bank.card import LANGUAGES, Card, CardText, Facts
from qa_bank.hints import Hint, hints, next_hint
from qa_bank.listen import heard, terms

ANSWERS = json.loads((Path(__file__).parent / "answers.json").read_text(encoding="utf-8"))
"""Answers as learners type them, and which points of their card they name."""


@pytest.fixture(scope="module")
def banks() -> dict[str, Bank]:
    return {language: Bank.load(language) for language in LANGUAGES}


def card(*points: str, language: str = "en", question: str = "?", answer: str = "", explanation: str = "") -> Card:
    return Card("a-card", "a-topic", Facts(), CardText(question, answer, points, explanation), language, "a-card.md")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_heard_was_said_and_most_of_what_was_said_is_heard(banks: dict[str, Bank], language: str) -> None:
    right, heard_in_all, named_in_all = 0, 0, 0
    answers = [answer for answer in ANSWERS if answer["language"] == language]
    for answer in answers:
        found = set(heard(banks[language][answer["card"]], answer["typed"]))
        right += len(found.intersection(answer["named"]))
        heard_in_all += len(found)
        named_in_all += len(answer["named"])
    assert len(answers) >= 30 and len({answer["card"] for answer in answers}) >= 20
    assert right / heard_in_all >= 0.95, f"{heard_in_all - right} of {heard_in_all} points heard were not said"
    assert right / named_in_all >= 0.85, f"{named_in_all - right} of {named_in_all} points said were not heard"


def test_the_answers_name_points_that_their_cards_have_and_leave_others_out(banks: dict[str, Bank]) -> None:
    for answer in ANSWERS:
        points = banks[answer["language"]][answer["card"]].text.points
        assert set(answer["named"]) < set(range(len(points))), answer


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_point_of_every_card_is_heard_in_its_own_words(banks: dict[str, Bank], language: str) -> None:
    deaf = [
        (each.id, number)
        for each in banks[language]
        for number, point in enumerate(each.text.points)
        if number not in heard(each, point)
    ]
    assert deaf == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_to_repeat_the_question_is_hardly_ever_an_answer(banks: dict[str, Bank], language: str) -> None:
    points = sum(len(each.text.points) for each in banks[language])
    assert sum(len(heard(each, each.text.question)) for each in banks[language]) <= 0.01 * points


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_answer_to_another_card_is_hardly_ever_heard(banks: dict[str, Bank], language: str) -> None:
    cards = list(banks[language])
    points = sum(len(each.text.points) for each in cards)
    others = zip(cards, cards[1:] + cards[:1], strict=True)
    assert sum(len(heard(each, other.text.answer)) for each, other in others) <= 0.05 * points


@pytest.mark.parametrize(
    ("language", "point", "typed"),
    [
        ("en", "Every pass **accumulates gradients** in place.", "the gradient accumulated"),
        ("ru", "**Затухающий градиент** не учит дальние связи.", "градиенты затухают"),
        ("kk", "**Салмақтар** **ортақ** болады.", "салмағы ортақ, салмақтарды бөліседі"),
    ],
)
def test_the_ending_of_a_word_does_not_matter(language: str, point: str, typed: str) -> None:
    assert heard(card(point, language=language), typed) == (0,)


@pytest.mark.parametrize("typed", ["regularizatoin", "regularsation", "Regularization", "REGULARISATION"])
def test_a_slip_of_the_keyboard_and_an_american_spelling_are_forgiven(typed: str) -> None:
    assert heard(card("**Regularisation** helps."), f"use {typed} here") == (0,)


@pytest.mark.parametrize(("point", "typed"), [("The **decoder**.", "the encoder"), ("The **minimum**.", "the maximum")])
def test_a_wrong_first_letter_makes_another_word(point: str, typed: str) -> None:
    assert heard(card(point), typed) == ()


def test_a_word_that_the_card_has_is_no_slip_for_another() -> None:
    points = ("A **sample** is drawn.",)
    assert heard(card(*points), "a simple") == (0,)
    assert heard(card(*points, explanation="Keep it simple."), "a simple") == ()


@pytest.mark.parametrize(
    ("point", "typed"),
    [
        ("**Warm-up** first.", "warm up"),
        ("**Warm-up** first.", "warmup"),
        ("A **data set**.", "the dataset"),
        ("A **bottleneck**.", "a bottle-neck"),
        ("**Log-sum-exp** is used.", "logsumexp"),
        ("Costs **O(n²)**.", "it is O(n^2)"),
        ("**150,528 inputs**.", "150528 inputs"),
        ("A score of **−∞**.", "minus infinity"),
    ],
)
def test_hyphens_blanks_and_signs_may_be_written_another_way(point: str, typed: str) -> None:
    assert heard(card(point), typed) == (0,)


@pytest.mark.parametrize("typed", ["скрытое состояние", "hidden state", "хидден, то есть hidden-state"])
def test_a_name_in_brackets_is_as_good_as_the_term(typed: str) -> None:
    assert heard(card("**Скрытое состояние** (hidden state).", language="ru"), typed) == (0,)


def test_a_name_that_the_card_gives_elsewhere_is_heard_too() -> None:
    point = "Учит **узкое место**."
    assert heard(card(point, language="ru"), "bottleneck") == ()
    assert heard(card(point, language="ru", answer="Это узкое место (bottleneck)."), "bottleneck") == (0,)
    assert heard(card("Учит **bottleneck**.", language="ru", answer="Узкое место (bottleneck)."), "узкое место") == (0,)


@pytest.mark.parametrize(("term", "typed"), [("softmax", "софтмаксом"), ("dropout", "дропаут"), ("батч", "batch")])
def test_an_english_word_in_russian_letters_is_the_same_word(term: str, typed: str) -> None:
    assert heard(card(f"Нужен **{term}**.", language="ru"), typed) == (0,)


def test_yo_is_ye() -> None:
    assert heard(card("**Свёртка** видит соседей.", language="ru"), "свертка") == (0,)


def test_one_of_two_terms_is_not_enough_alone_but_is_with_the_rest_of_the_point() -> None:
    point = card("The **discriminator** guesses the **probability** that a picture comes out of the real data.")
    assert heard(point, "There is a discriminator.") == ()
    assert heard(point, "The discriminator guesses whether a picture came from real data.") == (0,)


def test_a_point_is_said_in_one_place() -> None:
    point = card("The **generator** maps **noise**.")
    between = "and then many other things happen to us " * 8
    assert heard(point, "the generator takes noise") == (0,)
    assert heard(point, f"the generator {between} noise") == ()


def test_the_words_of_the_question_are_no_answer() -> None:
    points = ("A **network** with **memory**.", "The **gate** of a network forgets.")
    assert (
        heard(card(*points, question="Why has a network memory, and what does a gate do in a network?"), "gate") == ()
    )
    assert heard(card(*points), "a gate") == (1,)


def test_a_point_without_terms_is_heard_by_its_telling_words() -> None:
    point = card("Neighbouring pixels belong together.", "Nothing of this is said.")
    assert heard(point, "neighbor pixels are related and belong to each other") == (0,)


@pytest.mark.parametrize("typed", ["", "  \n", "?!", "**", "🙂", "the of and", "0" * 5000, "a " * 2000])
def test_nothing_sensible_is_nothing_heard(banks: dict[str, Bank], typed: str) -> None:
    for bank in banks.values():
        assert heard(bank["lstm-gates"], typed) == ()


def test_a_point_without_words_is_never_heard() -> None:
    assert heard(card("→ **…**", "**A code**."), "the code") == (1,)


def test_terms_are_the_bold_words_without_the_marks_of_code() -> None:
    assert terms("An **`nn.Module`** has a **forward pass**; `this` is *none*.") == ("nn.Module", "forward pass")


def test_hints_go_from_how_many_points_there_are_to_one_of_them() -> None:
    point = "A **hidden state** (h) carries what was read."
    assert hints(card(point, "**W** is shared.")) == (
        Hint("count", count=2),
        Hint("aspect", 0, texts=("A … carries what was read.",)),
        Hint("letters", 0, texts=("h····· s····",)),
        Hint("terms", 0, texts=("hidden state",)),
        Hint("point", 0, texts=(point,)),
    )


def test_hints_speak_of_points_that_are_not_named() -> None:
    ladder = hints(card("**One** thing is this.", "**Two** things are that.", "**Three** more."), named={0, 2})
    assert ladder[0] == Hint("count", count=1) and {hint.point for hint in ladder[1:]} == {1}


def test_all_points_named_leaves_nothing_to_hint_at() -> None:
    assert hints(card("**One**."), named={0}) == ()


def test_a_point_without_terms_has_no_hint_at_terms() -> None:
    assert [hint.kind for hint in hints(card("Neighbouring pixels belong together."))] == ["count", "point"]


def test_a_point_that_is_all_terms_has_no_aspect() -> None:
    assert "aspect" not in [hint.kind for hint in hints(card("**Locality**."))]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_card_has_a_ladder_to_each_of_its_points_that_tells_no_term_too_early(
    banks: dict[str, Bank], language: str
) -> None:
    for each in banks[language]:
        for number, point in enumerate(each.text.points):
            ladder = hints(each, range(number))
            kinds = [hint.kind for hint in ladder]
            assert [kind for kind in kinds if kind != "aspect"] == ["count", "letters", "terms", "point"]
            letters = next(hint for hint in ladder if hint.kind == "letters").texts
            for dotted, term in zip(letters, terms(point), strict=True):
                assert dotted != term and len(dotted) == len(term), (each.id, number)


def test_the_next_hint_climbs_one_point_and_then_goes_on_to_another() -> None:
    two = card("**Locality** widens with depth, step by step.", "**Sharing** saves a lot of weights.")
    given: list[Hint] = []
    while (hint := next_hint(two, set(), given)) is not None:
        given.append(hint)
    rungs = ["aspect", "letters", "terms", "point"]
    assert [(hint.kind, hint.point) for hint in given] == [
        ("count", None),
        *((kind, 0) for kind in rungs),
        *((kind, 1) for kind in rungs),
    ]


def test_a_point_named_after_a_hint_leads_to_the_vaguest_hint_at_another() -> None:
    two = card("**Locality** widens with depth, step by step.", "**Sharing** saves a lot of weights.")
    given = hints(two)[:3]
    assert next_hint(two, {0}, given) == Hint("aspect", 1, texts=("… saves a lot of weights.",))
