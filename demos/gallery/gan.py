"""GAN: a generator learns to draw by following the slope of a discriminator that learns to catch it.

B: batch    Z: noise dimensions    X: pixels, or the two coordinates    N: samples judged    C: classes, or modes
"""

from __future__ import annotations

import math
from collections.abc import Generator, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from demos.data import digits
from demos.demo import Claim, DemoParams, knob, preset
from demos.frame import Cloud, Curves, Frame, Note, Picture, Points, Ref, Tile, Trace, View, say
from demos.lab import Lab

LOOK = (
    "Images grow out of noise vectors that stay the same all along. The number under each is D's belief that it is "
    "real. D's mean output on real and on generated samples closes in on ½ from both sides: good images come when D "
    "can no longer tell, not when either network has won."
)
TRY = (
    "After the run turn mix from 0 to 1: one digit becomes another through shapes that nobody drew.",
    "Run weak-d: D says ½ there too, but because it has learnt little. A score of ½ alone proves nothing.",
    "Run strong-d, and switch the loss to non-saturating while D wins.",
)

BATCH = 64
RADIUS, SIGMA = 2.0, 0.2
CEILING = 1 - math.exp(-4.5)
"""The share of a 2-D Gaussian within 3 sigma of its centre."""


@dataclass(frozen=True, slots=True)
class Params(DemoParams):
    data: str = knob("digits", choices=("digits", "ring"), restart=True)
    """Images of 8 by 8 pixels, or points from 8 Gaussians on a circle."""
    g_lr: float = knob(2e-3, low=1e-5, high=1e-1, scale="log")
    """The generator's learning rate at the start; it falls linearly to 0."""
    d_lr: float = knob(2e-3, low=1e-5, high=1e-1, scale="log")
    """The discriminator's learning rate at the start; it falls linearly to 0."""
    loss: str = knob("non-saturating", choices=("non-saturating", "saturating"))
    """What the generator descends: -log D(G(z)), or the minimax game's own log(1 - D(G(z)))."""
    mix: float = knob(0.5, low=0.0, high=1.0)
    """Where between the noise vectors A and B the middle image is drawn."""
