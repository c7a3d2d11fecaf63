"""Transformers: what attention costs in memory and arithmetic, and which tokens top-p keeps."""

from __future__ import annotations

import random

from qa_bank.drill import Drawn, Names, Number

_MIB = 2**20


def attention_memory(chance: random.Random) -> Drawn:
    """B·h·n²·bytes / 2²⁰ MiB for the attention matrices of one layer."""
    batch, heads = chance.choice([2, 4, 8, 16]), chance.choice([4, 8, 12, 16])
    n, (kind, size) = chance.choice([512, 1024, 2048, 4096]), chance.choice([("fp16", 2), ("fp32", 4)])
    one = n * n * size / _MIB
    return Drawn(
        {"B": batch, "h": heads, "n": n, "kind": kind, "size": size, "one": one, "matrices": batch * heads},
        Number(batch * heads * one),
    )


def kv_cache_memory(chance: random.Random) -> Drawn:
    """2·L·h·d·n·2 bytes / 2²⁰ MiB: a key and a value for each layer, head and position, in fp16."""
    layers, heads = chance.choice([12, 16, 24, 32, 40, 80]), chance.choice([2, 4, 8, 16, 32])
    head, n = chance.choice([64, 128]), chance.choice([1024, 2048, 4096, 8192])
    token = 2 * layers * heads * head * 2
    return Drawn(
        {"L": layers, "h": heads, "d": head, "n": n, "token": token, "kib": token / 1024}, Number(token * n / _MIB)
    )


def attention_macs(chance: random.Random) -> Drawn:
    """2·h·n²·d multiply-adds: h·n²·d for Q·Kᵀ and as many for the weighted sum."""
    n, h = chance.choice([50, 100, 200, 500, 1000, 2000]), chance.choice([2, 4, 8, 10, 12, 16])
    d = chance.choice([32, 50, 64, 100])
    return Drawn(
        {"n": n, "h": h, "d": d, "width": h * d, "one": h * n * n * d}, Number(2 * h * n * n * d, h * n * n * d / 100)
    )


def top_p_survivors(chance: random.Random) -> Drawn:
    """The fewest tokens, likeliest first, whose probabilities add up to p or more (Holtzman et al. 2020)."""
    while True:
        shares = sorted(chance.sample(range(2, 50), 5), reverse=True)
        shares.append(100 - sum(shares))
        limit = chance.choice([50, 60, 70, 75, 80, 85, 90, 95])
        sums = [sum(shares[: i + 1]) for i in range(6)]
        if 0 < shares[5] < shares[4] and all(abs(total - limit) >= 2 for total in sums) and sums[0] < limit:
            break
    letters = list("ABCDEF")
    chance.shuffle(letters)
    kept = next(i for i, total in enumerate(sums) if total >= limit) + 1
    named = dict(zip(letters, shares, strict=True))
    return Drawn(
        {
            "probabilities": "; ".join(f"{letter}: {named[letter] / 100:.2f}" for letter in "ABCDEF"),
            "p": limit / 100,
            "order": "  ".join(f"{letter} {named[letter] / 100:.2f}" for letter in letters),
            "sums": "  ".join(f"  {total / 100:.2f}" for total in sums),
            "kept": kept,
            "before": sums[kept - 2] / 100,
            "reached": sums[kept - 1] / 100,
        },
        Names(tuple(sorted(letters[:kept]))),
    )
