"""Picture: images in half blocks, two pixels a cell, with boxes and captions."""

from __future__ import annotations

import math
from collections.abc import Sequence

from demos.frame import Box, Picture, Tile
from tui.widgets.canvas import Ink, width_of
from tui.widgets.views.base import ViewCanvas, number, spoken

_GAP = 2
_MODEST = 16
"""Lines that pictures ask for when they would fill more."""


class PictureView(ViewCanvas):
    least = 11
    hunger = 2

    def lines(self, width: int) -> int:
        zoom, columns = self._fit(width, _MODEST)
        return self._height(min(zoom, 1.0), columns) + 1 + bool(self.view.legend)

    def width_wanted(self, width: int) -> int:
        return min(max(34, (self._largest()[0] + _GAP) * min(len(self.view.tiles), 6)), width)

    def width_least(self, width: int) -> int:
        return min(44, self.width_wanted(width))

    def draw(self, ink: Ink, width: int, height: int) -> None:
        view: Picture = self.view
        self.title(ink, width)
        tile_width, tile_height = self._largest()
        if not tile_width:
            return
        zoom, columns = self._fit(width, height - 1 - bool(view.legend))
        across = math.ceil(tile_width * zoom) + _GAP
        down = math.ceil(tile_height * zoom / 2) + self._caption_lines()
        for i, tile in enumerate(view.tiles):
            self._tile(ink, tile, (i % columns) * across, 1 + (i // columns) * down, zoom)
        x = 0
        for name, colour in view.legend:
            self.text(x, height - 1, "■ " + spoken(name), colour)
            x += width_of(spoken(name)) + 4

    def _fit(self, width: int, height: int) -> tuple[float, int]:
        """(cells a pixel, tiles a row) at which all tiles are seen as large as can be; above 1 in whole steps."""
        tile_width, tile_height = self._largest()
        best = (1 / 8, len(self.view.tiles))
        for columns in range(1, len(self.view.tiles) + 1):
            rows = math.ceil(len(self.view.tiles) / columns)
            across = (width - _GAP * (columns - 1)) // columns / tile_width
            down = 2 * (height // rows - self._caption_lines()) / tile_height
            zoom = min(across, down)
            zoom = float(math.floor(zoom)) if zoom >= 1 else zoom
            if zoom > best[0]:
                best = (zoom, columns)
        return best

    def _height(self, zoom: float, columns: int) -> int:
        rows = math.ceil(len(self.view.tiles) / columns)
        return rows * (math.ceil(self._largest()[1] * zoom / 2) + self._caption_lines())

    def _tile(self, ink: Ink, tile: Tile, x: int, y: int, zoom: float) -> None:
        rows, columns = len(tile.pixels), len(tile.pixels[0])
        down = math.ceil(rows * zoom / 2)
        for cy in range(down):
            for cx in range(math.ceil(columns * zoom)):
                upper = _colour(tile.pixels, 2 * cy, cx, zoom)
                lower = _colour(tile.pixels, 2 * cy + 1, cx, zoom) or upper
                self.put(x + cx, y + cy, "▀", upper, lower)
        for i, box in enumerate(tile.boxes):
            self._box(ink, box, i, x, y, zoom, math.ceil(columns * zoom))
        if tile.caption:
            room = math.ceil(columns * zoom) + _GAP - 1
            self.text(x, y + down, spoken(tile.caption)[:room], ink.muted)

    def _box(self, ink: Ink, box: Box, index: int, x: int, y: int, zoom: float, room: int) -> None:
        colour = ink.series[index % len(ink.series)]
        left, right = x + round(box.x0 * zoom), x + round(box.x1 * zoom) - 1
        top, bottom = y + round(box.y0 * zoom / 2), y + round(box.y1 * zoom / 2) - 1
        right, bottom = max(right, left + 1), max(bottom, top)
        for column in range(left + 1, right):
            self._over(column, top, "─", colour)
            self._over(column, bottom, "─", colour)
        for row in range(top + 1, bottom):
            self._over(left, row, "│", colour)
            self._over(right, row, "│", colour)
        for column, row, corner in ((left, top, "┌"), (right, top, "┐"), (left, bottom, "└"), (right, bottom, "┘")):
            self._over(column, row, corner, colour)
        label = spoken(box.label) + (f" {number(box.score, 2)}" if box.score is not None else "")
        for i, char in enumerate(label[: max(0, x + room - left - 1)]):
            self._over(left + 1 + i, top, char, colour)

    def _over(self, x: int, y: int, char: str, colour: str) -> None:
        """Draw over the picture, keeping the pixel's own colour as the paper."""
        if 0 <= y < len(self._cells) and 0 <= x < len(self._cells[y]):
            _char, upper, lower, _bold = self._cells[y][x]
            self.put(x, y, char, colour, lower or upper, bold=True)

    def _largest(self) -> tuple[int, int]:
        tiles = self.view.tiles
        return (
            max((len(tile.pixels[0]) for tile in tiles if tile.pixels), default=0),
            max((len(tile.pixels) for tile in tiles), default=0),
        )

    def _caption_lines(self) -> int:
        return int(any(tile.caption for tile in self.view.tiles))


def _colour(pixels: Sequence[Sequence[int | Sequence[int]]], row: int, column: int, zoom: float) -> str:
    """The colour of one dot of the zoomed picture, as #rrggbb: of its pixel, or the mean of the pixels it stands for."""
    top, left = int(row / zoom), int(column / zoom)
    bottom, right = max(top + 1, int((row + 1) / zoom)), max(left + 1, int((column + 1) / zoom))
    block = [_rgb(pixel) for line in pixels[top:bottom] for pixel in line[left:right]]
    if not block:
        return ""
    red, green, blue = (sum(channel) // len(block) for channel in zip(*block, strict=True))
    return f"#{red:02x}{green:02x}{blue:02x}"


def _rgb(pixel: int | Sequence[int]) -> tuple[int, int, int]:
    if isinstance(pixel, int | float):
        return (int(pixel), int(pixel), int(pixel))
    red, green, blue = pixel
    return (int(red), int(green), int(blue))
