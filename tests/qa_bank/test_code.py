"""The code in cards runs, and prints what the card says it prints."""

import contextlib
import io
import re
import sys
import warnings

import pytest
import torch

from qa_bank.bank import Bank
from qa_bank.card import Card

CODE = [card for card in Bank.load() if card.text.code]


@pytest.mark.parametrize("card", CODE, ids=lambda card: card.id)
def test_the_code_prints_what_the_card_says(card: Card) -> None:
    blocks = re.findall(r"```(\w+)\n(.*?)```", card.text.code, re.DOTALL)
    assert [kind for kind, _body in blocks] == ["python", "text"] * (len(blocks) // 2)
    for (_python, source), (_text, expected) in zip(blocks[::2], blocks[1::2], strict=True):
        assert printed(source, card.id) == expected.rstrip()


def printed(source: str, name: str) -> str:
    """What a program prints, run as if it were alone: nobody's seed, and no warning."""
    out = io.StringIO()
    torch.seed()
    with contextlib.redirect_stdout(out), warnings.catch_warnings():
        warnings.resetwarnings()
        warnings.simplefilter("ignore", DeprecationWarning)  # Python itself does not show a library's
        warnings.simplefilter("error", UserWarning)
        exec(compile(source, name, "exec"), {"__name__": "__main__"})
    assert torch.get_default_dtype() == torch.float32, "the next program would compute otherwise"
    assert sys.stdout is not out
    return "\n".join(line.rstrip() for line in out.getvalue().rstrip().splitlines())
