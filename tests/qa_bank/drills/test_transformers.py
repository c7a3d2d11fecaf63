"""Transformer drills against torch."""

import re
from typing import Any

import torch
from drilling import agree
from torch.utils.flop_counter import FlopCounterMode

KINDS = {"fp16": torch.float16, "fp32": torch.float32}


def attention_memory_by_torch(v: dict[str, Any]) -> float:
    q_BHND = torch.empty(v["B"], v["h"], v["n"], 64, dtype=KINDS[v["kind"]], device="meta")
    return (q_BHND @ q_BHND.transpose(-1, -2)).nbytes / 2**20


def kv_cache_memory_by_torch(v: dict[str, Any]) -> float:
    cache = torch.empty(2, v["L"], v["h"], v["n"], v["d"], dtype=torch.float16, device="meta")
    return cache.nbytes / 2**20


def attention_macs_by_torch(v: dict[str, Any]) -> float:
    q_HND = torch.empty(v["h"], v["n"], v["d"], device="meta")
    with FlopCounterMode(display=False) as counter:
        torch.softmax(q_HND @ q_HND.transpose(-1, -2), -1) @ q_HND
    return counter.get_total_flops() / 2


def top_p_survivors_by_torch(v: dict[str, Any]) -> list[str]:
    probs = torch.tensor([float(prob) for prob in re.findall(r"\d\.\d+", v["probabilities"])], dtype=torch.float64)
    ordered, order = probs.sort(descending=True)
    kept = order[ordered.cumsum(0) - ordered < v["p"]]
    return ["ABCDEF"[i] for i in kept.tolist()]


def test_transformer_drills_agree_with_torch() -> None:
    agree(attention_memory_by_torch, kv_cache_memory_by_torch, attention_macs_by_torch, top_p_survivors_by_torch)
