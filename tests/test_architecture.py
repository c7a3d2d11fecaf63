"""Who may import whom, the types, and what the screen must never pay for."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )


def test_imports_keep_to_the_contracts() -> None:
    done = run("-c", "from importlinter.cli import lint_imports_command; lint_imports_command()")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_types_hold() -> None:
    done = run("-m", "mypy")
    assert done.returncode == 0, done.stdout


def test_the_code_is_formatted_and_linted() -> None:
    for command in (("check",), ("format", "--check")):
        done = run("-m", "ruff", *command, "tui", "qa_bank", "demos", "tests")
        assert done.returncode == 0, done.stdout


SCREENS = {
    "Home": "pass",
    "Study": "app.open_study(); await pilot.pause(); await pilot.press('space')",
    "the demo list": "app.open_demos(); await pilot.pause()",
}


@pytest.mark.parametrize("screen", SCREENS)
def test_the_screen_never_imports_torch(screen: str) -> None:
    code = f"""
import asyncio, sys
from pathlib import Path
from qa_bank.reviews import ReviewLog
from tui.app import VivaApp
async def main():
    app = VivaApp(ReviewLog.open(Path(sys.argv[1]) / "reviews.db"))
    async with app.run_test() as pilot:
        await pilot.pause()
        {SCREENS[screen]}
        await pilot.pause()
        assert app.screen is not None
        print("torch" in sys.modules, "numpy" in sys.modules)
asyncio.run(main())
"""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        done = run("-c", code, folder)
    assert done.stdout.split() == ["False", "False"], done.stderr


def test_describing_every_demo_imports_no_torch() -> None:
    done = run("-c", "import sys, demos; [demos.describe(n) for n in demos.names()]; print('torch' in sys.modules)")
    assert done.stdout.strip() == "False", done.stderr
