"""Layer drills against torch."""

import itertools
import re
from typing import Any

import torch
from drilling import agree
from torch import nn


def floats(text: str) -> list[float]:
    return [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", text.replace("−", "-"))]


def parameters(module: nn.Module) -> int:
    return sum(parameter.numel() for parameter in module.parameters())


def linear_parameters_by_torch(v: dict[str, Any]) -> float:
    return parameters(nn.Linear(v["d"], v["k"], device="meta"))


def mlp_parameters_by_torch(v: dict[str, Any]) -> float:
    sizes = [int(size) for size in v["sizes"].split(" → ")]
    return parameters(nn.Sequential(*(nn.Linear(a, b, device="meta") for a, b in itertools.pairwise(sizes))))


def neuron_output_by_torch(v: dict[str, Any]) -> float:
    x, w = torch.tensor(floats(v["x"])), torch.tensor(floats(v["w"]))
    neuron = nn.Linear(len(x), 1)
    with torch.no_grad():
        neuron.weight.copy_(w)
        neuron.bias.fill_(v["b"])
        return (torch.relu if "max" in v["rule"] else torch.sigmoid)(neuron(x)).item()


def rnn_parameters_by_torch(v: dict[str, Any]) -> float:
    return parameters(nn.RNN(v["D"], v["H"], device="meta"))


def lstm_parameters_by_torch(v: dict[str, Any]) -> float:
    return parameters(nn.LSTM(v["D"], v["H"], device="meta"))


def gru_parameters_by_torch(v: dict[str, Any]) -> float:
    return parameters(nn.GRU(v["D"], v["H"], device="meta"))


def attention_parameters_by_torch(v: dict[str, Any]) -> float:
    return parameters(nn.MultiheadAttention(v["d"], v["h"], device="meta"))


def attention_weights_by_torch(v: dict[str, Any]) -> list[float]:
    query = torch.tensor(floats(v["query"]))
    keys = torch.tensor([floats(key) for key in re.findall(r"\((.*?)\)", v["keys"])])
    identity = torch.eye(len(keys))
    return nn.functional.scaled_dot_product_attention(query[None], keys, identity)[0].tolist()


def batch_norm_by_hand_by_torch(v: dict[str, Any]) -> float:
    batch = floats(v["batch"])
    normalised = nn.BatchNorm1d(1)(torch.tensor(batch)[:, None])
    return normalised[batch.index(v["x"]), 0].item()


def running_mean_update_by_torch(v: dict[str, Any]) -> float:
    norm = nn.BatchNorm1d(1)
    assert norm.running_mean is not None
    norm.running_mean.fill_(v["m"])
    norm(torch.tensor(floats(v["batch"]))[:, None])
    return norm.running_mean.item()


def dropout_scale_by_torch(v: dict[str, Any]) -> float:
    torch.manual_seed(0)
    return nn.Dropout(v["p"])(torch.full((500,), v["x"])).max().item()


def test_layer_drills_agree_with_torch() -> None:
    agree(
        linear_parameters_by_torch,
        mlp_parameters_by_torch,
        neuron_output_by_torch,
        rnn_parameters_by_torch,
        lstm_parameters_by_torch,
        gru_parameters_by_torch,
        attention_parameters_by_torch,
        attention_weights_by_torch,
        batch_norm_by_hand_by_torch,
        running_mean_update_by_torch,
        dropout_scale_by_torch,
    )
