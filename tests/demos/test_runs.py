"""Every preset of every demo, run once to its end: its claims hold, its outcomes are declared, its texts are translated.

One run answers all three, since a run takes seconds.
"""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from babel.messages.pofile import read_po

from demos import describe, names
from demos.check import plan
from demos.client import DemoClient
from demos.frame import Frame, View
from demos.wire import Start
from qa_bank.bank import Bank
from tui import i18n

RUNS = [(name, preset) for name, preset, _seed in plan(names(), seeds=1)]
LARGE = [(name, preset) for name, preset, _seed in plan(names(), seeds=1, large=True) if (name, preset) not in RUNS]


async def watch(name: str, preset: str) -> tuple[Frame, set[str]]:
    """The frame that is done, and every text shown on the way."""
    client = await DemoClient.open()
    shown: set[str] = set()
    final = None
    try:
        client.start(Start(name, preset, device="cpu", fps=4, linger=False))
        async with asyncio.timeout(900):
            async for report in client.reports():
                assert report.failed is None, report.failed
                if report.frame is not None:
                    shown |= set(texts_of(report.frame.views))
                    final = report.frame if report.frame.done else final
                if report.ended is not None:
                    break
    finally:
        await client.close()
    assert final is not None, "the run never came to a frame that is done"
    return final, shown


@pytest.mark.parametrize(("name", "preset"), RUNS, ids=lambda value: str(value))
def test_a_run_holds_what_it_claims_and_says_it_in_three_languages(name: str, preset: str) -> None:
    frame, shown = asyncio.run(watch(name, preset))
    demo = describe(name)
    assert frame.verdicts
    assert [verdict for verdict in frame.verdicts if not verdict.holds] == []
    for outcome, value in frame.outcomes.items():
        assert value in demo.outcomes[outcome]
    for card in Bank.load():
        link, predict = card.facts.demo, card.facts.predict
        if predict is None or link is None or link.name != name:
            continue
        if demo.preset(link.preset).name == preset:
            assert frame.outcomes[predict.outcome] in predict.options, card.id
    assert shown
    assert sorted(shown - translated()) == []


@pytest.mark.slow
@pytest.mark.parametrize(("name", "preset"), LARGE, ids=lambda value: str(value))
def test_a_large_run_holds_what_it_claims(name: str, preset: str) -> None:
    test_a_run_holds_what_it_claims_and_says_it_in_three_languages(name, preset)


def translated() -> set[str]:
    """The texts that both catalogues have a translation of."""
    known = []
    for language in ("ru", "kk"):
        path = Path(i18n.__file__).parent / "locale" / language / "LC_MESSAGES" / "viva.po"
        with path.open("rb") as source:
            known.append({m.id if isinstance(m.id, str) else m.id[0] for m in read_po(source) if m.string})
    return known[0] & known[1]


def texts_of(views: tuple[View, ...]) -> Iterator[str]:
    """What people read of views: titles, names, labels and notes; not tokens, nor what stands at a grid's rows."""
    for view in views:
        yield from _texts(msgspec.to_builtins(view))


def _texts(value: dict[str, Any]) -> Iterator[str]:
    for key, inner in value.items():
        if key in ("title", "name", "text", "x", "ref_name", "field_name", "caption", "label"):
            yield from _text(inner)
        elif key == "header":
            for text in inner:
                yield from _text(text)
        elif key == "legend":
            for text, _colour in inner:
                yield from _text(text)
        elif key == "labels" or (key == "rows" and value["type"] == "Table"):
            for cell in inner if key == "labels" else (cell for row in inner for cell in row):
                yield from (text for text in _text(cell) if " " in text)  # one word is a datum, or a variable's name
        elif key in ("lines", "refs", "clouds", "tiles", "boxes"):
            for part in inner:
                if isinstance(part, dict):  # a bar's reference is a number
                    yield from _texts(part)


def _text(text: Any) -> Iterator[str]:
    """What is to be translated: words; RNN and mAP50 are the same in every language."""
    text = text["text"] if isinstance(text, dict) else text
    if isinstance(text, str) and re.search(r"[a-z]{3}", text):
        yield text
