"""The weights fitted to a log: judged by reviews they have not seen, and only then kept."""

import math
import random
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import fsrs
import pytest
from msgspec.structs import replace

from qa_bank import optimize
from qa_bank.memory import Grade, Memory, Scheduler, Settings
from qa_bank.optimize import BATCH, NEEDED, History, TooFewReviewsError, fit, score

MORNING = datetime(2026, 1, 1, 9, tzinfo=UTC)
PLAIN = Settings()


def weights(**changed: float) -> tuple[float, ...]:
    """FSRS's own weights but for some: `w20=0.3`."""
    return tuple(changed.get(f"w{i}", weight) for i, weight in enumerate(Scheduler(PLAIN).weights))


FORGETFUL = weights(w0=0.05, w1=0.3, w2=0.6, w3=2, w8=1, w11=0.5, w20=0.5)
"""A learner who forgets much sooner than FSRS supposes, the first days above all."""


class Learner:
    """One who remembers by the `truth`, and studies each morning what a schedule that knows nothing of it asks."""

    def __init__(self, truth: tuple[float, ...], seed: int) -> None:
        self.histories: dict[str, list[tuple[Grade, datetime]]] = {}
        self._rng = random.Random(seed)
        self._truth = Scheduler(replace(PLAIN, weights=truth))
        self._schedule = Scheduler(PLAIN)
        self._truly: dict[str, Memory] = {}
        self._planned: dict[str, Memory] = {}

    def study(self, cards: int, days: int, new_a_day: int = 5) -> dict[str, list[tuple[Grade, datetime]]]:
        for day in range(days):
            now = MORNING + timedelta(days=day)
            evening = now + timedelta(hours=2)
            begun = day * new_a_day
            for card in range(begun, min(cards, begun + new_a_day)):
                self._answer(f"card-{card}", now)
            while (card := min(self._planned, key=lambda card: self._planned[card].due)) and now < evening:
                now = max(now, self._planned[card].due) + timedelta(seconds=20)
                if now < evening:
                    self._answer(card, now)
        return self.histories

    def _answer(self, card: str, now: datetime) -> None:
        memory = self._truly.get(card)
        if memory is None:
            grade = self._rng.choices(tuple(Grade), (30, 15, 45, 10))[0]
        elif self._rng.random() < self._truth.recall(memory, now):
            grade = self._rng.choices((Grade.HARD, Grade.GOOD, Grade.EASY), (12, 78, 10))[0]
        else:
            grade = Grade.AGAIN
        self._truly[card] = self._truth.next(card, memory, grade, now)
        self._planned[card] = self._schedule.next(card, self._planned.get(card), grade, now)
        self.histories.setdefault(card, []).append((grade, now))


def daily(cards: int, reviews: int) -> dict[str, list[tuple[Grade, datetime]]]:
    """Cards that come each day at their own minute; all but the first review counts."""
    return {
        f"card-{card:03}": [
            (Grade.AGAIN if (card + day) % 7 == 0 else Grade.GOOD, MORNING + timedelta(days=day, minutes=card))
            for day in range(reviews)
        ]
        for card in range(cards)
    }


@pytest.fixture
def trained(monkeypatch: pytest.MonkeyPatch) -> list[Mapping[str, History]]:
    """What the library was given to learn from; it learns nothing, and finds the weights it comes with."""
    given: list[Mapping[str, History]] = []

    def fitted(histories: Mapping[str, History], _progress: object) -> list[float]:
        given.append(histories)
        return list(Scheduler(PLAIN).weights)

    monkeypatch.setattr(optimize, "_fitted", fitted)
    return given


def test_a_forgetful_learners_weights_foretell_what_they_never_saw() -> None:
    histories = Learner(FORGETFUL, seed=1).study(cards=60, days=80)
    shares: list[float] = []
    random.seed(7)
    found = fit(histories, PLAIN, shares.append)
    assert random.random() == random.Random(7).random()
    assert found.better
    assert found.after.log_loss < found.before.log_loss
    assert found.after.off < found.before.off
    assert Scheduler(replace(PLAIN, weights=found.weights)).settings.weights != Scheduler(PLAIN).weights
    assert shares == sorted(shares) and (shares[0], shares[-1]) == (0, 1)
    assert found.trained >= BATCH and found.trained + found.held_out == found.reviews


@pytest.mark.slow
def test_the_same_log_gives_the_same_weights_whatever_comes_later_and_in_any_order() -> None:
    histories = Learner(FORGETFUL, seed=1).study(cards=60, days=80)
    first = fit(histories, PLAIN)
    assert fit(dict(reversed(histories.items())), PLAIN) == first
    held_out = sorted((at, card) for card, history in histories.items() for at in optimize.counting(history))
    cut = held_out[-first.held_out]
    forgotten = {
        card: [(Grade.AGAIN if (at, card) >= cut else grade, at) for grade, at in history]
        for card, history in histories.items()
    }
    assert fit(forgotten, PLAIN).weights == first.weights


@pytest.mark.slow
def test_a_learner_who_is_as_fsrs_supposes_mostly_keeps_its_weights() -> None:
    kept = [
        not fit(Learner(Scheduler(PLAIN).weights, seed).study(cards=120, days=150), PLAIN).better for seed in range(8)
    ]
    assert sum(kept) > len(kept) / 2


@pytest.mark.slow
def test_a_forgetful_learners_weights_foretell_another_life_of_theirs() -> None:
    for seed in range(3):
        found = fit(Learner(FORGETFUL, seed).study(cards=120, days=120), PLAIN)
        elsewhere = Learner(FORGETFUL, seed + 100).study(cards=120, days=120)
        best, before, after = (
            score(elsewhere, replace(PLAIN, weights=chosen)).log_loss
            for chosen in (FORGETFUL, Scheduler(PLAIN).weights, found.weights)
        )
        assert found.better
        assert best < after < before


def test_the_loss_is_the_librarys_own() -> None:
    histories = Learner(FORGETFUL, seed=2).study(cards=25, days=40)
    reviews = [
        fsrs.ReviewLog(number, fsrs.Rating(grade), at, None)
        for number, history in enumerate(histories.values())
        for grade, at in history
    ]
    theirs = fsrs.Optimizer(reviews)._compute_batch_loss(parameters=list(FORGETFUL))
    assert score(histories, replace(PLAIN, weights=FORGETFUL)).log_loss == pytest.approx(theirs, rel=1e-9)


def test_a_score_by_hand() -> None:
    days = (0, 1, 60)
    history = [(Grade.GOOD, MORNING + timedelta(days=day)) for day in days]
    history.insert(2, (Grade.AGAIN, MORNING + timedelta(days=1, hours=3)))
    scheduler = Scheduler()
    first, second = scheduler.replay("a", history[:1]), scheduler.replay("a", history[:3])
    assert first is not None and second is not None
    chances = [scheduler.recall(first, history[1][1]), scheduler.recall(second, history[3][1])]
    found = score({"a": history}, PLAIN)
    assert found.log_loss == pytest.approx(-sum(map(math.log, chances)) / 2)
    assert int(10 * chances[0]) != int(10 * chances[1])
    assert found.off == pytest.approx(math.sqrt(sum((1 - chance) ** 2 for chance in chances) / 2))


def test_only_the_earlier_reviews_are_learned_from(trained: list[Mapping[str, History]]) -> None:
    histories = daily(cards=65, reviews=11)
    found = fit(histories, PLAIN)
    last = max(at for history in trained[0].values() for _, at in history)
    later = [at for history in histories.values() for at in optimize.counting(history) if at > last]
    assert len(later) == found.held_out == 130
    assert (found.reviews, found.trained, found.days) == (650, 520, 11)
    assert all(histories[card][: len(history)] == history for card, history in trained[0].items())


@pytest.mark.usefixtures("trained")
def test_weights_that_are_no_better_are_not_kept() -> None:
    found = fit(daily(cards=65, reviews=11), PLAIN)
    assert found.before == found.after
    assert not found.better


@pytest.mark.usefixtures("trained")
def test_the_weights_in_use_are_those_to_beat() -> None:
    histories = Learner(Scheduler(PLAIN).weights, seed=3).study(cards=100, days=130)
    found = fit(histories, replace(PLAIN, weights=weights(w0=50, w1=60, w2=70, w3=80)))
    assert found.better
    assert found.weights == Scheduler(PLAIN).weights


def test_of_very_many_reviews_whole_cards_are_learned_from(
    trained: list[Mapping[str, History]], monkeypatch: pytest.MonkeyPatch
) -> None:
    histories = daily(cards=80, reviews=21)
    monkeypatch.setattr(optimize, "MOST", 800)
    found = fit(histories, PLAIN)
    earlier = trained[0]
    assert 700 < sum(map(len, earlier.values())) <= 800
    assert all(earlier[card] == histories[card][: len(earlier[card])] for card in earlier)
    assert found.trained == sum(len(history) - 1 for history in earlier.values())
    assert found.held_out == 320


def test_too_few_reviews_are_said_to_be_too_few() -> None:
    histories = daily(cards=NEEDED - 1, reviews=2)
    with pytest.raises(TooFewReviewsError, match=f"{NEEDED - 1} of {NEEDED}"):
        fit(histories, PLAIN)
    with pytest.raises(TooFewReviewsError, match=f"0 of {NEEDED}"):
        fit({}, PLAIN)


def test_reviews_of_the_same_day_and_beyond_the_sixty_fourth_do_not_count() -> None:
    again = [(Grade.GOOD, MORNING + timedelta(hours=hours)) for hours in (0, 1, 25, 48, 72.5)]
    assert list(optimize.counting(again)) == [again[2][1], again[4][1]]
    assert len(list(optimize.counting(daily(1, 200)["card-000"]))) == 63
