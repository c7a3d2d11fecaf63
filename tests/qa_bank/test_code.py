"""The code in cards runs, and prints what the card says it prints."""

import re
import subprocess
import sys

import pytest

from qa_bank.bank import Bank

CODE = [card for card in Bank.load() if card.text.code]


@pytest.mark.parametrize("card", CODE, ids=lambda card: card.id)
def test_the_code_prints_what_the_card_says(card: object) -> None:
    code: str = card.text.code  # type: ignore[attr-defined]
    blocks = re.findall(r"```(\w+)\n(.*?)```", code, re.DOTALL)
    assert [kind for kind, _body in blocks] == ["python", "text"] * (len(blocks) // 2)
    for (_python, source), (_text, expected) in zip(blocks[::2], blocks[1::2], strict=True):
        done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, timeout=60, check=False)
        assert done.stderr == ""
        assert done.stdout.rstrip() == expected.rstrip()
