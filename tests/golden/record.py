"""Record runs as the wire carries them: `python tests/golden/record.py` writes <demo>.<preset>.jsonl beside this file.

Every preset of every demo; of each run its start, a few frames, and its end.
"""

import asyncio
from pathlib import Path

import msgspec

from demos import names
from demos.check import plan
from demos.client import DemoClient
from demos.wire import Report, Start

HERE = Path(__file__).parent
FRAMES = 3


async def record(name: str, preset: str) -> list[Report]:
    """The reports of one run, frames thinned to a few that are evenly spread, the first and the last among them."""
    client = await DemoClient.open()
    started, frames = [], []
    try:
        client.start(Start(name, preset, device="cpu", fps=8, linger=False))
        async for report in client.reports():
            if report.started is not None:
                started.append(report)
            if report.frame is not None:
                frames.append(report)
            if report.ended is not None:
                kept = {round(i * (len(frames) - 1) / (FRAMES - 1)) for i in range(FRAMES)}
                return [*started, *(frames[i] for i in sorted(kept)), report]
            assert report.failed is None, report.failed
    finally:
        await client.close()
    raise AssertionError("the worker is gone")


def short(value: object) -> object:
    """Numbers in four digits: enough for a screen."""
    if isinstance(value, float):
        return float(f"{value:.4g}")
    if isinstance(value, dict):
        return {key: short(item) for key, item in value.items()}
    return [short(item) for item in value] if isinstance(value, list) else value


def main() -> None:
    for name, preset, _seed in plan(names(), seeds=1):
        reports = asyncio.run(record(name, preset))
        lines = [msgspec.json.encode(short(msgspec.to_builtins(report))) for report in reports]
        (HERE / f"{name}.{preset}.jsonl").write_bytes(b"\n".join(lines) + b"\n")


if __name__ == "__main__":
    main()
