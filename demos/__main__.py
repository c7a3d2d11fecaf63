"""`python -m demos`: the experiments without Viva's face. Needs torch and msgspec alone."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence

import msgspec

from demos import describe, names
from demos.check import Planned, check, plan
from demos.client import DemoClient
from demos.demo import DemoError, KnobValue
from demos.wire import Start, encode


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m demos", description="Deep-learning experiments, each in a file.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("list", help="the demos, a line each")
    run = verbs.add_parser("run", help="run one, a JSON message per line")
    run.add_argument("name")
    run.add_argument("--preset")
    run.add_argument("--set", action="append", default=[], metavar="KNOB=VALUE")
    run.add_argument("--seed", type=int, default=0)
    run.add_argument("--device", default="auto")
    run.add_argument("--fps", type=float, default=4)
    checks = verbs.add_parser("check", help="run presets to their end and judge their claims")
    checks.add_argument("names", nargs="*")
    checks.add_argument("--seeds", type=int, default=1)
    checks.add_argument("--device", default="auto")
    checks.add_argument("--large", action="store_true", help="large presets too")
    verbs.add_parser("work", help="obey commands on stdin, one JSON message per line")
    args = parser.parse_args(argv)
    try:
        match args.verb:
            case "list":
                for name in names():
                    demo = describe(name)
                    _say(f"{name:24} {demo.title}: {demo.about}")
                return 0
            case "run":
                demo = describe(args.name)
                changes = dict(_knob(demo.name, text) for text in args.set)
                demo.values(args.preset, changes)
                start = Start(args.name, args.preset, changes, args.seed, args.device, args.fps, linger=False)
                return asyncio.run(_run(start))
            case "check":
                return asyncio.run(_check(plan(args.names or names(), args.seeds, large=args.large), args.device))
            case _:
                from demos.worker import main as work  # 0.9 s: pays for torch

                work()
                return 0
    except DemoError as error:
        sys.stderr.write(f"{error}\n")
        return 2


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _knob(demo: str, text: str) -> tuple[str, KnobValue]:
    name, _, value = text.partition("=")
    return name, describe(demo).knob(name).parse(value)


async def _run(start: Start) -> int:
    client = await DemoClient.open()
    holds = True
    try:
        client.start(start)
        async for report in client.reports():
            if report.ready is None:
                _say(encode(report).decode())
            if report.frame is not None:
                holds = all(verdict.holds for verdict in report.frame.verdicts)
            if report.failed is not None or report.ended is not None:
                return 0 if report.ended and holds else 1
    finally:
        await client.close()
    return 1


async def _check(runs: Sequence[Planned], device: str) -> int:
    bad = 0
    async for result in check(runs, device):
        bad += not result.holds
        _say(msgspec.json.encode(result).decode())
    return 1 if bad else 0


sys.exit(main())
