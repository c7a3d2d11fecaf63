"""config.toml: what it may say, what is said of a mistake, and that writing to it leaves the rest alone."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import tomli
from fsrs.scheduler import DEFAULT_PARAMETERS
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.config import SETTINGS, Config, ConfigError, load, save, save_bind
from tui.config_commands import sample
from tui.queues import scheduler

OWN = """\
# mine
retention = 0.85   # less of it
easy_days = [  # no work
  "sat",
  "sun",
]
"device" = "cpu"

# my keys
[bind]
"study.bury" = ["z"]  # as I like it
study.flag = ["*"]
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_without_a_file_all_is_as_by_default(tmp_path: Path) -> None:
    assert load(tmp_path / "config.toml") == Config()


def test_every_key_is_read(tmp_path: Path) -> None:
    weights = tuple(weight * 1.01 for weight in DEFAULT_PARAMETERS)
    text = f"""
    language = "kk"\ntheme = "viva-light"\nanimations = false\nplain = true\nkeys = "anki"\ndevice = "cuda:1"
    retention = 0.8\nnew_a_day = 5\nreviews_a_day = 50\neasy_days = ["sun", "mon"]\nlearning_minutes = [1, 5.5]
    relearning_minutes = []\nleech_lapses = 0\nweights = {list(weights)}
    [bind]\n"home.demos" = "z"
    """
    config = load(written(tmp_path, text))
    assert config == Config(
        "kk", "viva-light", False, "anki", {"home.demos": ("z",)}, "cuda:1", 0.8, 5, 50, ("mon", "sun"), (1, 5.5), (), 0,
        True, weights,
    )  # fmt: skip
    schedule = scheduler(config).settings
    assert (schedule.retention, schedule.learning_minutes, schedule.relearning_minutes) == (0.8, (1, 5.5), ())
    assert schedule.weights == weights


def test_the_schedule_of_the_defaults_is_that_of_fsrs() -> None:
    assert scheduler(Config()).weights == DEFAULT_PARAMETERS


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('language = "de"', 'language is "de"; it takes one of: auto, en, ru, kk'),
        ("theme = 1", "theme is 1; it takes one of: viva-dark, viva-light"),
        ("animations = 1", "animations is 1; it takes true or false"),
        ('plain = "yes"', 'plain is "yes"; it takes true or false'),
        ('keys = "emacs"', 'keys is "emacs"; it takes one of: default, vim, anki'),
        ('device = "gpu"', 'device is "gpu"; it takes one of: auto, cpu, cuda'),
        ("retention = 0.99", "retention is 0.99; it takes a number from 0.7 to 0.97"),
        ("retention = true", "retention is true; it takes a number"),
        ("retention = nan", "retention is nan; it takes a number from 0.7 to 0.97"),
        ("new_a_day = -1", "new_a_day is -1; it takes a whole number from 0 to 9999"),
        ("new_a_day = 2.5", "new_a_day is 2.5; it takes a whole number"),
        ("reviews_a_day = inf", "it takes a whole number from 0 to 9999"),
        ('easy_days = ["sat", "funday"]', "it takes a list of days: mon, tue, wed, thu, fri, sat, sun"),
        ('easy_days = "sat"', 'easy_days is "sat"; it takes a list of days'),
        ("easy_days = [[]]", "easy_days is [[]]; it takes a list of days"),
        ("learning_minutes = [1, 0]", "learning_minutes is [1, 0]; it takes a list of minutes, each more than 0"),
        ("relearning_minutes = 10", "relearning_minutes is 10; it takes a list of minutes"),
        ("leech_lapses = 1", "leech_lapses is 1; it takes a whole number from 2 to 99, or 0 for never"),
        ("weights = [1, 2]", "weights is [1, 2]; it takes the 21 weights of FSRS"),
        (f"weights = {[-1.0, *DEFAULT_PARAMETERS[1:]]}", "weight 1 is -1.0; it goes from 0.001 to 100"),
        ("retenton = 0.9", "unknown key 'retenton'; did you mean 'retention'? Keys: language, theme,"),
        ("zzz = 1", "unknown key 'zzz'. Keys: "),
        ("bind = 3", "[bind] is a table of actions and their keys"),
        ('[bind]\n"study.bry" = "z"', "no action 'study.bry'; did you mean 'study.bury'?"),
        ('[bind]\n"study.bury" = 3', "study.bury is 3; it takes a list of keys"),
        ('[bind]\nstudy.bury = ["spcae"]', "'study.bury': no key 'spcae'; did you mean 'space'?"),
        ('[bind]\n"study.bury" = ["x"]', "'study.tick' and 'study.bury' are both on the key 'x'"),
        ("retention = = 1", "this cannot be read as TOML: Invalid value"),
    ],
)
def test_a_mistake_is_one_line_that_names_the_place_the_value_and_the_choices(
    tmp_path: Path, line: str, says: str
) -> None:
    path = written(tmp_path, f"# mine\n\n{line}\n")
    with pytest.raises(ConfigError) as caught:
        load(path)
    where = 2 + len(line.splitlines())
    assert str(caught.value).startswith(f"{path}:{where}: ") and says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match=r"config\.toml:1: "):
        load(path)


def test_saving_keeps_the_other_lines_and_the_comment_of_its_own(tmp_path: Path) -> None:
    path = written(tmp_path, OWN)
    save(path, retention=0.9)
    assert path.read_text() == OWN.replace("0.85", "0.9")


def test_a_list_over_several_lines_is_replaced_as_one(tmp_path: Path) -> None:
    path = written(tmp_path, OWN)
    save(path, easy_days=("mon",))
    assert 'easy_days = ["mon"]\n"device" = "cpu"\n' in path.read_text()
    assert load(path).easy_days == ("mon",)


def test_a_new_key_comes_before_the_first_table_and_its_comment(tmp_path: Path) -> None:
    path = written(tmp_path, OWN)
    save(path, plain=True)
    assert path.read_text() == OWN.replace('"device" = "cpu"\n', '"device" = "cpu"\nplain = true\n')
    only = written(tmp_path, '# my keys\n[bind]\n"study.bury" = ["z"]\n')
    save(only, plain=True)
    assert only.read_text() == 'plain = true\n\n# my keys\n[bind]\n"study.bury" = ["z"]\n'


def test_none_takes_the_line_away(tmp_path: Path) -> None:
    path = written(tmp_path, OWN)
    save(path, easy_days=None, theme=None)
    before, after = OWN.split("easy_days")
    assert path.read_text() == before + after.split("]\n", 1)[1]


def test_a_key_that_is_commented_out_is_written_below_its_comment(tmp_path: Path) -> None:
    path = written(tmp_path, "# how much\n# retention = 0.9\n\n# how many\n# new_a_day = 20\n")
    save(path, retention=0.8)
    assert path.read_text() == "# how much\n# retention = 0.9\nretention = 0.8\n\n# how many\n# new_a_day = 20\n"


def test_keys_of_actions_are_written_into_their_table(tmp_path: Path) -> None:
    path = written(tmp_path, OWN)
    save_bind(path, {"study.bury": ("y", "f2"), "study.flag": None, "home.demos": ("z",)})
    assert path.read_text() == OWN.replace('["z"]', '["y", "f2"]').replace(
        'study.flag = ["*"]\n', '"home.demos" = ["z"]\n'
    )
    fresh = tmp_path / "fresh" / "config.toml"
    save_bind(fresh, {"study.bury": ("z",)})
    save(fresh, plain=True)
    assert fresh.read_text() == 'plain = true\n\n[bind]\n"study.bury" = ["z"]\n'


def test_a_file_that_cannot_be_read_is_not_written_over(tmp_path: Path) -> None:
    path = written(tmp_path, "retention = \n")
    with pytest.raises(ConfigError, match=r"config\.toml:1: this cannot be read as TOML"):
        save(path, plain=True)
    assert path.read_text() == "retention = \n"


def test_a_link_to_a_file_elsewhere_stays_a_link(tmp_path: Path) -> None:
    real = written(tmp_path, OWN)
    link = tmp_path / "link.toml"
    link.symlink_to(real)
    save(link, plain=True)
    assert link.is_symlink() and load(real).plain


VALUES: dict[str, st.SearchStrategy[Any]] = {
    "language": st.sampled_from([None, "en", "ru"]),
    "retention": st.floats(0.7, 0.97),
    "new_a_day": st.integers(0, 100),
    "easy_days": st.sampled_from([(), ("sat",), ("mon", "sun")]),
    "learning_minutes": st.lists(st.floats(0.1, 60), max_size=3).map(tuple),
    "plain": st.booleans(),
}
CHOICE = st.sampled_from(sorted(VALUES)).flatmap(lambda key: st.tuples(st.just(key), VALUES[key]))
PARTS = (
    "# a = 1\n",
    "\n",
    'device = "cpu" # "#"\n',
    "retention = 0.8\n",
    "easy_days = [\n # [bind]\n]\n",
    "plain=true\n",
)


@given(st.lists(st.sampled_from(PARTS), unique=True), st.booleans(), st.lists(CHOICE, max_size=6))
@settings(deadline=None, max_examples=60)
def test_whatever_the_file_looks_like_what_is_saved_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, parts: list[str], table: bool, choices: list[tuple[str, Any]]
) -> None:
    path = written(tmp_path_factory.mktemp("any"), "".join(parts) + ('[bind]\n"home.demos" = "z"\n' if table else ""))
    others = {key: value for key, value in tomli.loads(path.read_text()).items() if key not in dict(choices)}
    for key, value in choices:
        save(path, **{key: value})
    config = load(path)
    for key, value in dict(choices).items():
        assert getattr(config, key) == value
    now = tomli.loads(path.read_text())
    assert {key: now[key] for key in others} == others
    assert [line for line in path.read_text().splitlines() if line.startswith("# a")] == ["# a = 1"] * (
        "# a = 1\n" in parts
    )


def test_the_sample_with_its_comment_signs_taken_away_says_the_defaults(tmp_path: Path) -> None:
    lines = [line.removeprefix("# ") for line in sample() if " = " in line or line == "# [bind]"]
    assert len(lines) == len(SETTINGS) + 1
    assert load(written(tmp_path, "\n".join(lines))) == Config(bind={"study.reveal": ("space", "enter")})


def viva(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tui", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, env=os.environ, check=False)


def test_the_command_line_writes_shows_and_takes_back(own_data: Path) -> None:
    path = own_data / "config.toml"
    assert viva("config", "path").stdout.strip() == str(path)
    assert viva("config", "init").returncode == 0
    mine = path.read_text()
    assert viva("config", "init").returncode == 1 and path.read_text() == mine
    assert viva("config", "set", "retention", "93%").stdout == "retention = 0.93\n"
    assert viva("config", "set", "easy_days", "sun,sat").stdout == 'easy_days = ["sat", "sun"]\n'
    assert viva("config", "set", "study.bury", "z, ,").stdout == '"study.bury" = ["z", ","]\n'
    shown = {row["key"]: row for row in json.loads(viva("config", "show", "--json").stdout)}
    assert set(shown) == {*Config.__struct_fields__}
    assert (shown["retention"]["value"], shown["retention"]["default"]) == (0.93, 0.9)
    actions = {row["action"]: row["keys"] for row in json.loads(viva("config", "keys", "--json").stdout)}
    assert actions["study.bury"] == ["z", ","]
    viva("config", "set", "retention", "default")
    viva("config", "set", "study.bury", "default")
    assert load(path) == Config(easy_days=("sat", "sun"))


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("retention", "lots"), 'retention is "lots"; it takes a number from 0.7 to 0.97'),
        (("retenton", "0.9"), "did you mean 'retention'?"),
        (("study.bry", "z"), "did you mean 'study.bury'?"),
        (("study.bury", "x"), "'study.tick' and 'study.bury' are both on the key 'x'"),
    ],
)
def test_a_wrong_choice_is_one_line_and_writes_nothing(own_data: Path, arguments: tuple[str, str], says: str) -> None:
    done = viva("config", "set", *arguments)
    assert done.returncode == 2 and says in done.stderr and done.stderr.count("\n") == 1
    assert not (own_data / "config.toml").exists()


@pytest.mark.parametrize("command", ["", "show", "set", "path", "keys", "init"])
def test_every_config_command_has_help(command: str) -> None:
    done = viva("config", *command.split(), "--help")
    assert done.returncode == 0 and "Usage: viva config" in done.stdout
