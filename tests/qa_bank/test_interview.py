"""An interview: what is asked follows from the plan and the answers alone."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_bank import interviews
from qa_bank.bank import Bank, UnknownCardError
from qa_bank.card import LEVELS
from qa_bank.interview import Answered, Ask, Choices, Interview, Part, draw, posed, practical, report
from qa_bank.reviews import ReviewLog

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
BANK = Bank.load()


def even(_card: str) -> float:
    return 0.5


def answered(interview: Interview, share: float, spent: float = 60.0) -> Answered:
    """The ask at hand, answered with that share of its points."""
    ask = interview.ask
    assert ask is not None
    of = 1 if ask.kind in ("probe", "drill", "prediction") else len(BANK[ask.card].text.points)
    return Answered(ask, tuple(range(round(share * of))), of, spent / 2, spent)


def sit(choices: Choices, share: float = 0.5, spent: float = 60.0) -> Interview:
    interview = Interview(BANK, draw(BANK, choices, even))
    while interview.ask is not None:
        interview.answer(answered(interview, share, spent))
    return interview


def test_the_same_seed_asks_the_same_and_another_asks_others() -> None:
    first, again, other = (draw(BANK, Choices(seed=seed), even).questions for seed in (3, 3, 4))
    assert first == again
    assert len(set(first) & set(other)) < 5


def test_questions_go_from_easier_to_harder() -> None:
    levels = [LEVELS.index(BANK[card].facts.level) for card in draw(BANK, Choices(seed=1), even).questions]
    assert levels == sorted(levels) and len(levels) == 10


def test_what_one_is_weak_in_is_drawn_more_often() -> None:
    weak = {card.id for card in BANK.select(topic="attention")}
    spoken = [card for card in BANK if card.facts.drill is None]
    share = sum(card.id in weak for card in spoken) / len(spoken)

    def weakness(card: str) -> float:
        return 1.0 if card in weak else 0.0

    drawn = [card for seed in range(200) for card in draw(BANK, Choices(seed=seed), weakness).questions]
    assert sum(card in weak for card in drawn) / len(drawn) > 1.3 * share


def test_topic_level_and_style_are_kept_to() -> None:
    choices = Choices(questions=8, topics=("attention", "sequences"), level="senior", style="practice")
    for card in draw(BANK, choices, even).questions:
        assert BANK[card].topic in choices.topics and BANK[card].facts.level == "senior" and practical(BANK[card])
    theory = draw(BANK, Choices(style="theory"), even)
    assert theory.between == () and all(BANK[card].facts.drill is None for card in theory.questions)


@pytest.mark.parametrize("wrong", [Choices(topics=("attenton",)), Choices(style="hard")])  # type: ignore[arg-type]
def test_a_choice_that_there_is_not_names_those_there_are(wrong: Choices) -> None:
    with pytest.raises(UnknownCardError, match=r"attention|theory"):
        draw(BANK, wrong, even)


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("style", ["theory", "practice", "mixed"])
@pytest.mark.parametrize("seed", range(3))
def test_each_question_has_two_asked_upon_it_and_a_missed_point_is_one(share: float, style: str, seed: int) -> None:
    interview = sit(Choices(seed=seed, style=style), share)  # type: ignore[arg-type]
    for main in range(10):
        first, *rest = [answer for answer in interview.answers if answer.ask.main == main]
        chained = [answer.ask for answer in rest if answer.ask.kind in ("probe", "follow_up")]
        assert len(chained) == 2
        assert (chained[0].kind == "probe") == (first.share < 1)
        if chained[0].kind == "probe":
            assert chained[0].card == first.ask.card and chained[0].point not in first.named
    cards = Counter(answer.ask.card for answer in interview.answers if answer.ask.kind != "probe")
    assert max(cards.values()) == 1, "no card is asked twice"


def test_a_follow_up_leads_on_from_the_card_before_it() -> None:
    interview = sit(Choices(seed=2, style="theory"), 1.0)
    led = 0
    for before, answer in zip(interview.answers, interview.answers[1:], strict=False):
        if answer.ask.kind == "follow_up":
            main = interview.plan.questions[answer.ask.main]
            origins = {before.ask.card, main}
            led += any(answer.ask.card in BANK[origin].facts.follow_ups for origin in origins)
    assert led >= 18


def test_a_weak_answer_is_followed_up_by_an_easier_question_than_a_strong_one() -> None:
    def level(share: float) -> float:
        found = [
            LEVELS.index(BANK[answer.ask.card].facts.level)
            for seed in range(10)
            for answer in sit(Choices(seed=seed, style="theory"), share).answers
            if answer.ask.kind == "follow_up"
        ]
        return sum(found) / len(found)

    assert level(0.0) < level(0.9)


def test_in_a_mixed_interview_drills_and_predictions_stand_between() -> None:
    kinds = Counter(answer.ask.kind for answer in sit(Choices(seed=5)).answers)
    assert (
        kinds["question"] == 10 and kinds["drill"] + kinds["prediction"] == 4 and kinds["drill"] and kinds["prediction"]
    )


def test_a_limit_of_time_ends_it_after_the_question_at_hand() -> None:
    interview = sit(Choices(questions=None, minutes=10, style="theory"), spent=60)
    mains = {answer.ask.main for answer in interview.answers}
    assert len(mains) == 4 and len(interview.answers) == 12


def test_it_goes_on_from_its_answers_wherever_it_was_broken_off() -> None:
    whole = sit(Choices(seed=7), 0.4)
    for many in range(len(whole.answers)):
        again = Interview(BANK, whole.plan, whole.answers[:many])
        assert again.ask == whole.answers[many].ask
    assert Interview(BANK, whole.plan, whole.answers).ask is None


def test_an_answer_taken_back_is_asked_again() -> None:
    interview = Interview(BANK, draw(BANK, Choices(), even))
    first = interview.ask
    interview.answer(answered(interview, 0.5))
    taken = interview.take_back()
    assert taken is not None and interview.ask == first and interview.take_back() is None


def test_a_card_that_is_gone_is_left_out() -> None:
    plan = draw(BANK, Choices(), even)
    smaller = Bank([card for card in BANK if card.id != plan.questions[0]])
    interview = Interview(smaller, plan)
    assert interview.ask is not None and interview.ask.card == plan.questions[1]


def test_a_drill_has_the_same_numbers_for_the_same_seed() -> None:
    drill = next(card.id for card in BANK if card.facts.drill is not None)
    ask = Ask("drill", drill, 0)
    assert posed(BANK, ask, 3) == posed(BANK, ask, 3)
    assert len({posed(BANK, ask, seed)[0].text.question for seed in range(8)}) > 1


def test_the_report_adds_up() -> None:
    interview = sit(Choices(seed=1), 0.5)
    found = report(BANK, interview.plan, interview.answers)
    assert (found.named, found.of) == (
        sum(len(answer.named) for answer in interview.answers),
        sum(answer.of for answer in interview.answers),
    )
    for parts in (found.topics, found.levels):
        assert (sum(part.named for part in parts), sum(part.of for part in parts)) == (found.named, found.of)
    assert [part.score for part in found.topics] == sorted(part.score for part in found.topics)
    assert found.questions == found.planned == 10
    for missed in found.missed:
        answers = [answer for answer in interview.answers if answer.ask.card == missed.card]
        assert any(answer.share < 1 for answer in answers)
    assert set(found.study) <= {part.name for part in found.topics}


def test_what_was_all_right_leaves_nothing_to_study() -> None:
    interview = sit(Choices(seed=1), 1.0)
    found = report(BANK, interview.plan, interview.answers)
    assert found.score == 1.0 and found.missed == () and found.study == ()


def test_what_could_not_be_judged_counts_for_nothing() -> None:
    plan = draw(BANK, Choices(), even)
    unjudged = Answered(Ask("prediction", plan.questions[0], 0), (), 0)
    found = report(BANK, plan, [unjudged])
    assert found.score is None and found.missed == () and found.topics == ()


def test_the_log_keeps_each_answer_and_forgets_one_that_was_taken_back(tmp_path: Path) -> None:
    log = ReviewLog.open(tmp_path / "reviews.db")
    sat = interviews.begin(log, draw(BANK, Choices(seed=9), even), NOON)
    interview = Interview(BANK, sat.plan)
    rows = []
    for i in range(5):
        answer = answered(interview, 0.5)
        rows.append(interviews.keep(log, sat.uid, answer, NOON + timedelta(minutes=i)))
        interview.answer(answer)
    log.undo(NOON + timedelta(minutes=9), rows[-1])
    interview.take_back()
    log.close()
    (again,) = interviews.sat(ReviewLog.open(log.path))
    assert (again.uid, again.plan, list(again.answers)) == (sat.uid, sat.plan, interview.answers)
    assert Interview(BANK, again.plan, again.answers).ask == interview.ask


def test_the_same_choices_find_the_same_plan_again_whatever_was_learned_since(tmp_path: Path) -> None:
    log = ReviewLog.open(tmp_path / "reviews.db")
    plan = draw(BANK, Choices(seed=9), even)
    interviews.begin(log, plan, NOON)
    assert interviews.again(interviews.sat(log), Choices(seed=9)) == plan
    assert interviews.again(interviews.sat(log), Choices(seed=8)) is None


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    style=st.sampled_from(["theory", "practice", "mixed"]),
    level=st.sampled_from([None, *LEVELS]),
    shares=st.lists(st.floats(0, 1), min_size=1, max_size=8),
    questions=st.integers(1, 12),
)
def test_every_interview_ends_and_asks_no_card_twice(
    seed: int, style: str, level: str | None, shares: list[float], questions: int
) -> None:
    choices = Choices(questions=questions, seed=seed, style=style, level=level)  # type: ignore[arg-type]
    interview = Interview(BANK, draw(BANK, choices, even))
    for i in range(200):
        if interview.ask is None:
            break
        interview.answer(answered(interview, shares[i % len(shares)]))
    assert interview.ask is None
    cards = [answer.ask.card for answer in interview.answers if answer.ask.kind != "probe"]
    assert len(cards) == len(set(cards))
    probes = [(answer.ask.card, answer.ask.point) for answer in interview.answers if answer.ask.kind == "probe"]
    assert len(probes) == len(set(probes))


def test_a_part_is_the_share_that_was_named() -> None:
    assert Part("attention", 3, 4).score == 0.75
