"""Browse: the list, its search and filters, the marks, and the way along the follow-ups."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from helpers import NOON, SIZES, eventually, seen, viva
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from qa_bank.bank import Bank
from qa_bank.memory import Grade
from qa_bank.reviews import ReviewLog
from qa_bank.search import Hit
from tui import i18n
from tui.app import VivaApp
from tui.catalogue import STATES, Catalogue, Filters, asked
from tui.config import Config
from tui.screens.browse import BrowseScreen
from tui.screens.card import CardScreen
from tui.screens.filter import FilterScreen
from tui.screens.home import HomeScreen
from tui.screens.note import NoteScreen
from tui.widgets.card_graph import CardGraph
from tui.widgets.card_list import CardList
from tui.widgets.card_view import CardView

BANK = Bank.load()
CORE = "rnn-memory"


@pytest.fixture(autouse=True)
def no_index(monkeypatch: pytest.MonkeyPatch) -> None:
    """Substrings alone, unless a test wants the index; nothing is built beside other tests."""
    monkeypatch.setattr(BrowseScreen, "_build_index", lambda *_arguments: None)


def catalogue(folder: Path, log: ReviewLog | None = None) -> Catalogue:
    return Catalogue(BANK, log or ReviewLog.open(folder / "reviews.db"), NOON, 8)


async def search(pilot: Pilot[None], text: str) -> None:
    await pilot.press("/")
    pilot.app.screen.query_one(Input).value = text
    await pilot.press("enter")
    await pilot.pause()


def at(app: VivaApp) -> str:
    """The card one stands at in the list."""
    card = app.screen.query_one(CardList).card
    assert card is not None
    return card


def test_every_card_is_found_as_introduced_when_nothing_is_asked(tmp_path: Path) -> None:
    assert catalogue(tmp_path).find(Filters()).cards == tuple(BANK.cards)


def test_a_card_is_found_by_any_part_of_its_words_in_any_order(tmp_path: Path) -> None:
    cards = catalogue(tmp_path)
    found = cards.find(Filters(), "softmax temper").cards
    assert "softmax-temperature" in found and CORE not in found
    assert cards.find(Filters(), "TEMPER softm").cards == found


def test_a_tag_is_found_by_its_beginning(tmp_path: Path) -> None:
    found = catalogue(tmp_path).find(Filters(), "#rnn").cards
    assert found and all(any(tag.startswith("rnn") for tag in BANK[card].facts.tags) for card in found)
    assert asked("gates #lstm #") == (["gates"], ["lstm"])


def test_what_the_index_finds_far_better_comes_first_even_without_the_word(tmp_path: Path) -> None:
    hits = [Hit(CORE, "", "", 9.0), Hit("gan-images", "", "", 1.0)]
    found = catalogue(tmp_path).find(Filters(), "softmax temper", hits).cards
    assert found[0] == CORE and "softmax-temperature" in found and "gan-images" not in found


def test_cards_that_only_come_near_the_words_are_said_to(tmp_path: Path) -> None:
    found = catalogue(tmp_path).find(Filters(), "zqzq", [Hit(CORE, "", "", 9.0)])
    assert found.nearest and found.cards == (CORE,)


def test_filters_hold_together_and_with_the_search(tmp_path: Path) -> None:
    found = catalogue(tmp_path).find(Filters(topic="attention", level="senior", kind="tricky"), "a").cards
    facts = [(BANK[card].topic, BANK[card].facts.level, BANK[card].facts.kind) for card in found]
    assert facts and set(facts) == {("attention", "senior", "tricky")}


def test_what_the_filters_hide_is_counted(tmp_path: Path) -> None:
    found = catalogue(tmp_path).find(Filters(topic="vision"), "softmax temperature")
    assert found.cards == () and found.hidden > 0


@pytest.mark.parametrize(
    ("state", "card"),
    [
        ("new", "cnn-parts"),
        ("learning", "lstm-cell"),
        ("review", CORE),
        ("due", CORE),
        ("suspended", "suspended"),
        ("buried", "buried"),
        ("flagged", "flagged"),
        ("note", "noted"),
        ("leech", "leech"),
        ("deck", "own"),
    ],
)
def test_each_state_finds_the_cards_that_are_in_it_alone(tmp_path: Path, state: str, card: str) -> None:
    model = BANK[CORE]
    names = ["cnn-parts", "lstm-cell", CORE, "suspended", "buried", "flagged", "noted", "leech", "own"]
    cards = [msgspec.structs.replace(model, id=name) for name in names]
    cards[-1] = msgspec.structs.replace(cards[-1], topic="my-own-deck")
    log = ReviewLog.open(tmp_path / "reviews.db")
    for name in ("suspended", "buried", "flagged", "noted", "own"):
        log.grade(name, Grade.EASY, NOON)
    log.grade("lstm-cell", Grade.AGAIN, NOON)
    log.grade(CORE, Grade.EASY, NOON - timedelta(days=60))
    for days in range(60, 0, -6):
        log.grade("leech", Grade.EASY if days % 12 else Grade.AGAIN, NOON - timedelta(days=days))
    log.grade("leech", Grade.EASY, NOON)
    log.mark("suspended", NOON, suspended=True)
    log.mark("buried", NOON, buried=NOON + timedelta(hours=5))
    log.mark("flagged", NOON, flagged=True)
    log.mark("noted", NOON, note="Mine.")
    here = Catalogue(Bank(cards), log, NOON + timedelta(minutes=30), leech_lapses=3)
    found = here.find(Filters(state=state)).cards
    others = {"review": set(names) - {"cnn-parts", "lstm-cell"}, "due": {CORE, "lstm-cell"}}
    assert set(found) == others.get(state, {card})
    assert set(STATES) >= {state}


def test_the_weakest_come_first_and_the_new_last(tmp_path: Path) -> None:
    log = ReviewLog.open(tmp_path / "reviews.db")
    log.grade("gan-images", Grade.EASY, NOON - timedelta(days=1))
    log.grade(CORE, Grade.EASY, NOON - timedelta(days=90))
    found = catalogue(tmp_path, log).find(Filters(order="weakest")).cards
    assert found[:2] == (CORE, "gan-images") and len(found) == len(BANK)


def test_what_is_due_next_comes_first(tmp_path: Path) -> None:
    log = ReviewLog.open(tmp_path / "reviews.db")
    log.grade("gan-images", Grade.EASY, NOON - timedelta(days=1))
    log.grade(CORE, Grade.AGAIN, NOON)
    assert catalogue(tmp_path, log).find(Filters(order="due")).cards[:2] == (CORE, "gan-images")


def test_a_card_is_found_by_the_learners_own_note(tmp_path: Path) -> None:
    log = ReviewLog.open(tmp_path / "reviews.db")
    log.mark(CORE, NOON, note="like a leaky bucket")
    assert catalogue(tmp_path, log).find(Filters(), "leaky bucket").cards == (CORE,)


def test_what_leads_to_a_card_is_where_others_lead(tmp_path: Path) -> None:
    cards = catalogue(tmp_path)
    for card in BANK:
        assert all(card.id in cards.leading[follow_up] for follow_up in cards.following(card.id))


@pytest.mark.parametrize("size", SIZES)
async def test_the_list_shows_every_card_with_its_level_and_state(tmp_path: Path, size: tuple[int, int]) -> None:
    app = viva(tmp_path, "cards")
    async with app.run_test(size=size) as pilot:
        await pilot.pause(0.2)
        text = seen(app)
        first = BANK[at(app)]
        assert f"{len(BANK)} cards · as introduced" in text
        assert first.text.question[:30] in text and "junior" in text and "new" in text
        assert all(len(line) <= size[0] for line in text.splitlines())
        await pilot.press("end")
        await pilot.pause()
        assert at(app) == list(BANK.cards)[-1]
        assert BANK[at(app)].text.question.replace("`", "")[:20] in seen(app)


async def test_the_card_one_stands_at_is_shown_beside_the_list_where_there_is_room(tmp_path: Path) -> None:
    app = viva(tmp_path, "cards")
    async with app.run_test(size=(160, 50)) as pilot:
        await pilot.press("down", "down")
        shown = list(BANK.cards)[2]
        await eventually(pilot, lambda: [view.card.id for view in app.screen.query(CardView)] == [shown], 10)
        await pilot.resize_terminal(80, 24)
        await eventually(pilot, lambda: not app.screen.query(CardView), 10)


@pytest.mark.parametrize("size", SIZES)
async def test_the_list_follows_what_is_typed(tmp_path: Path, size: tuple[int, int]) -> None:
    app = viva(tmp_path, "cards")
    async with app.run_test(size=size) as pilot:
        await pilot.press("/", *"temperature")
        wanted = catalogue(tmp_path).find(Filters(), "temperature").cards
        await eventually(pilot, lambda: found(app) == wanted, 10)
        assert f"{len(wanted)} of {len(BANK)} · best match first" in seen(app)
        await pilot.press("down")
        assert app.screen.query_one(CardList).has_focus
        await pilot.press("slash", "escape")
        await eventually(pilot, lambda: f"{len(BANK)} cards" in seen(app), 10)
        assert app.screen.query_one(Input).has_focus
        await pilot.press("escape")
        assert app.screen.query_one(CardList).has_focus
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(app.screen, HomeScreen)


def found(app: VivaApp) -> tuple[str, ...]:
    return tuple(app.screen.query_one(CardList).cards)


async def test_letters_of_the_keys_are_letters_while_one_searches(tmp_path: Path) -> None:
    app = viva(tmp_path, "cards")
    async with app.run_test() as pilot:
        await pilot.press("/", *"fsbnqx")
        assert app.screen.query_one(Input).value == "fsbnqx"
        assert app.log_book.marks() == {}


async def test_the_index_joins_in_once_it_is_built(tmp_path: Path) -> None:
    class Sure:
        def find(self, query: str, limit: int) -> list[Hit]:
            return [Hit(CORE, "", "", 9.0)]

    app = viva(tmp_path, "cards")
    async with app.run_test() as pilot:
        await search(pilot, "zqzq")
        assert found(app) == ()
        app.indexes["en"] = Sure()  # type: ignore[assignment]
        app.screen.post_message(BrowseScreen.IndexBuilt())
        await pilot.pause()
        assert found(app) == (CORE,)
        assert "not these words, but near them · 1 of" in seen(app)


async def test_where_no_card_matches_it_says_so_and_esc_shows_all_again(tmp_path: Path) -> None:
    app = viva(tmp_path, "cards")
    async with app.run_test() as pilot:
        await pilot.press("right")
        await search(pilot, "zqzq")
        text = seen(app)
        assert "No card matches." in text and "Esc shows all cards again." in text
        await pilot.press("f", "s", "enter", "d", "e", "down")
        assert app.log_book.marks() == {} and isinstance(app.screen, BrowseScreen)
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(app.screen, BrowseScreen) and len(found(app)) == len(BANK)


async def test_one_topic_after_another_is_shown_and_the_filters_are_said(tmp_path: Path) -> None:
    app = viva(tmp_path, "cards")
    async with app.run_test() as pilot:
        await pilot.press("right", "right")
        count = len(BANK.select(topic=BANK.topics[1]))
        assert f"Neurons and layers · {count} of {len(BANK)} · as introduced" in seen(app)
        await pilot.press("x")
        assert f"{len(BANK)} cards · as introduced" in seen(app)


async def test_the_filters_are_chosen_in_a_few_rows(tmp_path: Path) -> None:
    app = viva(tmp_path, "cards")
    async with app.run_test() as pilot:
        await pilot.press("c", "down", "right", "right", "right")
        await pilot.pause()
        assert isinstance(app.screen, FilterScreen)
        seniors = len(BANK.select(level="senior"))
        assert f"{seniors} of {len(BANK)}" in seen(app)
        await pilot.press("enter")
        await pilot.pause()
        assert f"senior · {seniors} of {len(BANK)} · as introduced" in seen(app)
        assert {BANK[card].facts.level for card in found(app)} == {"senior"}


async def test_by_topic_the_list_has_headings(tmp_path: Path) -> None:
    app = viva(tmp_path, "cards")
    async with app.run_test() as pilot:
        await pilot.press("o", "home")
        await pilot.pause()
        assert "by topic" in seen(app) and "\n Foundations" in seen(app)


@pytest.mark.parametrize("size", SIZES)
async def test_marks_are_committed_and_shown_at_once(tmp_path: Path, size: tuple[int, int]) -> None:
    app = viva(tmp_path, "cards")
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        card = at(app)
        await pilot.press("f")
        await pilot.pause()
        assert app.log_book.marks_of(card).flagged and "⚑" in seen(app)
        await pilot.press("s")
        await pilot.pause()
        assert app.log_book.marks_of(card).suspended and "–⚑" in seen(app) and "suspended" in seen(app)
        await pilot.press("f", "s")
        await pilot.pause()
        assert app.log_book.marks() == {} and "⚑" not in seen(app)
        await pilot.press("b")
        await pilot.pause()
        assert app.log_book.marks_of(card).aside(NOON) and "buried" in seen(app)
        await pilot.press("b")
        await pilot.pause()
        assert app.log_book.marks() == {}


async def test_the_same_keys_mark_on_a_cyrillic_layout(tmp_path: Path) -> None:
    app = viva(tmp_path, "cards")
    async with app.run_test() as pilot:
        await pilot.pause()
        card = at(app)
        await pilot.press("а", "ы", "о")
        await pilot.pause()
        assert app.log_book.marks_of(card).flagged and app.log_book.marks_of(card).suspended
        assert at(app) != card
        await pilot.press("г")
        await pilot.pause()
        assert not app.log_book.marks_of(card).suspended
        await pilot.press("full_stop")
        assert app.screen.query_one(Input).has_focus


async def test_undo_takes_back_one_setting_aside_after_another_and_no_grade(tmp_path: Path) -> None:
    app = viva(tmp_path, "cards")
    app.log_book.grade(CORE, Grade.GOOD, NOON)
    async with app.run_test() as pilot:
        await pilot.pause()
        first = at(app)
        await pilot.press("s", "down", "b", "u")
        await pilot.pause()
        assert app.log_book.marks_of(first).suspended and len(app.log_book.marks()) == 1
        await pilot.press("u", "u")
        await pilot.pause()
        assert app.log_book.marks() == {}
        assert app.log_book.memory(CORE) is not None
        assert any("nothing to take back" in note.message for note in app._notifications)


async def test_what_is_suspended_on_the_card_is_taken_back_in_the_list(tmp_path: Path) -> None:
    app = viva(tmp_path, "cards")
    async with app.run_test() as pilot:
        await pilot.pause()
        card = at(app)
        await pilot.press("enter", "s")
        await pilot.pause()
        assert "suspended" in seen(app)
        await pilot.press("escape")
        await pilot.pause()
        assert "suspended" in seen(app)
        await pilot.press("u")
        await pilot.pause()
        assert not app.log_book.marks_of(card).suspended


async def test_a_note_is_written_from_the_list_and_has_its_sign(tmp_path: Path) -> None:
    app = viva(tmp_path, "cards")
    async with app.run_test() as pilot:
        await pilot.pause()
        card = at(app)
        await pilot.press("n")
        await pilot.pause()
        assert isinstance(app.screen, NoteScreen)
        app.screen.query_one(TextArea).insert("Like water.")
        await pilot.press("escape")
        await pilot.pause()
        assert app.log_book.marks_of(card).note == "Like water." and "✎" in seen(app)
        await pilot.press("enter", "pagedown", "pagedown")
        await pilot.pause()
        assert app.screen.query_one(CardView).note == "Like water."


async def test_a_language_switch_keeps_the_search_the_filter_and_the_card(tmp_path: Path) -> None:
    app = viva(tmp_path, "cards")
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("right", "o")
        await search(pilot, "e")
        await pilot.press("down", "down")
        card = at(app)
        await pilot.press("l")
        await pilot.pause()
        assert i18n.language() == "ru" and app.screen.query_one(Input).value == "e"
        assert {BANK[one].topic for one in found(app)} == {BANK.topics[0]}
        await search(pilot, "")
        assert at(app) == card
        assert app.bank[card].text.question[:20] in seen(app)


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
@pytest.mark.parametrize("size", SIZES)
async def test_nothing_is_cut_in_any_language(tmp_path: Path, language: str, size: tuple[int, int]) -> None:
    i18n.use(language)
    app = viva(tmp_path, "cards")
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        for key in ("s", "f", "enter", "m"):
            await pilot.press(key)
            await pilot.pause()
            assert all(len(line) <= size[0] for line in seen(app).splitlines())
            assert not app.screen.show_horizontal_scrollbar


@pytest.mark.parametrize("size", SIZES)
async def test_one_walks_along_the_follow_ups_and_back_the_way_one_came(tmp_path: Path, size: tuple[int, int]) -> None:
    app = viva(tmp_path)
    second = BANK[CORE].facts.follow_ups[1]
    async with app.run_test(size=size) as pilot:
        app.open_card(CORE)
        await pilot.pause()
        screen = app.screen
        assert isinstance(screen, CardScreen)
        await pilot.press("m")
        await pilot.pause()
        text = seen(app)
        assert "leads on to" in text
        assert all(BANK[card].text.question[:20] in text for card in BANK[CORE].facts.follow_ups)
        await pilot.press("down", "enter")
        await pilot.pause()
        assert screen.at_hand.card.id == second
        assert screen.query_one(CardView).card.id == second
        text = seen(app)
        assert "Your way here" in text and f"› {BANK[CORE].text.question[:20]}" in text
        third = screen.query_one(CardGraph).here
        await pilot.press("enter", "backspace")
        await pilot.pause()
        assert screen.at_hand.card.id == second and screen.query_one(CardGraph).here == third
        await pilot.press("backspace", "backspace")
        await pilot.pause()
        assert screen.at_hand.card.id == CORE and screen.query_one(CardGraph).here == second
        assert any("where the way began" in note.message for note in app._notifications)


async def test_one_walks_up_to_what_leads_to_a_card(tmp_path: Path) -> None:
    app = viva(tmp_path)
    follow_up = BANK[CORE].facts.follow_ups[0]
    async with app.run_test() as pilot:
        app.open_card(follow_up)
        await pilot.press("m", *["up"] * 20)
        await pilot.pause()
        leading = app.screen.query_one(CardGraph).here
        assert follow_up in BANK[leading].facts.follow_ups
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.screen, CardScreen) and app.screen.at_hand.card.id == leading


@pytest.mark.parametrize("size", SIZES)
async def test_the_explanation_is_shown_on_the_cards_that_one_walks_to(tmp_path: Path, size: tuple[int, int]) -> None:
    app = viva(tmp_path)
    async with app.run_test(size=size) as pilot:
        app.open_card(CORE)
        await pilot.press("e")
        await eventually(pilot, lambda: "Explanation" in seen(app), 10)
        await pilot.press("m", "enter")
        await pilot.pause()
        assert app.screen.query_one(CardView).has_class("-explained")


async def test_where_there_is_no_room_beside_the_list_the_explanation_opens_the_card(tmp_path: Path) -> None:
    app = viva(tmp_path, "cards")
    async with app.run_test() as pilot:
        await pilot.press("e")
        await eventually(pilot, lambda: isinstance(app.screen, CardScreen) and "Explanation" in seen(app), 10)


async def test_esc_leaves_the_graph_for_the_card_and_the_card_for_where_one_came_from(tmp_path: Path) -> None:
    app = viva(tmp_path)
    async with app.run_test() as pilot:
        app.open_card(CORE)
        await pilot.press("m")
        assert not app.screen.query_one(CardView).is_on_screen
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(app.screen, CardScreen) and app.screen.query_one(CardView).has_focus
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(app.screen, HomeScreen)


async def test_the_way_and_the_card_outlast_a_language_switch(tmp_path: Path) -> None:
    app = viva(tmp_path)
    async with app.run_test() as pilot:
        app.open_card(CORE)
        await pilot.press("m", "enter", "l")
        await pilot.pause()
        screen = app.screen
        assert isinstance(screen, CardScreen) and screen.at_hand.card.id == BANK[CORE].facts.follow_ups[0]
        assert screen.at_hand.card.language == "ru"
        assert app.bank[CORE].text.question[:20] in seen(app)


async def test_a_card_that_is_not_there_is_said_to_be_unknown(tmp_path: Path) -> None:
    app = viva(tmp_path)
    async with app.run_test() as pilot:
        app.open_card("no-such-card")
        await pilot.pause()
        assert isinstance(app.screen, HomeScreen)
        assert any("no-such-card" in note.message for note in app._notifications)


async def test_the_anki_keys_set_aside_here_as_well(tmp_path: Path) -> None:
    app = viva(tmp_path, "cards", config=Config(device="cpu", keys="anki"))
    async with app.run_test() as pilot:
        await pilot.pause()
        card = at(app)
        await pilot.press("@", "*")
        await pilot.pause()
        assert app.log_book.marks_of(card).suspended and app.log_book.marks_of(card).flagged


async def test_a_long_list_draws_only_what_is_in_sight(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: set[int] = set()
    draw = CardList.draw

    def watched(self: CardList, row: int, width: int, here: bool) -> object:
        drawn.add(row)
        return draw(self, row, width, here)

    monkeypatch.setattr(CardList, "draw", watched)
    app = viva(tmp_path)
    model = BANK[CORE]
    app.bank = Bank(msgspec.structs.replace(model, id=f"card-{i}") for i in range(10_000))
    async with app.run_test() as pilot:
        app.open_cards()
        await pilot.press("end", "pageup", "home", "down")
        await pilot.pause()
        assert found(app)[1] == at(app) and len(drawn) < 100


def test_browsing_imports_no_torch(tmp_path: Path) -> None:
    code = """
import asyncio, sys
from pathlib import Path
from qa_bank.reviews import ReviewLog
from tui.app import VivaApp
async def main():
    app = VivaApp(ReviewLog.open(Path(sys.argv[1]) / "reviews.db"))
    async with app.run_test() as pilot:
        await pilot.press("b", "/", *"gradient", "enter")
        await pilot.pause(0.2)
        await pilot.press("enter", "m", "enter")
        await pilot.pause(0.2)
        print(type(app.screen).__name__, "torch" in sys.modules)
asyncio.run(main())
"""
    done = subprocess.run(
        [sys.executable, "-c", code, tmp_path], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.stdout.split() == ["CardScreen", "False"], done.stderr
