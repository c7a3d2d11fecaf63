"""A small character model, how it writes, and how what it wrote is measured; for softmax_temperature.

B: texts side by side
T: characters of a text
V: characters in the alphabet
"""

from __future__ import annotations

import math
import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from demos.data import text
from demos.frame import Bars, Tokens

HELD_OUT, SEGMENTS = 0.1, 16
BATCH, LENGTH = 16, 64
PIECES, PIECE = 16, 300
"""How many texts are written to measure a temperature, and how long each is."""
SHOWN, LIKELIEST = 210, 10
"""Characters of the page to be seen, and of the next one's bars."""

Memory = tuple[Tensor, Tensor]
"""What an LSTM carries on: its hidden state and its cell, (1, B, H) each."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """The text that ships with Viva as numbers, its last tenth held out."""

    alphabet: str
    train: Tensor
    """(T,)."""
    held_out: Tensor
    """In pieces of equal length; (B, T)."""

    @classmethod
    def load(cls, device: torch.device) -> Corpus:
        written = text()
        alphabet = "".join(sorted(set(written)))
        char_T = torch.tensor([alphabet.index(char) for char in written], device=device)
        cut = round(len(written) * (1 - HELD_OUT))
        length = (len(written) - cut) // SEGMENTS
        return cls(alphabet, char_T[:cut], char_T[cut : cut + SEGMENTS * length].view(SEGMENTS, length))

    def batch(self, chance: torch.Generator) -> Tensor:
        """Pieces from anywhere in the training text; (B, T + 1)."""
        starts_B1 = torch.randint(len(self.train) - LENGTH, (BATCH, 1), generator=chance, device=chance.device)
        return self.train[starts_B1 + torch.arange(LENGTH + 1, device=chance.device)]

    def letter_bits(self) -> float:
        """Bits per held-out character for a model of how often each one comes, counted (plus one) in training."""
        count_V = torch.bincount(self.train, minlength=len(self.alphabet)) + 1.0
        return -(count_V / count_V.sum()).log2()[self.held_out].mean().item()

    def pair_bits(self) -> float:
        """The same for a model of which character follows which."""
        size = len(self.alphabet)
        pair_T = self.train[:-1] * size + self.train[1:]
        count_VV = torch.bincount(pair_T, minlength=size**2).view(size, size) + 1.0
        log_VV = (count_VV / count_VV.sum(-1, keepdim=True)).log2()
        return -log_VV[self.held_out[:, :-1], self.held_out[:, 1:]].mean().item()


class CharModel(nn.Module):
    def __init__(self, size: int, width: int = 128) -> None:
        super().__init__()
        self.embed = nn.Embedding(size, 32)
        self.lstm = nn.LSTM(32, width, batch_first=True)
        self.head = nn.Linear(width, size)

    def forward(self, char_BT: Tensor, memory: Memory | None = None) -> tuple[Tensor, Memory]:
        """Logits of the next character (B, T, V), and the memory to go on with."""
        hidden_BTH, memory = self.lstm(self.embed(char_BT), memory)
        return self.head(hidden_BTH), memory

    def loss(self, char_BT: Tensor) -> Tensor:
        """Cross-entropy of every character but the first, in nats."""
        logits_BTV, _ = self(char_BT[:, :-1])
        return nn.functional.cross_entropy(logits_BTV.flatten(0, 1), char_BT[:, 1:].flatten())


Choose = Callable[[Tensor], Tensor]
"""Probabilities to draw from, made of logits; (B, V) both."""


class Pen:
    """Texts being written side by side: the last character of each, and the model's memory of those before."""

    def __init__(self, model: CharModel, corpus: Corpus, texts: int, chance: torch.Generator) -> None:
        self.model = model
        self.chance = chance
        self.memory: Memory | None = None
        self.last_B1 = torch.full((texts, 1), corpus.alphabet.index("\n"), device=chance.device)

    @torch.no_grad()
    def write(self, count: int, choose: Choose) -> tuple[Tensor, Tensor]:
        """The next `count` characters, and the probability with which each was drawn; (B, count) both."""
        written, weights = [], []
        for _ in range(count):
            logits_B1V, self.memory = self.model(self.last_B1, self.memory)
            probs_BV = choose(logits_B1V[:, 0])
            self.last_B1 = torch.multinomial(probs_BV, 1, generator=self.chance)
            written.append(self.last_B1)
            weights.append(probs_BV.gather(1, self.last_B1))
        return torch.cat(written, 1), torch.cat(weights, 1)

    @torch.no_grad()
    def logits(self) -> Tensor:
        """Of the character that comes next, in the first text; (V,)."""
        logits_B1V: Tensor = self.model(self.last_B1, self.memory)[0]
        return logits_B1V[0, 0]


class Page:
    """One text being written, the last of it to be seen."""

    def __init__(self, model: CharModel, corpus: Corpus, chance: torch.Generator) -> None:
        self.pen = Pen(model, corpus, 1, chance)
        self.alphabet = corpus.alphabet.replace("\n", "¶")
        self.written: deque[tuple[str, float]] = deque(maxlen=SHOWN)

    def write(self, count: int, choose: Choose) -> tuple[Tokens, Bars]:
        """Write on; then what can be read, and what comes next: as it is drawn, and as the model has it."""
        char_1T, weight_1T = self.pen.write(count, choose)
        letters = (self.alphabet[char] for char in char_1T[0].tolist())
        self.written.extend(zip(letters, weight_1T[0].tolist(), strict=True))
        tokens, weights = zip(*self.written, strict=True)
        logits_V = self.pen.logits()
        unit_V, drawn_V = logits_V.softmax(-1), choose(logits_V[None])[0]
        top_V = unit_V.argsort(descending=True)[:LIKELIEST]
        names = tuple(self.alphabet[char].replace(" ", "␣") for char in top_V.tolist())
        return (
            Tokens("what it writes", tokens, weights),
            Bars("next character", names, drawn_V[top_V], unit_V[top_V], "T = 1", high=1.0),
        )


def measure(model: CharModel, corpus: Corpus, choose: Choose, chance: torch.Generator) -> tuple[float, float]:
    """The share of known words in texts that the model writes, and of distinct runs, as a multiple of the log's own."""
    char_BT, _ = Pen(model, corpus, PIECES, chance).write(PIECE, choose)
    written = ["".join(corpus.alphabet[char] for char in char_T) for char_T in char_BT.tolist()]
    shipped = [text()[start : start + PIECE] for start in range(0, PIECES * PIECE, PIECE)]
    return known_share(written), distinct_share(written) / distinct_share(shipped)


def manner(known: float, distinct: float) -> str:
    """What is wrong with a text, if anything is."""
    return "misspells" if known < 0.5 else "repeats" if distinct < 0.5 else "neither"


def words(written: str) -> list[str]:
    return re.findall("[a-z]+", written.lower())


def known_share(pieces: list[str]) -> float:
    """The share of words that stand in the shipped text too; a piece's last word may be cut, and does not count."""
    dictionary = set(words(text()))
    found = [word in dictionary for piece in pieces for word in words(piece)[:-1]]
    return sum(found) / max(1, len(found))


def distinct_share(pieces: list[str]) -> float:
    """Of all runs of three words within a piece, the share that differ."""
    runs = [run for piece in pieces for run in zip(words(piece), words(piece)[1:], words(piece)[2:], strict=False)]
    return len(set(runs)) / max(1, len(runs))


def bits(nats: Tensor) -> float:
    return nats.item() / math.log(2)
