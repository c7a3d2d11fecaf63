"""Convolution drills against torch."""

from typing import Any

import torch
from drilling import agree
from torch import nn
from torch.utils.flop_counter import conv_flop_count


def conv_output_size_by_torch(v: dict[str, Any]) -> float:
    layer = nn.Conv2d(1, 1, v["k"], v["s"], v["p"], v["d"], device="meta")
    return layer(torch.zeros(1, 1, v["n"], v["n"], device="meta")).shape[-1]


def conv_by_hand_by_torch(v: dict[str, Any]) -> list[float]:
    picture, kernel = (torch.tensor(eval(v[name].replace("−", "-"))) for name in ("picture", "kernel"))
    return nn.functional.conv2d(picture[None, None].float(), kernel[None, None].float()).flatten().tolist()


def conv_stack_output_by_torch(v: dict[str, Any]) -> tuple[int, ...]:
    with torch.device("meta"):
        layers = nn.Sequential(*(eval(f"nn.{layer}") for layer in v["layers"].split(" → ")))
        return tuple(layers(torch.zeros(1, *map(int, v["picture"].split("×")))).shape[1:])


def receptive_field_by_torch(v: dict[str, Any]) -> float:
    """The pixels that a gradient from the first unit reaches; a mean has the same field as a maximum."""
    layers = [nn.Conv1d(1, 1, v["k1"], v["s1"]), nn.AvgPool1d(v["k2"], v["s2"]), nn.Conv1d(1, 1, v["k3"], v["s3"])]
    for layer in (layers[0], layers[2]):
        nn.init.ones_(layer.weight)  # type: ignore[arg-type]
    picture = torch.zeros(1, 1, 40, requires_grad=True)
    nn.Sequential(*layers)(picture)[0, 0, 0].backward()
    assert picture.grad is not None
    return int(picture.grad.count_nonzero())


def conv_parameters_by_torch(v: dict[str, Any]) -> float:
    with torch.device("meta"):
        return sum(p.numel() for p in eval(v["layer"]).parameters())


def depthwise_separable_parameters_by_torch(v: dict[str, Any]) -> float:
    n, m, k = v["n"], v["m"], v["k"]
    with torch.device("meta"):
        full = nn.Conv2d(n, m, k, bias=False)
        separable = nn.Sequential(nn.Conv2d(n, n, k, groups=n, bias=False), nn.Conv2d(n, m, 1, bias=False))
    return sum(p.numel() for p in separable.parameters()) / full.weight.numel()


def conv_macs_by_torch(v: dict[str, Any]) -> float:
    """Torch counts a multiplication and its addition as two operations."""
    with torch.device("meta"):
        layer = nn.Conv2d(v["c"], v["m"], v["k"], v["s"], v["p"])
        picture = torch.zeros(1, v["c"], v["h"], v["h"])
        return conv_flop_count(picture.shape, layer.weight.shape, layer(picture).shape) / 2


def max_pool_by_hand_by_torch(v: dict[str, Any]) -> list[float]:
    grid = torch.tensor(eval(v["grid"].replace("−", "-")))
    return nn.MaxPool2d(2)(grid[None].float()).flatten().tolist()


def transposed_conv_size_by_torch(v: dict[str, Any]) -> float:
    with torch.device("meta"):
        layer = nn.ConvTranspose2d(1, 1, v["k"], v["s"], v["p"], output_padding=v["o"])
        return layer(torch.zeros(1, 1, v["n"], v["n"])).shape[-1]


def unet_channels_by_torch(v: dict[str, Any]) -> tuple[int, int]:
    with torch.device("meta"):
        joined = torch.cat([torch.zeros(1, v["u"], 8, 8), torch.zeros(1, v["e"], 8, 8)], 1)
        layer = nn.Conv2d(joined.shape[1], v["m"], 3, padding=1)
        assert layer(joined).shape == (1, v["m"], 8, 8)
    return joined.shape[1], sum(p.numel() for p in layer.parameters())


def test_convolution_drills_agree_with_torch() -> None:
    agree(
        conv_output_size_by_torch,
        conv_by_hand_by_torch,
        conv_stack_output_by_torch,
        receptive_field_by_torch,
        conv_parameters_by_torch,
        depthwise_separable_parameters_by_torch,
        conv_macs_by_torch,
        max_pool_by_hand_by_torch,
        transposed_conv_size_by_torch,
        unet_channels_by_torch,
    )
