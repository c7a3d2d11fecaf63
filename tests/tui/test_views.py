"""Every kind of view draws at any size, with numbers missing, and says what it must."""

import pytest
from textual.app import App, ComposeResult

from demos.frame import Bars, Box, Cloud, Curves, Grid, Line, Note, Picture, Points, Ref, Table, Tile, Tokens, View, say
from tui.themes import THEMES
from tui.widgets.stage import Stage
from tui.widgets.views.base import number
from tui.widgets.views.words import broken, wrapped

VIEWS: list[View] = [
    Curves(
        "error",
        (Line("RNN", (0, 1, 2), (1.0, None, 0.1)), Line("LSTM", (0, 1, 2), (1.0, 0.5, 1e-9))),
        (Ref("mean", 1 / 6),),
        x="step",
        log_y=True,
    ),
    Curves("nothing yet", (Line("RNN", (), ()),)),
    Points("ring", (Cloud("real", (0.0, 1.0), (0.0, None)),), (-2, 2), (-2, 2), ((0.0, 1.0), (0.5, None)), "D"),
    Bars("probability", ("mat", "sofa"), (0.9, None), (0.5, 0.5), "T = 1", high=1.0),
    Grid("head", ((1.0, None), (0.2, 0.8)), ("a", "b"), ("a", "b")),
    Grid("numbers", ((12.0, 17.0), (10.0, 19.0)), low=0, high=20, digits=0),
    Picture("scene", (Tile(((0, 255), (128, 64)), "real", (Box(0, 0, 2, 2, "disc", 0.9),)),), (("disc", "#ff0000"),)),
    Picture("colour", (Tile((((255, 0, 0), (0, 255, 0)),)),)),
    Tokens("text", ("the ", "sea\n", "is"), (0.9, 0.05, None)),
    Table("sizes", ("heads", "parameters"), (("one", 4096), (say("{n} heads", n=2), None))),
    Note("The loss is not finite.", "bad"),
]


class Show(App[None]):
    """A stage alone."""

    def __init__(self) -> None:
        super().__init__()
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = "viva-dark"

    def compose(self) -> ComposeResult:
        yield Stage()


def text_of(app: App[None]) -> str:
    return "\n".join("".join(s.text for s in strip) for strip in app.screen._compositor.render_strips())


@pytest.mark.parametrize("size", [(80, 24), (160, 50), (30, 8), (3, 2)])
async def test_every_view_draws_at_every_size(size: tuple[int, int]) -> None:
    app = Show()
    async with app.run_test(size=size) as pilot:
        for view in VIEWS:
            await app.query_one(Stage).show((view,))
            await pilot.pause()
        await app.query_one(Stage).show(tuple(VIEWS))
        await pilot.pause()
        app.theme = "viva-light"
        await pilot.pause()


async def test_curves_name_their_lines_and_their_references() -> None:
    app = Show()
    async with app.run_test(size=(80, 24)) as pilot:
        await app.query_one(Stage).show((VIEWS[0],))
        await pilot.pause()
        text = text_of(app)
        assert "error" in text and "RNN" in text and "LSTM" in text and "mean" in text and "step" in text


async def test_a_masked_cell_does_not_look_like_a_zero() -> None:
    app = Show()
    async with app.run_test(size=(80, 24)) as pilot:
        await app.query_one(Stage).show((VIEWS[4],))
        await pilot.pause()
        assert "·" in text_of(app)


async def test_a_new_frame_of_the_same_kinds_keeps_its_widgets() -> None:
    app = Show()
    async with app.run_test(size=(80, 24)) as pilot:
        stage = app.query_one(Stage)
        await stage.show((VIEWS[0], VIEWS[3]))
        await pilot.pause()
        before = list(stage.query(".view"))
        await stage.show((VIEWS[0], Bars("probability", ("mat", "sofa"), (0.1, 0.9))))
        await pilot.pause()
        assert list(stage.query(".view")) == before
        assert "0.9" in text_of(app)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.164, "0.164"),
        (1797, "1797"),
        (1.2e-7, "1.2e-7"),
        (None, "–"),
        (float("inf"), "–"),
        (0.0, "0"),
        (4096.0, "4096"),
    ],
)
def test_numbers_are_as_short_as_they_can_be_read(value: float | None, text: str) -> None:
    assert number(value) == text


def test_words_are_wrapped_and_none_is_lost() -> None:
    text = "one two three four five six seven"
    for width in range(5, 40):
        lines = wrapped(text, width)
        assert " ".join(lines) == text
        assert all(len(line) <= width for line in lines)


def test_written_text_breaks_between_words_and_loses_no_letter() -> None:
    text = "I put the bed, and I was cold.\nI painted thewholeofthehouse\nagain. "
    for width in range(4, 40):
        lines = [text[line.start : line.stop] for line in broken(text, width)]
        assert all(len(line) <= width for line in lines)
        assert "".join("".join(lines).split()) == "".join(text.split())
    lines = [text[line.start : line.stop] for line in broken(text, 20)]
    assert lines == ["I put the bed, and I", "was cold.", "I painted ", "thewholeofthehouse", "again. "]
