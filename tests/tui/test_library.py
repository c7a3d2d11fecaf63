"""The learner's decks beside Viva's own cards."""

from pathlib import Path

from qa_bank.bank import Bank
from tui.library import load_bank, load_index


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_the_bank_joins_the_decks_in_the_order_of_their_files(own_data: Path) -> None:
    own = Bank.load()
    assert len(load_bank("en")) == len(own)
    write(own_data / "decks" / "mine.md", "".join(f"Q: question {i}?\nA: answer {i}\n" for i in range(30)))
    both = load_bank("en")
    assert len(both) == len(own) + 30 and both.topics[-1] == "mine"
    assert [card.text.question for card in both.select(topic="mine")] == [f"question {i}?" for i in range(30)]
    assert [card.id for card in both if card.topic != "mine"] == list(own.cards)


def test_decks_that_clash_are_problems_of_the_bank(own_data: Path) -> None:
    write(own_data / "decks" / "attention.md", "Q: a\nA: b")
    write(own_data / "decks" / "Mine.md", "Q: a\nA: b")
    write(own_data / "decks" / "mine" / "x.md", "Q: a\nA: c")
    bank = load_bank("en")
    assert len(bank.select(topic="mine")) == 1
    assert [card.text.question for card in bank.select(topic="attention")].count("a") == 0
    texts = [problem.text.format(**problem.values) for problem in bank.problems]
    assert len(texts) == 2
    assert any("is a topic of Viva's own" in text for text in texts)
    assert any("another deck has this name" in text for text in texts)


def test_the_search_finds_the_cards_of_decks(own_data: Path) -> None:
    write(
        own_data / "decks" / "birds.md", "Q: Why do flamingos stand on one leg?\nA: It takes no effort of the muscles."
    )
    for language in ("en", "ru", "kk"):
        [hit, *_] = load_index(language).find("flamingo leg")
        assert hit.card.startswith("birds/") and hit.question == "Why do flamingos stand on one leg?"
