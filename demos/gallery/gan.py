"""GAN: a generator learns to draw by following the slope of a discriminator that learns to catch it.

B: batch    Z: noise dimensions    X: pixels, or the two coordinates    N: samples judged    C: classes, or modes
"""

from __future__ import annotations

import functools
import math
from collections.abc import Generator
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from demos.data import digits
from demos.demo import Claim, DemoParams, knob, preset
from demos.frame import Cloud, Curves, Frame, Note, Picture, Points, Ref, Tile, Trace, View, say
from demos.gallery._gan_games import CEILING, GAMES, SIGMA, Game, mlp
from demos.lab import Lab

LOOK = (
    "Images grow out of noise vectors that stay the same all along. The number under each is D's belief that it is "
    "real. D's mean output stays not far from ½, higher on real samples than on generated ones: good images come while "
    "D finds it hard to tell, not when either network has won. The slope is all that G learns from."
)
TRY = (
    "After the run turn mix from 0 to 1: one digit becomes another through shapes that nobody drew.",
    "Run weak-d: D says ½ there too, but because it has learnt little. A score of ½ alone proves nothing.",
    "Run strong-d, and switch the loss to non-saturating early on: the frozen images move again at once.",
)


@dataclass(frozen=True, slots=True)
class Params(DemoParams):
    data: str = knob("digits", choices=("digits", "ring", "grid"), restart=True)
    """Images of 8 by 8 pixels, or points from Gaussians: 8 on a circle, or 25 on a grid."""
    g_lr: float = knob(3e-3, low=1e-5, high=1e-1, scale="log")
    """The generator's learning rate at the start; it falls linearly to 0."""
    d_lr: float = knob(3e-3, low=1e-5, high=1e-1, scale="log")
    """The discriminator's learning rate at the start; it falls linearly to 0."""
    loss: str = knob("non-saturating", choices=("non-saturating", "saturating"))
    """What the generator descends: -log D(G(z)), or the minimax game's own log(1 - D(G(z)))."""
    mix: float = knob(0.5, low=0.0, high=1.0)
    """Where between the noise vectors A and B the middle image is drawn."""


PRESETS = (
    preset("digits", "Images of digits grow out of noise."),
    preset("ring", "Points instead of images, so that D's whole field can be seen.", data="ring", g_lr=2e-3, d_lr=2e-3),
    preset("grid", "Twenty-five Gaussians instead of eight: wider networks, larger batches, more steps.", large=True,
           data="grid", g_lr=2e-3, d_lr=2e-3),
    preset("weak-d", "D learns at a tenth of G's rate, and G follows a poor guide.", breaks=True,
           data="ring", g_lr=2e-3, d_lr=2e-4),
    preset("strong-d", "D learns at thirty times G's rate and wins, and the loss saturates.", breaks=True,
           g_lr=1e-4, loss="saturating"),
    preset("rescued", "The same two rates with a loss that keeps its slope: images again, but few kinds.", breaks=True,
           g_lr=1e-4),
)  # fmt: skip
OUTCOMES = {"d_on_fake_at_the_end": ("near 0", "near 0.5", "near 1")}
CLAIMS = (
    Claim("judge", "The judge, a classifier of real digits, knows those it has not seen", "judge_accuracy", ">=", 0.95,
          "held-out real digits; guessing has 0.1", ("digits",)),
    Claim("classes", "The judge finds nearly every digit among the samples", "classes", ">=", 9,
          "of 10; a class counts when 1% of the samples belong to it with confidence 0.8", ("digits",)),
    Claim("confidence", "The judge is sure of what it sees", "confidence", ">=", 0.8,
          "an untrained generator's images leave it below 0.5", ("digits", "rescued")),
    Claim("no-copies", "Samples are no copies: they lie no closer to real images than those to each other",
          "nearest_ratio", ">=", 1.0, "a copy has 0, another real image has 1", ("digits",)),
    Claim("undecided", "D ends near one half on generated samples", "d_on_fake", ">", 0.25,
          "the best answer when both distributions are equal is 1/2 (Goodfellow et al. 2014); 1/4 is half way to 0",
          ("digits", "ring", "grid")),
    Claim("modes", "Every mode is covered", "modes", "==", 8,
          "the data have 8; a mode counts when 1% of the samples lie within 3 sigma of it", ("ring",)),
    Claim("share", "Most samples lie within 3 sigma of a mode", "share", ">=", 0.9,
          "1 - e^(-9/2) = 0.989 of the real points do", ("ring",)),
    Claim("grid-modes", "Most of the 25 modes are covered, though not always all", "modes", ">=", 17,
          "two thirds; D judges samples one at a time, so a mode that none comes from goes unnoticed", ("grid",)),
    Claim("grid-share", "Most samples lie within 3 sigma of one of them", "share", ">=", 0.75,
          "half way from one half, which the ring's networks and batches do not reach on this grid, to all", ("grid",)),
    Claim("lost", "With a weak D most modes are missed", "modes", "<", 4, "half of the 8 modes", ("weak-d",)),
    Claim("fooled", "Yet D calls the bad samples real about as often as not", "d_on_fake", ">", 0.25,
          "1/4 is half way from one half to 0", ("weak-d",)),
    Claim("flat", "The slope that reaches G vanishes", "slope", "<", 1e-3,
          "the slope of log(1 - D) by D's logit is -D; at the equilibrium it is 1/2", ("strong-d",)),
    Claim("noise", "The images stay noise", "confidence", "<", 0.5,
          "0.8 is what the main preset has to reach", ("strong-d",)),
    Claim("steep", "The non-saturating loss keeps its slope", "slope", ">", 0.5,
          "the slope of -log D by D's logit is D - 1: the surer D is, the nearer to -1", ("rescued",)),
    Claim("few", "But a winning D leaves room for few digits only", "classes", "<", 9,
          "9 is what the main preset has to reach", ("rescued",)),
)  # fmt: skip


def run(p: Params, lab: Lab) -> Generator[Frame, Params, None]:
    game = GAMES[p.data](lab)
    show = digit_views if game.centres is None else point_views
    traces = {"d_on_real": Trace("real"), "d_on_fake": Trace("generated"), "slope": Trace("slope")}
    if lab.due:
        p = yield lab.frame(*show(game, p.mix), Note("Nothing is learnt yet: the generator turns noise into noise."))
    advance = {
        loss: lab.captured(functools.partial(train_step, game, saturating=loss == "saturating"))
        for loss in ("non-saturating", "saturating")
    }
    judge, accuracy = train_judge(game.real, lab) if game.centres is None else (None, math.nan)

    for step in lab.steps(game.steps):
        rest = 1 - (step - 1) / game.steps
        game.generator.rate.fill_(p.g_lr * rest)
        game.discriminator.rate.fill_(p.d_lr * rest)
        at_B = torch.randint(len(game.real), (game.batch,), generator=lab.generator, device=lab.device)
        noise_BZ = torch.randn(game.batch, game.noise.shape[1], generator=lab.generator, device=lab.device)
        advance[p.loss](game.real[at_B], noise_BZ)
        if step % 50 == 0 and not game.discriminator(game.generator(game.noise[:8])).isfinite().all():
            break
        if lab.due:
            metrics = measure(game, p, judge, 256)
            story = (*charts(traces, step, metrics), note(game, p, metrics))
            p = yield lab.frame(*show(game, p.mix), *story, metrics=metrics)

    metrics = measure(game, p, judge, len(game.noise))
    if judge is not None:
        metrics |= {"judge_accuracy": accuracy, "nearest_ratio": nearest_ratio(game)}
    story = (*charts(traces, lab.step, metrics), note(game, p, metrics, ended=True))
    d_on_fake = metrics["d_on_fake"]
    outcome = "near 0" if d_on_fake < 0.25 else "near 0.5" if d_on_fake < 0.75 else "near 1"
    outcomes = {"d_on_fake_at_the_end": outcome} if math.isfinite(d_on_fake) else {}
    while True:
        p = yield lab.frame(*show(game, p.mix), *story, metrics=metrics, outcomes=outcomes, done=True)


def train_step(game: Game, real_BX: Tensor, noise_BZ: Tensor, saturating: bool) -> None:
    """First D learns to tell, then G follows D's slope. softplus(-l) is -log D and softplus(l) is -log(1 - D)."""
    fake_BX = game.generator(noise_BZ)
    on_real_B1, on_fake_B1 = game.discriminator(real_BX), game.discriminator(fake_BX.detach())
    game.discriminator.descend(F.softplus(-on_real_B1).mean() + F.softplus(on_fake_B1).mean())
    on_fake_B1 = game.discriminator(fake_BX)
    game.generator.descend(-F.softplus(on_fake_B1).mean() if saturating else F.softplus(-on_fake_B1).mean())


def train_judge(real_NX: Tensor, lab: Lab) -> tuple[nn.Module, float]:
    """A classifier of real digits that the GAN never sees, and its accuracy on 297 held-out ones."""
    _, labels = digits()
    label_N = torch.tensor(labels, dtype=torch.long, device=lab.device)
    chance = lab.stream(1)
    order_N = torch.randperm(len(label_N), generator=chance, device=lab.device)
    train_N, test_N = order_N[:1500], order_N[1500:]
    judge = mlp(64, 128, 10).to(lab.device)
    adam = torch.optim.Adam(judge.parameters(), 5e-3, fused=True)
    for _ in range(400):
        at_B = train_N[torch.randint(len(train_N), (128,), generator=chance, device=lab.device)]
        blur_BX = 0.3 * torch.randn(128, 64, generator=chance, device=lab.device)
        adam.zero_grad()
        torch.autograd.backward(F.cross_entropy(judge(real_NX[at_B] + blur_BX), label_N[at_B]))
        adam.step()
    right_N = judge(real_NX[test_N]).argmax(-1) == label_N[test_N]
    return judge, right_N.float().mean().item()


@torch.no_grad()
def measure(game: Game, p: Params, judge: nn.Module | None, count: int) -> dict[str, float]:
    """How real `count` samples look: to D, and to the judge of digits or by their distance to the modes."""
    fake_NX = game.generator(game.noise[:count])
    d_on_fake = game.discriminator(fake_NX).sigmoid().mean().item()
    d_on_real = game.discriminator(game.real[:count]).sigmoid().mean().item()
    slope = d_on_fake if p.loss == "saturating" else 1 - d_on_fake
    metrics = {"d_on_fake": d_on_fake, "d_on_real": d_on_real, "slope": slope}
    if game.centres is not None:
        near_N, mode_N = torch.cdist(fake_NX, game.centres).min(-1)
        hit_N = near_N < 3 * SIGMA
        return metrics | {"modes": frequent(mode_N[hit_N], count), "share": hit_N.float().mean().item()}
    assert judge is not None
    sure_N, class_N = judge(fake_NX).softmax(-1).max(-1)
    return metrics | {"classes": frequent(class_N[sure_N >= 0.8], count), "confidence": sure_N.mean().item()}


@torch.no_grad()
def nearest_ratio(game: Game) -> float:
    """How far samples lie from the nearest real one, in units of how far real ones lie from each other."""
    apart_N = torch.cdist(game.real, game.real).fill_diagonal_(math.inf).amin(-1)
    return float(torch.cdist(game.generator(game.noise), game.real).amin(-1).mean() / apart_N.mean())


def frequent(kind_N: Tensor, count: int) -> int:
    """How many kinds make up at least 1% of `count` samples."""
    return int((torch.bincount(kind_N, minlength=10) >= count / 100).sum())


def charts(traces: dict[str, Trace], step: int, metrics: dict[str, float]) -> tuple[View, ...]:
    for name, trace in traces.items():
        trace.add(step, max(metrics[name], 1e-12))
    equal = (Ref("½, equilibrium", 0.5),)
    means = (traces["d_on_real"].line(), traces["d_on_fake"].line())
    return (
        Curves("D's mean output", means, equal, x="step", y_range=(0.0, 1.0)),
        Curves("slope that the loss leaves to G", (traces["slope"].line(),), equal, x="step", log_y=True),
    )


def note(game: Game, p: Params, metrics: dict[str, float], ended: bool = False) -> Note:
    """What a run has come to, in a sentence or two."""
    d = metrics["d_on_fake"]
    if not math.isfinite(d):
        return Note("The weights are no longer finite numbers: a rate was too high. Lower it and start again.", "bad")
    if d < 1e-3 and p.loss == "saturating":
        return Note("D rejects every sample with certainty. log(1 - D) is flat there: no slope reaches G.", "bad")
    if game.centres is None:
        return Note(say("A judge of real digits finds {classes} of 10 digits among the samples; it is {sure}% sure.",
                        classes=metrics["classes"], sure=f"{100 * metrics['confidence']:.0f}"))  # fmt: skip
    found = {"modes": metrics["modes"], "count": len(game.centres)}
    if ended and found["modes"] < found["count"] / 2 and d > 0.25:
        return Note(say("{modes} of {count} modes, and yet D says {d}: it has learnt too little to object.",
                        **found, d=f"{d:.2f}"), "bad")  # fmt: skip
    return Note(say("{modes} of {count} modes; {share}% of the samples within 3 sigma of one (of real ones, {best}%).",
                    **found, share=f"{100 * metrics['share']:.0f}", best=f"{100 * CEILING:.1f}"))  # fmt: skip


def between(a_Z: Tensor, b_Z: Tensor, mix: float) -> Tensor:
    """Noise on the way from a to b, scaled so that it is as typical a draw as they are."""
    return ((1 - mix) * a_Z + mix * b_Z) / math.hypot(1 - mix, mix)


@torch.no_grad()
def digit_views(game: Game, mix: float) -> tuple[View, ...]:
    a_Z, b_Z = game.noise[6:8]
    noise_TZ = torch.stack([*game.noise[:6], a_Z, between(a_Z, b_Z, mix), b_Z])
    image_TX = torch.cat([game.generator(noise_TZ), game.real[:3]])
    score_T = game.discriminator(image_TX).sigmoid().flatten().tolist()
    pixels_THW = ((image_TX.nan_to_num() + 1) * 127.5).int().view(-1, 8, 8)
    d_T = [f"{score:.2f}" for score in score_T]
    captions = [say("D {d}", d=d) for d in d_T[:6]] + [say("A {d}", d=d_T[6]), say("mix {d}", d=d_T[7])]
    captions += [say("B {d}", d=d_T[8])] + [say("real {d}", d=d) for d in d_T[9:]]
    tiles = tuple(Tile(pixels, caption) for pixels, caption in zip(pixels_THW, captions, strict=True))
    return (Picture("generated, from A to B, real; D's score under each", tiles),)


@torch.no_grad()
def point_views(game: Game, _mix: float) -> tuple[View, ...]:
    assert game.centres is not None
    reach, shown = game.centres.max().item() + 1, 25 * len(game.centres)
    axis_W = torch.linspace(-reach, reach, 24, device=game.real.device)
    plane_HWX = torch.stack(torch.meshgrid(-axis_W, axis_W, indexing="ij")[::-1], -1)
    field_HW = game.discriminator(plane_HWX).sigmoid().squeeze(-1)
    clouds = (Cloud("real", *game.real[:shown].T), Cloud("generated", *game.generator(game.noise[:shown]).T))
    return (Points("real and generated", clouds, (-reach, reach), (-reach, reach), field_HW, "D's output"),)
