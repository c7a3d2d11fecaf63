"""The command line: what it prints, and what it says when it is called wrongly."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from demos import names
from tui.cli import main


def viva(*arguments: str, text: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tui", *arguments],
        input=text, capture_output=True, text=True, timeout=120, env=os.environ | environment, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    "command",
    """
    - study interview interviews stats optimize doctor demo demo·list demo·run demo·check cards cards·list cards·show
    cards·check cards·search cards·coverage data data·where data·backup data·restore data·export data·import data·reset
    deck deck·add deck·list deck·remove deck·check deck·new config config·show config·set config·path config·keys config·init
    """.split(),  # noqa: SIM905
)  # fmt: skip
@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_every_command_has_help_in_every_language(
    command: str, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*command.strip("-").replace("·", " ").split(), "--help", "--lang", language])
    told = capsys.readouterr()
    assert ended.value.code == 0 and told.err == ""
    assert "Usage: viva" in told.out
    group = command in ("demo", "cards", "data", "deck", "config")
    assert "--lang" in told.out or group


def test_the_version() -> None:
    done = viva("--version")
    assert (done.returncode, done.stdout) == (0, "viva 0.1.0\n")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("demo", "run", "gna"), "No demo named 'gna'. Did you mean 'gan'?"),
        (("demo", "run", "gan", "--preset", "rng"), "No preset named 'rng'. Did you mean 'ring'?"),
        (("demo", "run", "softmax_temperature", "--set", "temprature=1"), "Did you mean 'temperature'?"),
        (("demo", "run", "softmax_temperature", "--set", "temperature=99"), "goes from 0.05 to 10; 99 is outside"),
        (("demo", "run", "softmax_temperature", "--set", "temperature=hot"), "temperature is a number, not 'hot'"),
        (("demo", "run", "softmax_temperature", "--at", "5:temperature"), "--at takes STEP:KNOB=VALUE"),
        (("demo", "run", "rnn_memory", "--at", "5:length=20"), "length starts the run again"),
        (("demo", "run", "gan", "--at", "5:mix=0.1", "--export", "x.py"), "leave --at out"),
        (("demo", "run", "gan", "--export", "/nowhere/x.py"), "/nowhere/x.py cannot be written"),
        (("demo", "run", "softmax_temperature", "--set", "temperature"), "--set takes KNOB=VALUE, not 'temperature'"),
        (("demo", "run", "softmax_temperature", "--device", "abacus"), "No device 'abacus' here. Devices: "),
        (("demo", "check", "gna"), "No demo named 'gna'"),
        (("cards", "show", "rnn-memry"), "No card 'rnn-memry'. Did you mean: rnn-memory"),
        (("cards", "list", "--topic", "sequence"), "No topic 'sequence'. Topics: "),
        (("cards", "list", "--level", "boss"), "No level 'boss'. Levels: junior, middle, senior."),
        (("cards", "check", "/nowhere"), "No such folder: /nowhere"),
        (("study", "--plain", "--topic", "sequence"), "No topic 'sequence'"),
        (("--lang", "xx"), "no language 'xx'. Languages: en, ru, kk."),
        (("data", "restore", "/nowhere.db"), "No such file: /nowhere.db"),
        ((), "This is not a terminal."),
        (("study",), "This is not a terminal."),
        (("stduy",), "stduy"),
    ],
)
def test_a_wrong_call_is_one_clear_line_and_exit_code_2(arguments: tuple[str, ...], says: str) -> None:
    done = viva(*arguments)
    assert done.returncode == 2, done.stdout
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_errors_speak_the_learners_language() -> None:
    assert "вы имели в виду «gan»" in viva("demo", "run", "gna", "--lang", "ru").stderr
    assert "gan" in viva("demo", "run", "gna", VIVA_LANG="kk").stderr


def test_the_lists_as_json_are_arrays_with_the_promised_keys() -> None:
    cards = json.loads(viva("cards", "list", "--json").stdout)
    assert len(cards) >= 6
    assert all(card.keys() == {"id", "topic", "level", "question", "demo", "languages"} for card in cards)
    assert all(card["languages"] == ["en", "ru", "kk"] for card in cards)
    demos = json.loads(viva("demo", "list", "--json").stdout)
    assert [demo["name"] for demo in demos] == list(names())
    assert all(demo.keys() >= {"name", "title", "presets", "knobs"} for demo in demos)


def test_the_cards_are_listed_in_the_language_asked_for() -> None:
    done = viva("cards", "list", "--lang", "kk", "--json")
    assert any("желі" in card["question"] for card in json.loads(done.stdout))


def test_a_demo_in_a_pipe_prints_lines_and_judges_its_claims() -> None:
    done = viva("demo", "run", "softmax_temperature", "--preset", "one", "--plain")
    assert done.returncode == 0, done.stderr
    assert "holds: " in done.stdout and "FAILS" not in done.stdout
    assert "\x1b" not in done.stdout


def test_a_demo_as_json_is_the_wire() -> None:
    done = viva("demo", "run", "softmax_temperature", "--preset", "one", "--json")
    messages = [json.loads(line) for line in done.stdout.splitlines()]
    assert [next(iter(message)) for message in (messages[0], messages[-1])] == ["started", "ended"]
    frames = [message["frame"] for message in messages if "frame" in message]
    assert frames[-1]["done"] and all(verdict["holds"] for verdict in frames[-1]["verdicts"])


def test_a_demo_stopped_early_judges_nothing() -> None:
    done = viva("demo", "run", "rnn_memory", "--plain", "--seconds", "3")
    assert done.returncode == 0
    assert "nothing was judged" in done.stdout


def test_checking_as_json_has_the_promised_keys() -> None:
    done = viva("demo", "check", "softmax_temperature", "--json")
    results = json.loads(done.stdout)
    assert done.returncode == 0
    assert all(result.keys() >= {"name", "preset", "device", "seed", "seconds", "claims"} for result in results)
    assert all(claim.keys() >= {"name", "value", "bound", "holds"} for result in results for claim in result["claims"])


def test_plain_study_works_by_enter_and_digits_alone() -> None:
    done = viva("study", "--plain", text="\n3\n\n1\n0\n")
    assert done.returncode == 0, done.stderr
    assert "Back in 10 min." in done.stdout and "Back in 1 min." in done.stdout
    assert "2 cards graded" in done.stdout
    assert "\x1b" not in done.stdout
    stats = json.loads(viva("stats", "--json").stdout)
    assert stats["reviews_today"] == 2


def test_plain_study_undoes_predicts_and_runs_the_demo() -> None:
    done = viva("study", "--plain", "--topic", "attention", text="\n6\n1\n7\n3\n\n5\n0\n")
    assert done.returncode == 0, done.stderr
    assert "Your prediction" in done.stdout and "You said" in done.stdout
    assert "Taken back: Good." in done.stdout


def test_the_end_of_the_input_ends_the_session_and_keeps_the_grades() -> None:
    assert viva("study", "--plain", text="\n4\n").returncode == 0
    assert json.loads(viva("stats", "--json").stdout)["reviews_today"] == 1


def test_doctor_tells_versions_devices_and_paths(own_data: Path) -> None:
    facts = json.loads(viva("doctor", "--json").stdout)
    assert facts["worker"] == "ok" and "cpu" in facts["devices"]
    assert facts["log"].startswith(str(own_data))
    assert facts["packages"]["torch"]


def test_a_damaged_log_is_said_at_once_with_the_way_back(own_data: Path) -> None:
    assert viva("study", "--plain", text="\n4\n0\n").returncode == 0
    log = own_data / "reviews.db"
    assert viva("data", "backup").returncode == 0
    for part in own_data.glob("reviews.db*"):
        part.unlink()
    log.write_bytes(b"rubbish" * 1000)
    done = viva("study", "--plain")
    assert done.returncode == 1
    assert "damaged" in done.stderr and "viva data restore " in done.stderr
    backup = done.stderr.split("viva data restore ")[1].strip()
    assert viva("data", "restore", backup).returncode == 0
    assert json.loads(viva("stats", "--json").stdout)["reviews_today"] == 1


def test_a_mistake_in_the_configuration_is_named_with_its_line(own_data: Path) -> None:
    own_data.mkdir(parents=True)
    (own_data / "config.toml").write_text('language = "en"\nretension = 0.9\n')
    done = viva("stats")
    assert done.returncode == 1
    assert "config.toml:2: " in done.stderr and "retension" in done.stderr


def test_output_into_a_closed_pipe_is_no_traceback() -> None:
    done = subprocess.run(
        f"{sys.executable} -m tui demo run softmax_temperature --json | head -c 10",
        shell=True, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert "Traceback" not in done.stderr


def test_a_run_is_exported_as_a_script(tmp_path: Path) -> None:
    path = tmp_path / "temperature.py"
    done = viva("demo", "run", "softmax_temperature", "--set", "temperature=2", "--export", str(path))
    assert done.returncode == 0 and str(path) in done.stdout
    text = path.read_text(encoding="utf-8")
    assert "temperature=2.0" in text and "--set temperature=2\n" in text


def test_cards_are_searched_from_the_command_line() -> None:
    done = viva("cards", "search", "vanishing", "gradients", "--json")
    hits = json.loads(done.stdout)
    assert done.returncode == 0 and hits[0]["card"] == "vanishing-gradients" and hits[0]["snippet"]
    assert viva("cards", "search", "qqqqzzzzxxxx").returncode == 1


def test_coverage_names_the_cards_of_each_concept_and_level() -> None:
    done = viva("cards", "coverage", "--json")
    concepts = {entry["concept"]: entry["levels"] for entry in json.loads(done.stdout)}
    assert done.returncode == 0 and len(concepts) == 66 and "rnn-memory" in concepts["S1"]["junior"]


def test_an_export_is_read_back_into_an_empty_log(tmp_path: Path) -> None:
    here, there = str(tmp_path / "here"), str(tmp_path / "there")
    viva("study", "--plain", text="\n3\n\n8\n0\n", VIVA_DATA_DIR=here)
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    done = viva("data", "export", str(first), VIVA_DATA_DIR=here)
    assert done.returncode == 0 and "2 rows written" in done.stdout, done.stderr
    done = viva("data", "import", str(first), VIVA_DATA_DIR=there)
    assert "2 new rows read" in done.stdout, done.stderr
    assert "0 new rows read" in viva("data", "import", str(first), VIVA_DATA_DIR=there).stdout
    viva("data", "export", str(second), VIVA_DATA_DIR=there)
    assert first.read_bytes() == second.read_bytes()
    printed = viva("data", "export", "-", VIVA_DATA_DIR=here)
    assert json.loads(printed.stdout)["viva"] == 1


def test_a_reset_asks_backs_up_and_begins_anew(tmp_path: Path) -> None:
    viva("study", "--plain", text="\n3\n0\n")
    done = viva("data", "reset", text="no\n")
    assert done.returncode == 1 and "Nothing was changed" in done.stdout
    done = viva("data", "reset", text="reset\n")
    assert done.returncode == 0 and "Backed up" in done.stdout and "Set aside" in done.stdout
    assert "0 rows written" in viva("data", "export", str(tmp_path / "empty.json")).stdout
    backup = next((tmp_path / "data" / "backups").glob("reviews-before-reset-*.db"))
    assert viva("data", "restore", str(backup)).returncode == 0
    assert "1 row written" in viva("data", "export", str(tmp_path / "back.json")).stdout


def test_an_interview_in_plain_lines_from_the_command_line() -> None:
    done = viva(
        "interview", "--plain", "--questions", "1", "--style", "theory", "--seed", "3", text="-\n\n" * 4 + "0\n"
    )
    assert done.returncode == 0, done.stderr
    assert "Question 1 of 1" in done.stdout and "# Interview" in done.stdout
    assert "0%" in viva("interviews").stdout
    assert "## Missed" in viva("interviews", "1").stdout


@pytest.mark.parametrize(
    ("command", "says"),
    [
        ("interview --style hard", "theory"),
        ("interview --topic attenton", "attention"),
        ("interview --level chief", "senior"),
        ("interview --questions 3 --minutes 5", "one of them"),
        ("interview --plain --resume", "broken off"),
        ("study --tag nonsense", "Tags"),
        ("data import nowhere.json", "nowhere.json"),
    ],
)
def test_a_wrong_call_names_the_thing_and_the_choices_in_one_line(command: str, says: str) -> None:
    done = viva(*command.split())
    assert done.returncode == 2 and says in done.stderr and done.stderr.count("\n") == 1, done.stderr
