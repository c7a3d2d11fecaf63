"""What all tests share: no test touches the learner's own data, or speaks another language than it says."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tui import i18n
from tui.locale.build import compile_all


@pytest.fixture(scope="session", autouse=True)
def compiled_catalogues() -> None:
    """The .mo files are those of the .po files as they are now."""
    compile_all()


@pytest.fixture(autouse=True)
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data folder of the test's own; English; no colour settings from outside."""
    folder = tmp_path / "data"
    monkeypatch.setenv("VIVA_DATA_DIR", str(folder))
    for name in ("VIVA_CONFIG_DIR", "VIVA_LANG", "NO_COLOR", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    i18n.use("en")
    yield folder
    i18n.use("en")
