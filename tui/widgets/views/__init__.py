"""One widget per kind of view that a frame can hold, found by the view's type."""

from __future__ import annotations

from demos.frame import Bars, Curves, Grid, Note, Picture, Points, Table, Tokens, View
from tui.widgets.views.bars import BarsView
from tui.widgets.views.base import ViewCanvas
from tui.widgets.views.curves import CurvesView
from tui.widgets.views.grid import GridView
from tui.widgets.views.picture import PictureView
from tui.widgets.views.points import PointsView
from tui.widgets.views.table import TableView
from tui.widgets.views.words import NoteView, TokensView

WIDGETS: dict[type, type[ViewCanvas]] = {
    Bars: BarsView,
    Curves: CurvesView,
    Grid: GridView,
    Note: NoteView,
    Picture: PictureView,
    Points: PointsView,
    Table: TableView,
    Tokens: TokensView,
}


def widget_for(view: View) -> ViewCanvas:
    """A new widget that shows views of this kind, showing this one."""
    return WIDGETS[type(view)](view)


__all__ = ["ViewCanvas", "widget_for"]
