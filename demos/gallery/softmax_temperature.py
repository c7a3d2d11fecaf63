"""Softmax temperature: dividing the logits before a softmax sharpens or flattens the distribution.

V: words or characters to choose from
N: words drawn, or pictures
D: pixels
B, T: texts side by side, characters of each
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Generator
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from demos.demo import Claim, DemoParams, knob, preset
from demos.device import adam
from demos.frame import Bars, Curves, Frame, Line, Ref, Table, Trace, say
from demos.gallery._calibration import CLASSES, Confidence, classifier, compare, fit_temperature, noisy_digits, table
from demos.gallery._char_model import CharModel, Corpus, Page, bits, manner, measure
from demos.lab import Lab

LOOK = (
    "The bars are the probability of each next word at the present temperature; the marks, the same logits at T = 1. "
    "Beside them, how often each word was really drawn. The curve is the entropy of the distribution, between its "
    "limits: 0 bits, certain, and log₂ V, uniform. In text, a model that has just learnt to spell writes: cold, it "
    "says the same again and again; hot, it cannot spell. In calibration, a classifier is far surer than it is right, "
    "and one temperature mends that without changing an answer."
)
TRY = (
    "Lower the temperature towards 0.05: softmax becomes argmax.",
    "Raise it to 10: all words are drawn about equally often.",
    "Watch the order of the bars: no temperature ever changes it.",
    "In text, set T = 2 and then top_p = 0.8: the misspellings lived in the tail.",
    "In calibration, look for the temperature at which the bars meet their marks.",
)

WORDS = ("mat", "sofa", "floor", "roof", "moon")
LOGITS = (4.0, 3.0, 2.0, 1.0, 0.0)
DRAWS = 2000
CHI2_999 = 18.47
"""The 99.9% point of the χ² distribution with V - 1 = 4 degrees of freedom."""
TEXT_STEPS, TEXT_RATE = 200, 1e-2
CLASSIFIER_STEPS, CLASSIFIER_RATE = 2400, 5e-4
EVERY = 20
"""Steps between two points of a curve."""


@dataclass(frozen=True, slots=True)
class Params(DemoParams):
    subject: str = knob("words", choices=("words", "text", "calibration"), restart=True)
    """What the logits are of: five words, the next character of a text, or the class of a picture."""
    temperature: float = knob(1.0, low=0.05, high=10.0, scale="log")
    """Divides the logits; below 1 sharpens, above 1 flattens."""
    top_k: int = knob(40, low=1, high=40)
    """Draws among the k likeliest only; 40 is every character of the text."""
    top_p: float = knob(1.0, low=0.05, high=1.0)
    """Draws among the likeliest that reach this probability together; 1 is all of them."""


PRESETS = (
    preset("one", "The distribution as the model gives it.", temperature=1.0),
    preset("cold", "Almost greedy: the same word again and again.", breaks=True, temperature=0.05),
    preset("hot", "Almost uniform: the model's opinion is drowned out.", breaks=True, temperature=10.0),
    preset("text", "A small model learns to spell from a log, and writes on.", subject="text", temperature=0.7),
    preset("text-cold", "The same model at T = 0.2: it goes in circles.", breaks=True, subject="text", temperature=0.2),
    preset("text-hot", "The same model at T = 2: it cannot spell.", breaks=True, subject="text", temperature=2.0),
    preset("calibration", "A classifier surer than it is right, and the number that mends it.", subject="calibration"),
)  # fmt: skip
OUTCOMES = {
    "hotter_entropy": ("rises", "falls", "stays"),
    "order_at_2": ("changes", "same"),
    "text_at_0_2": ("repeats", "misspells", "neither"),
    "text_at_2": ("repeats", "misspells", "neither"),
    "accuracy_when_scaled": ("rises", "falls", "same"),
    "fitted_temperature": ("above_one", "below_one"),
}
_ALL = ("one", "cold", "hot")
_TEXT_PRESETS = ("text", "text-cold", "text-hot")
CLAIMS = (
    Claim("cold-entropy", "At T = 0.1 the entropy is that of the closed form", "entropy_error_cold", "<", 1e-5,
          "log₂ Z - Σ p·z/T·log₂ e, computed with plain floats from logits 4, 3, 2, 1, 0; float32 has 7 digits", _ALL),
    Claim("unit-entropy", "At T = 1 the entropy is that of the closed form", "entropy_error_unit", "<", 1e-5,
          "the same closed form at T = 1", _ALL),
    Claim("hot-entropy", "At T = 10 the entropy is that of the closed form", "entropy_error_hot", "<", 1e-5,
          "the same closed form at T = 10", _ALL),
    Claim("order", "No temperature swaps two words", "swaps", "==", 0,
          "dividing by a positive number and exp are both increasing", _ALL),
    Claim("sampling", "Words are drawn as often as their probabilities say", "chi2", "<", CHI2_999,
          "the 99.9% point of χ² with 4 degrees of freedom", ("one",)),
    Claim("greedy", "At T = 0.05 the likeliest word takes almost everything", "top_probability", ">", 0.999,
          "the runner-up keeps e^(-20), about 2·10⁻⁹", ("cold",)),
    Claim("flat", "At T = 10 the entropy comes within 1% of uniform", "entropy_share", ">", 0.99,
          "2.308 of log₂ 5 = 2.322 bits, by the closed form", ("hot",)),
    Claim("learns", "The model knows more than which letter follows which", "bits_below_pairs", ">", 0.5,
          "half a bit below the count of pairs of letters, on text that it never saw", _TEXT_PRESETS),
    Claim("cold-repeats", "At T = 0.2 the text repeats itself", "distinct_cold", "<", 0.5,
          "of runs of three words, less than half as many differ as in as much of the log", ("text", "text-cold")),
    Claim("cold-spells", "At T = 0.2 nearly every word is spelt as in the log", "known_cold", ">", 0.95,
          "the log itself has 1; what is drawn is almost always the likeliest letter", ("text", "text-cold")),
    Claim("unit-is-new", "At T = 1 the text repeats itself no more than the log does", "distinct_unit", ">=", 1,
          "the log's own share is 1, by definition", _TEXT_PRESETS),
    Claim("unit-spells", "At T = 1 most words are words of the log", "known_unit", ">", 0.5,
          "more right than wrong", _TEXT_PRESETS),
    Claim("hot-misspells", "At T = 2 most words are no words", "known_hot", "<", 0.5,
          "more wrong than right", ("text", "text-hot")),
    Claim("over-confident", "The classifier is surer than it is right", "ece_before", ">", 0.2,
          "it learnt 300 noisy pictures by heart; a calibrated one would show 0.03", ("calibration",)),
    Claim("calibrated", "One fitted temperature mends it", "ece_after", "<", 0.06,
          "twice what a calibrated one shows with a hundred pictures in each of ten bins, 0.8·√(p(1 - p)/100)",
          ("calibration",)),
    Claim("likelier", "The right labels get likelier", "nll_change", "<", 0,
          "T was fitted to the likelihood of other pictures, with T = 1 among its choices", ("calibration",)),
    Claim("same-answers", "Not one answer changes", "answers_changed", "==", 0,
          "no positive T changes the order of the logits", ("calibration",)),
)  # fmt: skip


def run(p: Params, lab: Lab) -> Generator[Frame, Params, None]:
    yield from {"words": choose, "text": write, "calibration": calibrate}[p.subject](p, lab)


def next_probs(logits_V: Tensor, temperature: float, top_k: int = 40, top_p: float = 1.0) -> Tensor:
    """What is drawn from: softmax at a temperature, cut to the top k, then to the top p; (..., V) from (..., V)."""
    probs_V, order_V = torch.softmax(logits_V / temperature, dim=-1).sort(dim=-1, descending=True)
    probs_V = probs_V * (torch.arange(probs_V.shape[-1], device=probs_V.device) < top_k)
    probs_V = probs_V / probs_V.sum(-1, keepdim=True)
    likelier_V = probs_V.cumsum(-1) - probs_V
    probs_V = probs_V * (likelier_V < top_p)
    return torch.zeros_like(probs_V).scatter(-1, order_V, probs_V / probs_V.sum(-1, keepdim=True))


def descend(
    model: nn.Module, optimizer: torch.optim.Optimizer, loss_of: Callable[[Tensor], Tensor], batch: Tensor
) -> Tensor:
    """One step down the loss of a batch; the loss before it."""
    loss = loss_of(batch)
    optimizer.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    return loss.detach()


def choose(p: Params, lab: Lab) -> Generator[Frame, Params, None]:
    """Five words and their fixed logits."""
    logits_V = torch.tensor(LOGITS, device=lab.device)
    fixed = {
        "entropy_error_cold": entropy_error(logits_V, 0.1),
        "entropy_error_unit": entropy_error(logits_V, 1.0),
        "entropy_error_hot": entropy_error(logits_V, 10.0),
        "swaps": sum(swaps(logits_V, 0.05 * 1.3**i) for i in range(21)),
    }
    unit_V = torch.softmax(logits_V, -1)
    outcomes = {
        "hotter_entropy": "rises" if entropy_bits(torch.softmax(logits_V / 2, -1)) > entropy_bits(unit_V) else "falls",
        "order_at_2": "changes" if swaps(logits_V, 2.0) else "same",
    }
    decades = [-1.3 + 2.3 * i / 60 for i in range(61)]
    curve = Line("entropy", decades, [entropy_bits(torch.softmax(logits_V / 10**x, -1)).item() for x in decades])
    limit = math.log2(len(WORDS))

    while True:
        probs_V = next_probs(logits_V, p.temperature, p.top_k, p.top_p)
        entropy = entropy_bits(probs_V).item()
        drawn_N = torch.multinomial(probs_V, DRAWS, replacement=True, generator=lab.generator)
        counts_V = torch.bincount(drawn_N, minlength=len(WORDS))
        expected_V = DRAWS * probs_V
        metrics = fixed | {
            "entropy_bits": entropy,
            "entropy_share": entropy / limit,
            "top_probability": probs_V[0],
            "chi2": ((counts_V - expected_V) ** 2 / expected_V.clamp_min(1e-9)).sum(),
        }
        x = math.log10(p.temperature)
        p = yield lab.frame(
            Bars("probability of the next word", WORDS, probs_V, unit_V, "T = 1", high=1.0),
            Bars(say("words drawn, of {count}", count=DRAWS), WORDS, counts_V, expected_V, "expected", high=DRAWS),
            Curves(
                "entropy in bits",
                (curve, Line(say("T = {value}", value=f"{p.temperature:g}"), (x, x), (0.0, entropy))),
                (Ref("certain", 0.0), Ref("uniform, log₂ V", limit)),
                x="log₁₀ T",
            ),
            metrics=metrics,
            outcomes=outcomes,
            done=True,
        )


def entropy_bits(probs_V: Tensor) -> Tensor:
    """Shannon entropy in bits; () from (V,). A probability of 0 contributes 0."""
    nats: Tensor = -torch.special.xlogy(probs_V, probs_V).sum(-1)
    return nats / math.log(2)


def entropy_error(logits_V: Tensor, temperature: float) -> float:
    """How far the tensors' entropy is from the closed form log₂ Z - Σ p·z/T·log₂ e, in bits."""
    scaled = [z / temperature for z in LOGITS]
    z_sum = sum(math.exp(z) for z in scaled)
    mean = sum(z * math.exp(z) / z_sum for z in scaled)
    exact = (math.log(z_sum) - mean) / math.log(2)
    return abs(entropy_bits(torch.softmax(logits_V / temperature, -1)).item() - exact)


def swaps(logits_V: Tensor, temperature: float) -> int:
    """Neighbours that stand in another order after the softmax than before."""
    probs_V = torch.softmax(logits_V / temperature, -1)
    return int((probs_V.diff() > 0).sum())


def write(p: Params, lab: Lab) -> Generator[Frame, Params, None]:
    """A character model learns from the log, writing all the while, and then writes on."""
    corpus = Corpus.load(lab.device)
    model = CharModel(len(corpus.alphabet)).to(lab.device)
    rate = torch.zeros((), device=lab.device)
    step_down = lab.captured(functools.partial(descend, model, adam(model.parameters(), rate), model.loss))
    page = Page(model, corpus, lab.stream(0))
    trained, held_out = Trace("training"), Trace("held out")
    by_letter, by_pair = corpus.letter_bits(), corpus.pair_bits()
    refs = (Ref("counting letters", by_letter), Ref("counting pairs", by_pair))

    def choose(logits_BV: Tensor) -> Tensor:
        return next_probs(logits_BV, p.temperature, p.top_k, p.top_p)

    def record(loss: Tensor) -> float:
        with torch.no_grad():
            score = bits(model.loss(corpus.held_out))
        trained.add(lab.step, bits(loss))
        held_out.add(lab.step, score)
        return score

    def curves() -> Curves:
        lines = (trained.line(), held_out.line())
        return Curves("bits per character", lines, refs, x="step", x_range=(0, TEXT_STEPS), y_range=(0, 6))

    score = record(model.loss(corpus.batch(lab.stream(1))))
    if lab.due:
        p = yield lab.frame(*page.write(60, choose), curves())
    for step in lab.steps(TEXT_STEPS):
        rate.fill_(TEXT_RATE * min(1.0, 2 - 2 * step / TEXT_STEPS))
        loss = step_down(corpus.batch(lab.generator))
        if step % EVERY == 0:
            score = record(loss)
        if lab.due:
            p = yield lab.frame(*page.write(5, choose), curves())

    metrics = {"held_out_bits": score, "bits_below_pairs": by_pair - score}
    manners = []
    for name, temperature in (("cold", 0.2), ("unit", 1.0), ("hot", 2.0)):
        at_temperature = functools.partial(next_probs, temperature=temperature)
        known, distinct = measure(model, corpus, at_temperature, lab.stream(2))
        metrics |= {f"known_{name}": known, f"distinct_{name}": distinct}
        manners.append(manner(known, distinct))
    outcomes = {"text_at_0_2": manners[0], "text_at_2": manners[-1]}
    while True:
        p = yield lab.frame(*page.write(5, choose), curves(), metrics=metrics, outcomes=outcomes, done=True, hold=0.1)


def calibrate(p: Params, lab: Lab) -> Generator[Frame, Params, None]:
    """A classifier learns a few noisy pictures by heart; what it says of others is then divided by a temperature."""
    (x_ND, label_N), (x_valid_ND, valid_N), (x_test_ND, test_N) = noisy_digits(lab.device, lab.stream(0))
    model = classifier(lab.device)
    optimizer = adam(model.parameters(), torch.tensor(CLASSIFIER_RATE, device=lab.device))
    step_down = lab.captured(
        functools.partial(descend, model, optimizer, lambda x_ND: nn.functional.cross_entropy(model(x_ND), label_N))
    )
    sure, right = Trace("confidence"), Trace("right answers")
    temperatures = {1.0}

    @torch.no_grad()
    def at(temperature: float) -> Confidence:
        return Confidence.of(model(x_test_ND) / temperature, test_N)

    def record() -> None:
        unit = at(1.0)
        sure.add(lab.step, unit.mean)
        right.add(lab.step, unit.accuracy)

    def views() -> tuple[Bars, Curves, Table]:
        return (
            at(p.temperature).bars(),
            Curves("on pictures never seen", (sure.line(), right.line()), (Ref("guessing", 1 / CLASSES),),
                   x="step", x_range=(0, CLASSIFIER_STEPS), y_range=(0, 1)),
            table({t: at(t) for t in temperatures | {p.temperature}}),
        )  # fmt: skip

    record()
    if lab.due:
        p = yield lab.frame(*views())
    for step in lab.steps(CLASSIFIER_STEPS):
        step_down(x_ND)
        if step % EVERY == 0:
            record()
        if lab.due:
            p = yield lab.frame(*views())

    fitted = fit_temperature(model(x_valid_ND).detach(), valid_N)
    temperatures.add(fitted)
    metrics, outcomes = compare(at(1.0), at(fitted), fitted)
    while True:
        p = yield lab.frame(*views(), metrics=metrics, outcomes=outcomes, done=True)
