"""An exported script runs with torch alone, and finds what the demo finds."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from demos import describe, names
from demos.check import plan
from demos.client import DemoClient
from demos.demo import DemoError
from demos.export import script, write
from demos.frame import Frame
from demos.wire import Start

ALONE = (
    "import runpy, sys\n"
    "for name in ('numpy', 'msgspec', 'textual', 'rich', 'typer', 'demos', 'tui', 'qa_bank'): sys.modules[name] = None\n"
    "sys.argv = sys.argv[1:]\n"
    "runpy.run_path(sys.argv[0], run_name='__main__')\n"
)
"""Runs a script where nothing but torch can be imported."""


def exported(folder: Path, name: str, preset: str) -> tuple[int, set[tuple[str, str]], str]:
    """Exit code, what was measured, and all that was printed."""
    demo = describe(name)
    path = folder / f"{name}.py"
    write(path, script(demo, preset, demo.values(preset), 0, "viva"))
    run = [sys.executable, "-c", ALONE, str(path), "--device", "cpu"]
    done = subprocess.run(run, capture_output=True, text=True, timeout=240, check=False, cwd=folder)
    assert "Traceback" not in done.stderr, done.stderr
    lines = [line.split(None, 1) for line in done.stdout.splitlines() if not line.startswith("step ")]
    return done.returncode, {(line[0], line[1].strip()) for line in lines if len(line) == 2}, done.stdout


async def final(name: str, preset: str) -> Frame:
    client = await DemoClient.open()
    try:
        client.start(Start(name, preset, device="cpu", fps=0, linger=False))
        async with asyncio.timeout(240):
            async for report in client.reports():
                if report.frame is not None and report.frame.done:
                    return report.frame
    finally:
        await client.close()
    raise AssertionError("no end")


async def holds_alone(folder: Path, name: str, preset: str) -> None:
    code, measured, printed = exported(folder, name, preset)
    frame = await final(name, preset)
    assert code == 0 and "FAILS" not in printed
    assert printed.count("holds: ") == len(frame.verdicts)
    for metric, value in frame.metrics.items():
        assert (metric, "nan" if value is None else f"{value:.6g}") in measured
    assert set(frame.outcomes.items()) <= measured


@pytest.mark.parametrize("name", ["softmax_temperature", "training_loop"])
async def test_an_exported_script_measures_the_same_with_torch_alone(tmp_path: Path, name: str) -> None:
    await holds_alone(tmp_path, name, describe(name).presets[0].name)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "preset"), [(name, preset) for name, preset, _seed in plan(names(), seeds=1)])
async def test_every_preset_runs_with_torch_alone(tmp_path: Path, name: str, preset: str) -> None:
    await holds_alone(tmp_path, name, preset)


@pytest.mark.parametrize("name", names())
def test_every_demo_fits_in_one_file(name: str) -> None:
    demo = describe(name)
    text = script(demo, demo.presets[0].name, demo.values(), 3, "viva demo run it")
    compile(text, name, "exec")
    assert "viva demo run it" in text and "from demos" not in text
    assert all(f"\nclass {part}" in text or f"\ndef {part}" in text for part in ("Params", "run"))


def test_an_existing_file_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "gan.py"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(DemoError, match="exists already"):
        write(path, "theirs")
    assert path.read_text(encoding="utf-8") == "mine"
    with pytest.raises(DemoError, match="cannot be written"):
        write(tmp_path / "nowhere" / "gan.py", "theirs")
