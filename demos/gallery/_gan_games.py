"""The games that the GAN demo plays: its two players, the real samples, and how long they train on how many at a time.

X: pixels, or the two coordinates    N: samples    Z: noise dimensions    C: modes
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor, nn

from demos.data import digits
from demos.device import adam
from demos.lab import Lab

RADIUS, SPACING, SIGMA = 2.0, 2.0, 0.2
"""Of the ring; between neighbours on the grid; of every mode, about its centre."""
CEILING = 1 - math.exp(-4.5)
"""The share of a 2-D Gaussian within 3 sigma of its centre."""


class Player:
    """A network and the Adam that moves it; the rate is a tensor, so that it can change under a running optimizer."""

    def __init__(self, net: nn.Module, device: torch.device) -> None:
        self.net = net.to(device)
        self.rate = torch.zeros((), device=device)
        self._weights = list(self.net.parameters())
        self._adam = adam(self._weights, self.rate, betas=(0.5, 0.9))

    def __call__(self, x: Tensor) -> Tensor:
        out: Tensor = self.net(x)
        return out

    def descend(self, loss: Tensor) -> None:
        """One step down the loss by this player's weights alone; the other player's get no gradient."""
        self._adam.zero_grad()
        torch.autograd.backward(loss, inputs=self._weights)
        self._adam.step()


@dataclass(frozen=True, slots=True)
class Game:
    """The two players; real samples (N, X) and noise (N, Z) that neither is trained on."""

    generator: Player
    discriminator: Player
    real: Tensor
    noise: Tensor
    steps: int
    batch: int = 64
    centres: Tensor | None = None
    """Of the modes, where samples are points; (C, 2)."""


def digit_game(lab: Lab) -> Game:
    images, _ = digits()
    real_NX = torch.tensor(images, dtype=torch.float32, device=lab.device).flatten(1) / 8 - 1
    generator = Player(nn.Sequential(mlp(16, 128, 256, 64), nn.Tanh()), lab.device)
    noise_NZ = torch.randn(2000, 16, generator=lab.stream(0), device=lab.device)
    return Game(generator, Player(mlp(64, 256, 128, 1), lab.device), real_NX, noise_NZ, 1700)


def ring_game(lab: Lab) -> Game:
    """Eight modes on a circle."""
    angle_C = torch.arange(8, device=lab.device) * (math.tau / 8)
    return point_game(lab, RADIUS * torch.stack([angle_C.cos(), angle_C.sin()], -1), width=64, steps=3500, batch=64)


def grid_game(lab: Lab) -> Game:
    """Twenty-five modes, five by five: wider networks, and batches that hold each mode some forty times."""
    axis = SPACING * torch.arange(-2.0, 3.0, device=lab.device)
    return point_game(lab, torch.cartesian_prod(axis, axis), width=128, steps=6000, batch=1024)


def point_game(lab: Lab, centre_C2: Tensor, width: int, steps: int, batch: int) -> Game:
    mode_N = torch.randint(len(centre_C2), (8192,), generator=lab.generator, device=lab.device)
    real_NX = centre_C2[mode_N] + SIGMA * torch.randn(8192, 2, generator=lab.generator, device=lab.device)
    noise_NZ = torch.randn(2000, 2, generator=lab.stream(0), device=lab.device)
    generator, discriminator = (Player(mlp(2, width, width, out), lab.device) for out in (2, 1))
    return Game(generator, discriminator, real_NX, noise_NZ, steps, batch, centre_C2)


GAMES = {"digits": digit_game, "ring": ring_game, "grid": grid_game}


def mlp(*sizes: int) -> nn.Sequential:
    """Linear layers with leaky ReLUs between them."""
    layers: list[nn.Module] = []
    for width, following in pairwise(sizes):
        layers += [nn.Linear(width, following), nn.LeakyReLU(0.2)]
    return nn.Sequential(*layers[:-1])
