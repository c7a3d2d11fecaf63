"""`viva optimize`: what it says, what it keeps, and that it changes nothing otherwise."""

import json
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import fsrs
import pytest
from msgspec.structs import replace

from qa_bank.memory import Grade, Scheduler, Settings
from qa_bank.optimize import Fit, Score, TooFewReviewsError
from qa_bank.reviews import ReviewLog
from tui import config as configuration
from tui import launch, optimize_command, paths
from tui.cli import main
from tui.config import Config

MORNING = datetime(2026, 1, 1, 9, tzinfo=UTC)
OWN = (*Scheduler().weights[:2], 5.0, *Scheduler().weights[3:])
"""A card whose first answer was good is remembered for five days."""
FOUND = Fit(Score(0.4, 0.071), Score(0.35, 0.029), True, OWN, reviews=1000, days=120, trained=800, held_out=200)
WORSE = replace(FOUND, after=Score(0.41, 0.08), better=False)


def viva(*arguments: str) -> int:
    """Exit code of `viva optimize`, in this process."""
    with pytest.raises(SystemExit) as ended:
        main(("optimize", *arguments))
    return int(ended.value.code or 0)


@pytest.fixture
def finds(monkeypatch: pytest.MonkeyPatch) -> Callable[[Fit], None]:
    """Have the fit find that, at once."""

    def find(found: Fit) -> None:
        def fit(histories: Any, _settings: Settings, progress: Callable[[float], None]) -> Fit:
            assert list(histories) == ["rnn-memory"]
            progress(1.0)
            return found

        monkeypatch.setattr(optimize_command, "fit", fit)

    log = launch.open_log(Config())
    log.grade("rnn-memory", Grade.GOOD, MORNING)
    log.close()
    return find


@pytest.fixture
def config_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VIVA_CONFIG_DIR", str(tmp_path))
    paths.config_path().write_text("# mine\nretention = 0.85\n", encoding="utf-8")
    return paths.config_path()


def test_better_weights_are_kept_and_the_schedule_follows(
    finds: Callable[[Fit], None], config_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    finds(FOUND)
    assert viva() == 0
    said = capsys.readouterr()
    for part in ("1000", "120", "800", "200", "0.4000", "0.3500", "7.1%", "2.9%", "They are kept", str(config_path)):
        assert part in said.out
    assert said.err == ""
    assert config_path.read_text(encoding="utf-8").startswith("# mine\nretention = 0.85\n")
    chosen = configuration.load(config_path)
    assert (chosen.weights, chosen.retention) == (OWN, 0.85)
    with sqlite3.connect(paths.log_path()) as log:
        assert log.execute("SELECT stability FROM memory").fetchall() == [(5.0,)]


def test_weights_that_are_no_better_change_nothing(
    finds: Callable[[Fit], None], config_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    finds(WORSE)
    before = config_path.read_bytes()
    assert viva() == 0
    assert "Nothing was changed" in capsys.readouterr().out
    assert config_path.read_bytes() == before


@pytest.mark.usefixtures("config_path")
def test_as_json_it_is_one_object(finds: Callable[[Fit], None], capsys: pytest.CaptureFixture[str]) -> None:
    finds(WORSE)
    assert viva("--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert said["before"]["log_loss"] == 0.4 and said["after"]["log_loss"] == 0.41
    assert said["better"] is False
    assert tuple(said["weights"]) == OWN
    assert (said["reviews"], said["days"], said["trained"], said["held_out"]) == (1000, 120, 800, 200)


@pytest.mark.usefixtures("config_path")
def test_too_few_reviews_are_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert viva() == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert "0 of 640" in said.err


@pytest.mark.usefixtures("config_path")
def test_a_missing_optimizer_is_one_line_that_names_the_extra(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(_reviews: object) -> None:
        raise ImportError("pandas")

    log = launch.open_log(Config())
    monkeypatch.setattr(fsrs, "Optimizer", missing, raising=False)
    histories = {f"card-{i}": [(Grade.GOOD, MORNING), (Grade.GOOD, MORNING.replace(day=3))] for i in range(700)}
    monkeypatch.setattr(ReviewLog, "histories", lambda _log: histories)
    log.close()
    assert viva() == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "pip install 'viva[optimizer]'" in said


def test_a_config_that_cannot_be_written_is_one_line(
    finds: Callable[[Fit], None], config_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    finds(FOUND)
    config_path.with_suffix(".part").mkdir()
    assert viva() == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert str(config_path.with_suffix(".part")) in said


def test_too_few_says_how_many_it_takes() -> None:
    assert TooFewReviewsError(12).values == {"reviews": 12, "needed": 640}
