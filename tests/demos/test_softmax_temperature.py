"""What softmax_temperature draws from, and the measures that its claims rest on."""

import pytest
import torch

from demos.data import text
from demos.frame import Frame
from demos.gallery import softmax_temperature
from demos.gallery._calibration import Confidence, fit_temperature
from demos.gallery._char_model import CharModel, Corpus, Pen, distinct_share, known_share
from demos.gallery.softmax_temperature import Params, next_probs
from demos.lab import Lab

LOGITS_V = torch.tensor([1.0, 3.0, 0.0, 2.0])


def test_uncut_it_is_the_softmax_of_the_divided_logits() -> None:
    torch.testing.assert_close(next_probs(LOGITS_V, 0.7), torch.softmax(LOGITS_V / 0.7, -1))


def test_top_k_keeps_the_k_likeliest_in_proportion() -> None:
    probs_V = next_probs(LOGITS_V, 1.0, top_k=2)
    torch.testing.assert_close(probs_V, torch.softmax(LOGITS_V.where(LOGITS_V >= 2, -torch.inf), -1))
    assert next_probs(LOGITS_V, 5.0, top_k=1).tolist() == [0, 1, 0, 0]


def test_top_p_keeps_the_smallest_set_that_reaches_p() -> None:
    whole_V = torch.softmax(LOGITS_V, -1)
    largest, second = whole_V.sort(descending=True).values[:2].tolist()
    assert (next_probs(LOGITS_V, 1.0, top_p=largest - 0.01) > 0).sum() == 1
    assert (next_probs(LOGITS_V, 1.0, top_p=largest + 0.01) > 0).sum() == 2
    assert (next_probs(LOGITS_V, 1.0, top_p=largest + second + 0.01) > 0).sum() == 3


def test_a_hotter_softmax_lets_more_words_into_the_same_top_p() -> None:
    kept = [int((next_probs(LOGITS_V, temperature, top_p=0.9) > 0).sum()) for temperature in (0.2, 1.0, 5.0)]
    assert kept == sorted(kept) and kept[0] < kept[-1]


def test_every_row_is_cut_by_itself() -> None:
    both_BV = next_probs(torch.stack([LOGITS_V, 3 * LOGITS_V]), 1.0, top_k=3, top_p=0.9)
    torch.testing.assert_close(both_BV[1], next_probs(3 * LOGITS_V, 1.0, top_k=3, top_p=0.9))


def test_the_knob_top_k_reaches_over_the_whole_alphabet() -> None:
    top_k = next(knob for knob in Params.knobs() if knob.name == "top_k")
    assert top_k.high == len(set(text()))
    assert text().isascii() and 16_000 < len(text()) < 20_000


def test_a_pen_writes_the_same_text_from_the_same_stream() -> None:
    torch.manual_seed(0)
    corpus = Corpus.load(torch.device("cpu"))
    model = CharModel(len(corpus.alphabet))
    once, again = (Pen(model, corpus, 2, torch.Generator().manual_seed(3)) for _ in range(2))
    whole = once.write(20, lambda z_BV: next_probs(z_BV, 1.0))[0]
    parts = [again.write(10, lambda z_BV: next_probs(z_BV, 1.0))[0] for _ in range(2)]
    assert torch.equal(whole, torch.cat(parts, 1))


def test_words_are_known_and_runs_are_distinct_as_counted_by_hand() -> None:
    assert known_share(["The lamp and the lempe and"]) == pytest.approx(4 / 5)
    assert distinct_share(["the lamp and the lamp and the lamp and"]) == pytest.approx(3 / 7)


def test_the_calibration_error_is_the_gap_of_the_closed_form() -> None:
    logits_NC = torch.tensor([[0.8, 0.2]]).log().expand(10, 2)
    right = Confidence.of(logits_NC, torch.tensor([0] * 8 + [1] * 2))
    wrong = Confidence.of(logits_NC, torch.tensor([0] * 5 + [1] * 5))
    assert right.ece == pytest.approx(0, abs=1e-6)
    assert wrong.ece == pytest.approx(0.3, abs=1e-6)


def test_the_fitted_temperature_undoes_a_scaling_of_the_logits() -> None:
    chance = torch.Generator().manual_seed(0)
    logits_NC = 2 * torch.randn(4000, 10, generator=chance)
    label_N = torch.multinomial(logits_NC.softmax(-1), 1, generator=chance)[:, 0]
    assert fit_temperature(3 * logits_NC, label_N) == pytest.approx(3, rel=0.05)


@pytest.mark.parametrize("subject", ["text", "calibration"])
def test_watching_changes_no_number(subject: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(softmax_temperature, "TEXT_STEPS", 4)
    monkeypatch.setattr(softmax_temperature, "CLASSIFIER_STEPS", 40)
    watched, unwatched = (_finished(subject, due) for due in (True, False))
    assert watched.metrics == unwatched.metrics


def _finished(subject: str, due: bool) -> Frame:
    lab = Lab(torch.device("cpu"), 0, due=lambda: due)
    run = softmax_temperature.run(Params(subject=subject), lab)
    frame = next(run)
    while not frame.done:
        frame = run.send(Params(subject=subject, temperature=2.0, top_p=0.8))
    return frame
