"""Every budget of the design, measured here and now: `python tests/benchmarks/budgets.py [NAME…]`.

Times mean little on a machine one does not know, so each stands beside a named thing that is measured in the same run.
"""

import asyncio
import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from helpers import eventually, viva
from terminal import Terminal

from demos import names
from demos.check import check, plan
from demos.client import DemoClient
from demos.wire import Start
from qa_bank.bank import CARDS, Bank, english_files
from qa_bank.memory import Grade, Scheduler
from qa_bank.reviews import ReviewLog
from qa_bank.search import Index
from qa_bank.session import Limits
from qa_bank.stats import statistics as compute_statistics
from tui.study import Study
from tui.widgets.demo_pane import DemoPane

DEMO, PRESET, KNOB = "rnn_memory", "lag-20", "lr"
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
BARE = (
    "from textual.app import App\nfrom textual.widgets import Label\n"
    "class Bare(App):\n    def compose(self): yield Label('bare-app-ready')\nBare().run()\n"
)


def say(name: str, figure: str, budget: str, held: bool) -> None:
    print(f"{'held ' if held else 'MISSED'}  {name:34} {figure:58} budget {budget}", flush=True)


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, round(share * (len(values) - 1)))]


async def first_paint() -> None:
    """`viva` to Home painted, against a one-label Textual app in the same pty."""

    def paint(text: str, *command: str) -> float:
        with tempfile.TemporaryDirectory() as folder:
            began = time.perf_counter()
            terminal = Terminal(*command, VIVA_DATA_DIR=folder)
            terminal.wait_for(text, every=0.002)
            seconds = time.perf_counter() - began
            terminal.kill()
            return seconds

    pairs = [
        (paint("Due", sys.executable, "-m", "tui", "--lang", "en"), paint("bare-app-ready", sys.executable, "-c", BARE))
        for _ in range(9)
    ][1:]
    ratio = statistics.median(ours / bare for ours, bare in pairs)
    ours, bare = (statistics.median(side) for side in zip(*pairs, strict=True))
    say("first paint", f"{ratio:.2f} × bare ({ours:.3f} s, bare {bare:.3f} s)", "1.8 ×", ratio <= 1.8)


async def first_frame() -> None:
    """Key to the first frame, with a cold and with a warm worker, of every demo."""
    slowest: dict[str, tuple[float, str]] = {"cold": (0, ""), "warm": (0, "")}

    async def until_frame(client: DemoClient, name: str) -> float:
        began = time.perf_counter()
        client.start(Start(name))
        async for report in client.reports():
            if report.frame is not None:
                break
        return time.perf_counter() - began

    for name in names():
        began = time.perf_counter()
        client = await DemoClient.open()
        await until_frame(client, name)
        slowest["cold"] = max(slowest["cold"], (time.perf_counter() - began, name))
        await client.close()
        client = await DemoClient.open()
        async for report in client.reports():
            if report.ready is not None:
                break
        slowest["warm"] = max(slowest["warm"], (await until_frame(client, name), name))
        await client.close()
    for kind, budget in (("warm", 0.3), ("cold", 3.0)):
        seconds, name = slowest[kind]
        say(f"first frame, {kind} worker", f"{seconds:.2f} s (slowest: {name})", f"{budget} s", seconds <= budget)


async def throughput() -> None:
    """Training while shown at 30 frames a second against the same run unseen; UI lag and knob latency meanwhile."""
    client = await DemoClient.open()
    bare = await _unseen(client)
    lags: list[float] = []
    latencies: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        app = viva(Path(folder), "demo", name=DEMO, preset=PRESET)
        async with app.run_test(size=(120, 40)) as pilot:
            pane = app.screen.query_one(DemoPane)
            await eventually(pilot, lambda: pane.state == "running" and pane.frame is not None)
            stop = asyncio.Event()
            watcher = asyncio.create_task(_lag(lags, stop))
            await _wait(lambda: pane.state == "done")
            stop.set()
            await watcher
            assert pane.frame is not None
            shown = pane.frame.seconds
            await pane.action_restart()
            await _wait(lambda: pane.state == "running" and pane.frame is not None and pane.frame.step > 5)
            assert pane.demo.knob(KNOB)
            for turn in range(40):
                if pane.state != "running":
                    await pane.action_restart()
                    await _wait(lambda: pane.state == "running")
                began = time.perf_counter()
                pane.action_knob(_knob_index(pane) - pane.query_one("KnobBar")._here)  # type: ignore[attr-defined]
                pane.action_turn(1 if turn % 2 else -1)
                wanted = pane.query_one("KnobBar").query("KnobSlider")[_knob_index(pane)].asked  # type: ignore[attr-defined]
                await _wait(lambda wanted=wanted: pane.frame is not None and pane.frame.params[KNOB] == wanted)  # type: ignore[misc]
                latencies.append(time.perf_counter() - began)
                await asyncio.sleep(0.05)
    bare = min(bare, await _unseen(client))
    await client.close()
    share = bare / shown
    say(
        "training while shown",
        f"{share:.0%} of the speed unseen ({bare:.2f} s, shown {shown:.2f} s)",
        "90%",
        share >= 0.9,
    )
    lag = percentile(lags, 0.99)
    say("UI lag while training, p99", f"{1000 * lag:.0f} ms of {len(lags)} samples", "33 ms", lag <= 0.033)
    late = percentile(latencies, 0.95)
    say("knob to the frame that used it, p95", f"{1000 * late:.0f} ms", "100 ms", late <= 0.1)


def _knob_index(pane: DemoPane) -> int:
    return [knob.name for knob in pane.demo.knobs].index(KNOB)


async def _unseen(client: DemoClient) -> float:
    client.start(Start(DEMO, PRESET, fps=0, linger=False))
    seconds = 0.0
    async for report in client.reports():
        if report.frame is not None:
            seconds = report.frame.seconds
        if report.ended is not None or report.failed is not None:
            return seconds
    return seconds


async def _lag(lags: list[float], stop: asyncio.Event) -> None:
    """How much later than asked the event loop comes back."""
    while not stop.is_set():
        began = time.perf_counter()
        await asyncio.sleep(0.005)
        lags.append(time.perf_counter() - began - 0.005)


async def _wait(what: Callable[[], bool]) -> None:
    async with asyncio.timeout(120):
        while not what():
            await asyncio.sleep(0.002)


async def leaving() -> None:
    """From the key that leaves a running demo to the app's end, at random moments; and who is left behind."""
    times, left = [], 0
    for moment in range(8):
        with tempfile.TemporaryDirectory() as folder:
            terminal = Terminal(sys.executable, "-m", "tui", "demo", "run", DEMO, VIVA_DATA_DIR=folder)
            terminal.wait_for("cpu" if moment % 2 else "RNN")
            await asyncio.sleep(0.1 * moment)
            workers = terminal.children()
            began = time.perf_counter()
            terminal.press("q")
            terminal.ended(every=0.002)
            times.append(time.perf_counter() - began)
            await asyncio.sleep(0.1)
            left += sum(Path(f"/proc/{pid}").exists() for pid in workers)
    worst = max(times)
    say(
        "quit in a running demo, worst",
        f"{worst:.2f} s; {left} processes left behind",
        "0.3 s, 0",
        worst <= 0.3 and not left,
    )


async def grading() -> None:
    """Grade to next card, committed, at 10,000 cards and 100,000 reviews; against a bare commit of one row."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "reviews.db"
        bank = _large_bank(10_000)
        _large_log(path, list(bank.cards))
        openings = []
        for _ in range(5):
            log = ReviewLog.open(path)  # a new connection, which has read nothing yet
            began = time.perf_counter()
            study = Study(bank, log, Limits(10**6, 10**6), now=lambda: NOW)
            openings.append(time.perf_counter() - began)
        opened = statistics.median(openings)
        times = []
        for _ in range(400):
            began = time.perf_counter()
            study.intervals()
            study.grade(Grade.GOOD)
            times.append(time.perf_counter() - began)
        p99 = percentile(times, 0.99)
        say(
            "grade to next card, p99",
            f"{1000 * p99:.1f} ms (median {1000 * statistics.median(times):.1f} ms)",
            "50 ms",
            p99 <= 0.05,
        )
        say(
            "the day's queue",
            f"median {1000 * opened:.0f} ms, worst {1000 * max(openings):.0f} ms at 10,000 cards, 100,000 reviews",
            "(of issue 5) 20 ms",
            opened <= 0.02,
        )


async def stats() -> None:
    """All the statistics, at 10,000 cards and 100,000 reviews; against reading the same rows."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "reviews.db"
        bank = _large_bank(10_000)
        _large_log(path, list(bank.cards))
        log = ReviewLog.open(path)
        times, bare = [], []
        for _ in range(7):
            began = time.perf_counter()
            log.query("SELECT * FROM grades ORDER BY card, at, id")
            bare.append(time.perf_counter() - began)
            began = time.perf_counter()
            compute_statistics(log, bank, log.scheduler, NOW, 0.9)
            times.append(time.perf_counter() - began)
        seconds = statistics.median(times)
        figure = f"{1000 * seconds:.0f} ms ({seconds / statistics.median(bare):.1f} × reading the rows)"
        say("the statistics", figure, "200 ms", seconds <= 0.2)


def _large_bank(count: int) -> Bank:
    """A bank of one card many times."""
    card = next(iter(Bank.load()))
    return Bank(msgspec.structs.replace(card, id=f"card-{i:05}") for i in range(count))


def _large_log(path: Path, cards: list[str]) -> None:
    """Ten reviews of each card, put in at one go; memories as one card's history leaves them."""
    log = ReviewLog.open(path)
    times = [NOW - timedelta(days=300) + timedelta(days=30 * i) for i in range(10)]
    memory = Scheduler().replay("card", [(Grade.GOOD, at) for at in times])
    assert memory is not None
    us = [int(at.timestamp() * 1e6) for at in times]
    log._db.execute("BEGIN")
    log._db.executemany(
        "INSERT INTO log (uid, at, card, kind, grade, was, seconds) VALUES (?, ?, ?, 'grade', 3, 'review', 30.0)",
        ((f"{card}-{i}", at, card) for card in cards for i, at in enumerate(us)),
    )
    log._db.execute("INSERT INTO grades SELECT id, card, at, grade, was, seconds FROM log")
    due = int(NOW.timestamp() * 1e6) - 10**9
    log._db.executemany(
        "INSERT INTO memory VALUES (?, 'review', NULL, ?, ?, ?, ?, 10, 0)",
        ((card, memory.stability, memory.difficulty, due, us[-1]) for card in cards),
    )
    log._db.execute("COMMIT")
    log.close()


async def reading() -> None:
    """Reading 500 cards in one language, against reading their files' bytes."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        originals = english_files(CARDS)
        for i in range(500):
            original = originals[i % len(originals)]
            target = root / original.parent.name
            target.mkdir(exist_ok=True)
            for suffix in (".md", ".ru.md", ".kk.md"):
                shutil.copy(original.with_suffix(suffix), target / f"{original.stem}-{i}{suffix}")
        times, bare = [], []
        for _ in range(7):
            began = time.perf_counter()
            bank = Bank.load("ru", root)
            times.append(time.perf_counter() - began)
            assert len(bank) == 500
            began = time.perf_counter()
            for path in [*root.glob("*/*.ru.md"), *english_files(root)]:
                path.read_bytes()
            bare.append(time.perf_counter() - began)
        seconds = statistics.median(times)
        figure = f"{1000 * seconds:.0f} ms ({seconds / statistics.median(bare):.1f} × reading the bytes)"
        say("reading 500 cards", figure, "60 ms", seconds <= 0.06)


async def searching() -> None:
    """A question among 10,000 cards: the bank's own, many times over, so that words are as rare as they are in it."""
    cards = list(Bank.load())
    many = Bank(
        msgspec.structs.replace(card, id=f"{card.id}-{i}") for i in range(10_000 // len(cards) + 1) for card in cards
    )
    index = Index(Bank(list(many)[:10_000]), "en")
    queries = json.loads((Path(__file__).parent.parent / "qa_bank" / "queries.json").read_text(encoding="utf-8"))
    times = []
    for query in (query["query"] for query in queries if query["language"] == "en"):
        began = time.perf_counter()
        index.find(query)
        times.append(1000 * (time.perf_counter() - began))
    figure = f"median {statistics.median(times):.0f} ms, p95 {percentile(times, 0.95):.0f} ms at 10,000 cards"
    say("a search", figure, "20 ms", statistics.median(times) <= 20)


async def claims() -> None:
    """Every demo's presets, run to their end."""
    total, slowest = 0.0, (0.0, "")
    async for result in check(plan(names(), 1), "cpu"):
        total += result.seconds
        slowest = max(slowest, (result.seconds, f"{result.name} {result.preset}"))
        if not result.holds:
            say(
                f"claims of {result.name}",
                f"{result.preset} does not hold {result.failed or ''}",
                "all hold",
                held=False,
            )
    presets = len(plan(names(), 1))
    say(
        "claims, all presets",
        f"{total:.1f} s for {presets} presets; slowest {slowest[1]} {slowest[0]:.1f} s",
        "60 s, 10 s",
        total <= 60 and slowest[0] <= 10,
    )


BENCHMARKS: dict[str, Callable[[], Awaitable[None]]] = {
    function.__name__: function
    for function in (first_paint, first_frame, throughput, leaving, grading, stats, reading, searching, claims)
}


def main() -> None:
    wanted = sys.argv[1:] or list(BENCHMARKS)
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}")
    for name in wanted:
        asyncio.run(BENCHMARKS[name]())


if __name__ == "__main__":
    main()
