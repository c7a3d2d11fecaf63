"""The GAN demo's own functions."""

import math
from collections.abc import Callable

import pytest
import torch

from demos.gallery._gan_games import (
    CEILING,
    GAMES,
    RADIUS,
    SIGMA,
    SPACING,
    Game,
    digit_game,
    grid_game,
    point_game,
    ring_game,
)
from demos.gallery.gan import Params, between, frequent, train_step
from demos.gallery.gan import run as run_gan
from demos.lab import Lab


def _lab(**kwargs: object) -> Lab:
    return Lab(torch.device("cpu"), 0, **kwargs)  # type: ignore[arg-type]


def test_the_way_between_two_noise_vectors_starts_and_ends_at_them_and_stays_typical() -> None:
    a_Z, b_Z = torch.randn(2, 4096, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(between(a_Z, b_Z, 0.0), a_Z)
    torch.testing.assert_close(between(a_Z, b_Z, 1.0), b_Z)
    assert between(a_Z, b_Z, 0.5).std() == pytest.approx(1.0, abs=0.05)


@pytest.mark.parametrize("game_of", [ring_game, grid_game])
def test_real_points_keep_the_share_within_three_sigma_of_the_closed_form(game_of: Callable[[Lab], Game]) -> None:
    game = game_of(_lab())
    assert game.centres is not None
    near_N, mode_N = torch.cdist(game.real, game.centres).min(-1)
    assert (near_N < 3 * SIGMA).float().mean() == pytest.approx(CEILING, abs=4 * math.sqrt(CEILING / 89 / 8192))
    assert frequent(mode_N, len(mode_N)) == len(game.centres)


def test_eight_modes_stand_on_a_circle_and_twenty_five_on_a_grid() -> None:
    ring_C2, grid_C2 = ring_game(_lab()).centres, grid_game(_lab()).centres
    assert ring_C2 is not None and grid_C2 is not None
    assert ring_C2.norm(dim=-1).tolist() == pytest.approx([RADIUS] * 8)
    assert len(set(map(tuple, grid_C2.tolist()))) == 25
    assert torch.cdist(grid_C2, grid_C2).fill_diagonal_(math.inf).amin(-1).tolist() == [SPACING] * 25


def test_a_kind_counts_from_one_percent_on() -> None:
    kind_N = torch.tensor([3] * 97 + [5] + [7, 7])
    assert frequent(kind_N, 100) == 3
    assert frequent(kind_N, 200) == 2
    assert frequent(kind_N[:0], 100) == 0


def test_each_player_moves_its_own_weights_only_and_none_at_a_rate_of_zero() -> None:
    game = ring_game(_lab())
    batch_BX, noise_BZ = game.real[:64], game.noise[:64]

    def moved(g_rate: float, d_rate: float) -> tuple[bool, bool]:
        game.generator.rate.fill_(g_rate)
        game.discriminator.rate.fill_(d_rate)
        before = [
            [w.detach().clone() for w in game_net.net.parameters()] for game_net in (game.generator, game.discriminator)
        ]
        train_step(game, batch_BX, noise_BZ, saturating=False)
        after = [list(game_net.net.parameters()) for game_net in (game.generator, game.discriminator)]
        g, d = ([bool((w != v).any()) for w, v in zip(*pair, strict=True)] for pair in zip(before, after, strict=True))
        return any(g), any(d)

    assert moved(0.0, 0.0) == (False, False)
    assert moved(1e-3, 0.0) == (True, False)
    assert moved(0.0, 1e-3) == (False, True)


def test_where_d_is_certain_only_the_non_saturating_loss_moves_the_generator() -> None:
    steps = {}
    for saturating in (True, False):
        game = digit_game(_lab())
        with torch.no_grad():
            list(game.discriminator.net.parameters())[-1].fill_(-60.0)
        fake_BX = game.generator(game.noise[:64])
        train_step(game, game.real[:64], game.noise[:64], saturating)
        steps[saturating] = max(
            w.grad.abs().max().item() for w in game.generator.net.parameters() if w.grad is not None
        )
        assert fake_BX.shape == (64, 64)
    assert steps[True] < 1e-12 < 1e-6 < steps[False]


def test_mix_changes_the_middle_image_alone() -> None:
    lab = _lab(due=lambda: True)
    first = next(run_gan(Params(mix=0.2), lab)).views[0].tiles
    other = next(run_gan(Params(mix=0.8), _lab(due=lambda: True))).views[0].tiles
    assert [a.pixels == b.pixels for a, b in zip(first, other, strict=True)] == [i != 7 for i in range(12)]


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_rings_networks_and_batches_bring_less_than_half_of_the_samples_to_a_mode_of_the_grid(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def small_game(lab: Lab) -> Game:
        grid, ring = grid_game(lab), ring_game(lab)
        assert grid.centres is not None
        return point_game(lab, grid.centres, width=64, steps=ring.steps, batch=ring.batch)

    monkeypatch.setitem(GAMES, "grid", small_game)
    params = Params(data="grid", g_lr=2e-3, d_lr=2e-3)
    last = next(run_gan(params, Lab(torch.device("cpu"), seed)))
    assert last.metrics["share"] is not None and last.metrics["share"] < 0.5
