"""The one line that repeats a run, knob for knob and turn for turn: written, and read."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence

from demos.demo import Demo, DemoError, KnobValue
from demos.frame import Turn
from tui.i18n import n_

END = "end"
"""In place of a step: when the run is done."""


def command(demo: Demo, preset: str, begun: Mapping[str, KnobValue], turns: Sequence[Turn], seed: int) -> str:
    """The line for a run that began with these knobs and was turned so on its way."""
    usual = demo.values(preset)
    begun = dict(begun)
    for turn in turns:
        begun |= turn.values if _at_once(turn) else {}
    parts = ["viva demo run", shlex.quote(demo.name), f"--preset {preset}"]
    parts += [f"--set {name}={_typed(value)}" for name, value in begun.items() if value != usual[name]]
    for turn in turns:
        if not _at_once(turn):
            step = END if turn.done else turn.step
            parts += [f"--at {step}:{name}={_typed(value)}" for name, value in turn.values.items()]
    parts += [f"--seed {seed}"] if seed else []
    return " ".join(parts)


def parse_knobs(demo: Demo, settings: Sequence[str]) -> dict[str, KnobValue]:
    """`KNOB=VALUE` as typed, checked. Raises DemoError."""
    values = {}
    for setting in settings:
        name, sign, text = setting.partition("=")
        if not sign:
            raise DemoError(n_("--set takes KNOB=VALUE, not '{setting}'."), setting=setting)
        values[name] = demo.knob(name).parse(text)
    return values


def parse_turns(demo: Demo, settings: Sequence[str]) -> tuple[Turn, ...]:
    """`STEP:KNOB=VALUE` as typed, checked; a step is a number, or `end` for after the run. Raises DemoError."""
    turns = []
    for setting in settings:
        step, _colon, rest = setting.partition(":")
        if not (step.isdecimal() or step == END) or "=" not in rest:
            raise DemoError(
                n_("--at takes STEP:KNOB=VALUE, a step being a number or end, not '{setting}'."), setting=setting
            )
        values = demo.check_turn(parse_knobs(demo, [rest]))
        turns.append(Turn(0 if step == END else int(step), values, step == END))
    return tuple(turns)


def _at_once(turn: Turn) -> bool:
    """Turned before the first step: as good as from the beginning."""
    return turn.step == 0


def _typed(value: KnobValue) -> str:
    """A value as `--set` takes it, in any language of the interface."""
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:.12g}" if isinstance(value, float) else str(value)
