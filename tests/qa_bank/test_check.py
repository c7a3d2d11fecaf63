"""`check` finds each kind of mistake; and the bank that ships has none."""

from pathlib import Path

import pytest

from qa_bank.bank import Bank, coverage
from qa_bank.check import KnownDemo, check, numbers
from tui.listings import known_demos

DEMOS = {"gan": KnownDemo(("ring",), {"modes": ("few", "all")})}
FACTS = 'concepts = ["G1"]\nlevel = "junior"\nsources = ["interview-qa"]\nfollow_ups = ["b"]\n'
SAID = "A. " + "word " * 70 + "\n"
TEXT = f"# Q?\n\n{SAID}\n## Key points\n- **One**\n- Two\n- Three\n\n## Explanation\nWhy.\n\n## Pitfalls\nNo.\n"
RU = f"# В?\n\n{SAID}\n## Ключевые мысли\n- **Раз**\n- Два\n- Три\n\n## Объяснение\nП.\n\n## Типичные ошибки\nН.\n"
KK = f"# С?\n\n{SAID}\n## Негізгі ойлар\n- **Бір**\n- Екі\n- Үш\n\n## Түсіндірме\nТ.\n\n## Жиі кететін қателер\nЖ.\n"


@pytest.fixture
def bank(tmp_path: Path) -> Path:
    folder = tmp_path / "generative"
    folder.mkdir()
    for name, other in (("a", "b"), ("b", "a")):
        facts = FACTS.replace('"b"', f'"{other}"')
        (folder / f"{name}.md").write_text(f"+++\n{facts}+++\n{TEXT.replace('Q', name * 3)}", encoding="utf-8")
        (folder / f"{name}.ru.md").write_text(RU, encoding="utf-8")
        (folder / f"{name}.kk.md").write_text(KK, encoding="utf-8")
    return tmp_path


def found(root: Path) -> list[str]:
    return [f"{Path(p.path).name}:{p.line}: {p.text.format(**p.values)}" for p in check(DEMOS, root)]


def test_a_bank_without_mistakes_has_no_problems(bank: Path) -> None:
    assert found(bank) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("a.md", '"G1"', '"G9"', "a.md:2: unknown concept 'G9'"),
        ("a.md", '"interview-qa"', '"wiki"', "a.md:4: unknown source 'wiki'"),
        ("a.md", 'concepts = ["G1"]\n', "", "a.md:1: teaches no concept"),
        ("a.md", 'level = "junior"\n', "", "a.md:1: says no level. Levels: junior, middle, senior"),
        ("a.md", 'sources = ["interview-qa"]\n', "", "a.md:1: names no source"),
        ("a.md", '["b"]', '["c"]', "a.md:5: no other card 'c'"),
        ("a.md", '["b"]', '["a"]', "a.md:5: no other card 'a'"),
        ("a.md", '["b"]', "[]", "a.md:5: has no follow-up"),
        ("a.md", "+++\n#", 'demo = { name = "gna" }\n+++\n#', "a.md:6: no demo 'gna'"),
        ("a.md", "+++\n#", 'demo = { name = "gan", preset = "x" }\n+++\n#', "has no preset 'x'. Presets: ring"),
        ("a.md", "- Two\n- Three\n", "", "a.md:11: 1 key points; a card has 3 to 6"),
        ("a.md", "**One**", "One", "no key point has a term in bold"),
        ("a.md", SAID, "word " * 200 + "\n", "the answer has 200 words; said aloud, 60 to 150"),
        ("a.md", SAID, "Too short.\n", "the answer has 2 words"),
        ("a.kk.md", "Т.", "Т 0,5.", "numbers differ from the English ones in explanation: 0.5"),
        ("a.md", "Why.", "Why.\x1b[31m", "a control character"),
        ("a.md", "Why.", "Why\u202e.", "a control character"),
        ("a.ru.md", "- Три\n", "", "2 key points, 3 in English"),
        ("a.ru.md", "## Типичные ошибки\nН.\n", "", "stands in one language alone"),
        ("a.kk.md", "## Негізгі ойлар", "## Key points", "unknown section 'Key points'"),
        ("a.kk.md", "Т.", "```formula\nx = 1\n```", "a formula differs from the English one"),
    ],
)
def test_each_mistake_is_found_at_its_place(bank: Path, file: str, old: str, new: str, says: str) -> None:
    path = bank / "generative" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert any(says in line for line in found(bank)), found(bank)


def test_a_missing_translation_and_a_file_of_no_card_are_found(bank: Path) -> None:
    (bank / "generative" / "a.kk.md").unlink()
    (bank / "generative" / "z.ru.md").write_text(RU, encoding="utf-8")
    assert found(bank) == ["a.md:1: no translation: a.kk.md", "z.ru.md:1: belongs to no card"]


def test_the_bank_that_ships_has_no_problems() -> None:
    assert [str(problem) for problem in check(known_demos())] == []


def test_numbers_are_compared_as_each_language_writes_them() -> None:
    english = numbers("Of 10,000 digits 97.5% in 2012, `x[3]` aside.", "en")
    assert english == {"10000", "97.5", "2012"}
    assert numbers("Из 10 000 цифр 97,5% в 2012 году.", "ru") == english
    assert numbers("2012 жылы 10\u00a0000 цифрдың 97,5%-ы.", "kk") == english


def test_follow_ups_that_run_in_a_circle_are_found(bank: Path) -> None:
    for name in "cdefghij":
        facts = FACTS.replace('"b"', f'"{chr(ord(name) - 1)}"')
        text = TEXT.replace("Q?", f"Question {name}{name}?")
        (bank / "generative" / f"{name}.md").write_text(f"+++\n{facts}+++\n{text}", encoding="utf-8")
    says = [line for line in found(bank) if "run in a circle" in line]
    assert "a.md:5: its follow-ups run in a circle: from here they lead to 2 cards, with this one" in says
    assert not any(line.startswith("j.md") for line in says)


def test_two_cards_that_ask_the_same_are_found(bank: Path) -> None:
    for name, question in (("a", "Why do the gradients vanish?"), ("b", "Why does a gradient vanish?")):
        path = bank / "generative" / f"{name}.md"
        path.write_text(path.read_text(encoding="utf-8").replace(f"{name * 3}?", question), encoding="utf-8")
    assert "b.md:7: asks what 'a' asks" in found(bank)


def test_every_concept_is_taught_at_every_level_at_which_it_is_asked_for() -> None:
    gaps = [
        (name, level) for name, levels in coverage(Bank.load()).items() for level, cards in levels.items() if not cards
    ]
    assert gaps == []


def test_a_level_without_a_card_is_a_gap(bank: Path) -> None:
    levels = coverage(Bank.load("en", bank))
    assert levels["G1"]["junior"] == ("a", "b") and levels["G1"]["senior"] == () and levels["F1"] == {"junior": ()}
