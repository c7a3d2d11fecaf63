"""Two themes of one accent each. `muted` is for what is secondary, `faint` for what is not there yet."""

from __future__ import annotations

from textual.theme import Theme

_DARK_SERIES = ("#6cb6c4", "#d9b36c", "#c993d6", "#8fbf7f", "#e0787a", "#8fa3e6")
_LIGHT_SERIES = ("#11697a", "#8a6100", "#7a3b8f", "#3f7a33", "#ad2f32", "#3a4fa0")


def _variables(muted: str, faint: str, series: tuple[str, ...]) -> dict[str, str]:
    return {"muted": muted, "faint": faint} | {f"series-{i}": colour for i, colour in enumerate(series, 1)}


THEMES = (
    Theme(
        name="viva-dark",
        primary="#6cb6c4",
        accent="#6cb6c4",
        foreground="#d7dae0",
        background="#15171c",
        surface="#1b1e25",
        panel="#272b35",
        success="#8fbf7f",
        warning="#d9b36c",
        error="#e0787a",
        dark=True,
        variables=_variables("#8b92a1", "#3d434f", _DARK_SERIES),
    ),
    Theme(
        name="viva-light",
        primary="#11697a",
        accent="#11697a",
        foreground="#24272e",
        background="#fbfaf7",
        surface="#f2f0ea",
        panel="#e4e1d8",
        success="#3f7a33",
        warning="#8a6100",
        error="#ad2f32",
        dark=False,
        variables=_variables("#6a6f7a", "#c9c6bc", _LIGHT_SERIES),
    ),
)
