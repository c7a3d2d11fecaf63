"""Softmax temperature: dividing the logits before a softmax sharpens or flattens the distribution.

V: vocabulary size
N: words drawn so far
"""

from __future__ import annotations

import math
from collections.abc import Generator
from dataclasses import dataclass

import torch
from torch import Tensor

from demos.demo import Claim, DemoParams, knob, preset
from demos.frame import Bars, Curves, Frame, Line, Ref, say
from demos.lab import Lab

LOOK = (
    "The bars are the probability of each next word at the present temperature; the marks, the same logits at T = 1. "
    "Beside them, how often each word was really drawn. The curve is the entropy of the distribution, between its "
    "limits: 0 bits, certain, and log₂ V, uniform."
)
TRY = (
    "Lower the temperature towards 0.05: softmax becomes argmax.",
    "Raise it to 10: all words are drawn about equally often.",
    "Watch the order of the bars: no temperature ever changes it.",
)

WORDS = ("mat", "sofa", "floor", "roof", "moon")
LOGITS = (4.0, 3.0, 2.0, 1.0, 0.0)
DRAWS = 2000
CHI2_999 = 18.47
"""The 99.9% point of the χ² distribution with V - 1 = 4 degrees of freedom."""


@dataclass(frozen=True, slots=True)
class Params(DemoParams):
    temperature: float = knob(1.0, low=0.05, high=10.0, scale="log")
    """Divides the logits; below 1 sharpens, above 1 flattens."""


PRESETS = (
    preset("one", "The distribution as the model gives it.", temperature=1.0),
    preset("cold", "Almost greedy: the same word again and again.", breaks=True, temperature=0.05),
    preset("hot", "Almost uniform: the model's opinion is drowned out.", breaks=True, temperature=10.0),
)
OUTCOMES = {"hotter_entropy": ("rises", "falls", "stays")}
_ALL = ("one", "cold", "hot")
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
)  # fmt: skip


def run(p: Params, lab: Lab) -> Generator[Frame, Params, None]:
    logits_V = torch.tensor(LOGITS, device=lab.device)
    fixed = {
        "entropy_error_cold": entropy_error(logits_V, 0.1),
        "entropy_error_unit": entropy_error(logits_V, 1.0),
        "entropy_error_hot": entropy_error(logits_V, 10.0),
        "swaps": sum(swaps(logits_V, 0.05 * 1.3**i) for i in range(21)),
    }
    rises = entropy_bits(torch.softmax(logits_V / 2, -1)) > entropy_bits(torch.softmax(logits_V, -1))
    outcomes = {"hotter_entropy": "rises" if rises else "falls"}
    temperatures = [10 ** (-1.3 + 2.3 * i / 60) for i in range(61)]
    curve = Line(
        "entropy",
        tuple(math.log10(t) for t in temperatures),
        tuple(entropy_bits(torch.softmax(logits_V / t, -1)).item() for t in temperatures),
    )
    limit = math.log2(len(WORDS))
    unit_V = torch.softmax(logits_V, -1)

    while True:
        temperature = p.temperature
        probs_V = torch.softmax(logits_V / temperature, dim=-1)
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
        x = math.log10(temperature)
        p = yield lab.frame(
            Bars("probability of the next word", WORDS, probs_V, unit_V, "T = 1", high=1.0),
            Bars(say("words drawn, of {count}", count=DRAWS), WORDS, counts_V, expected_V, "expected", high=DRAWS),
            Curves(
                "entropy in bits",
                (curve, Line(say("T = {value}", value=f"{temperature:g}"), (x, x), (0.0, entropy))),
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
