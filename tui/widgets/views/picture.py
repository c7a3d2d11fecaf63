"""Picture: images in half blocks, two pixels a cell, with boxes and captions."""

from __future__ import annotations

from collections.abc import Sequence

from demos.frame import Box, Picture, Tile
from tui.widgets.canvas import Ink, width_of
from tui.widgets.views.base import ViewCanvas, number, spoken

_GAP = 2


class PictureView(ViewCanvas):
    def lines(self, width: int) -> int:
        tile = self._largest()
        columns = max(1, (width + _GAP) // (tile[0] + _GAP))
        rows = -(-len(self.view.tiles) // columns)
        return 1 + rows * (-(-tile[1] // 2) + self._caption_lines()) + bool(self.view.legend)

    def draw(self, ink: Ink, width: int, height: int) -> None:
        view: Picture = self.view
        self.title(ink, width)
        below = bool(view.legend)
        tile_width, tile_height = self._largest()
        if not tile_width:
            return
        captions = self._caption_lines()
        scale, columns = self._fit(width, height - 1 - below, tile_width, tile_height, captions)
        cells_wide = -(-tile_width // scale)
        cells_high = -(-tile_height // (2 * scale)) + captions
        for i, tile in enumerate(view.tiles):
            x, y = (i % columns) * (cells_wide + _GAP), 1 + (i // columns) * cells_high
            self._tile(ink, tile, x, y, scale, cells_wide)
        x = 0
        for name, colour in view.legend:
            self.text(x, height - 1, "■ " + spoken(name), colour)
            x += width_of(spoken(name)) + 4

    def _fit(self, width: int, height: int, tile_width: int, tile_height: int, captions: int) -> tuple[int, int]:
        """(how many pixels to a dot, tiles in a row) so that all tiles are seen, as large as can be."""
        scale = 1
        while True:
            columns = max(1, (width + _GAP) // (-(-tile_width // scale) + _GAP))
            rows = -(-len(self.view.tiles) // columns)
            fits = rows * (-(-tile_height // (2 * scale)) + captions) <= height and -(-tile_width // scale) <= width
            if fits or scale >= 8:
                return scale, columns
            scale += 1

    def _tile(self, ink: Ink, tile: Tile, x: int, y: int, scale: int, room: int) -> None:
        pixels = tile.pixels
        rows = range(0, len(pixels), 2 * scale)
        for cy, top in enumerate(rows):
            bottom = top + scale
            for cx, column in enumerate(range(0, len(pixels[0]), scale)):
                upper = _mean(pixels, top, column, scale)
                lower = _mean(pixels, bottom, column, scale) if bottom < len(pixels) else upper
                self.put(x + cx, y + cy, "▀", upper, lower)
        for i, box in enumerate(tile.boxes):
            self._box(ink, box, i, x, y, scale)
        if tile.caption:
            self.text(x, y + len(rows), spoken(tile.caption)[: room + _GAP - 1], ink.muted)

    def _box(self, ink: Ink, box: Box, index: int, x: int, y: int, scale: int) -> None:
        colour = ink.series[index % len(ink.series)]
        left, right = x + round(box.x0 / scale), x + round(box.x1 / scale) - 1
        top, bottom = y + round(box.y0 / (2 * scale)), y + round(box.y1 / (2 * scale)) - 1
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
        for i, char in enumerate(label[: max(0, right - left - 1)]):
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


def _mean(pixels: Sequence[Sequence[int | Sequence[int]]], top: int, left: int, scale: int) -> str:
    """The mean colour of a block of pixels, as #rrggbb."""
    block = [pixel for row in pixels[top : top + scale] for pixel in row[left : left + scale]]
    if not block:
        return "#000000"
    if scale == 1:
        red, green, blue = _rgb(block[0])
    else:
        red, green, blue = (sum(channel) // len(block) for channel in zip(*map(_rgb, block), strict=True))
    return f"#{red:02x}{green:02x}{blue:02x}"


def _rgb(pixel: int | Sequence[int]) -> tuple[int, int, int]:
    if isinstance(pixel, int | float):
        return (int(pixel), int(pixel), int(pixel))
    red, green, blue = pixel
    return (int(red), int(green), int(blue))
