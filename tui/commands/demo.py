"""`viva demo`: experiments."""

from pathlib import Path
from typing import Annotated

import typer

from tui.commands.options import DEVICE_TEXT, as_json, in_lines, spoken
from tui.config import Config
from tui.i18n import _
from tui.launch import dumb, face, plainly, terminal


def add_to(group: typer.Typer, config: Config) -> None:
    """Add the commands."""

    @group.command("list", help=_("Every experiment, with its presets and knobs."))
    @spoken
    def demo_list(json: Annotated[bool, as_json()] = False) -> None:
        from tui.listings import demo_list

        demo_list(json)

    @group.command("run", help=_("Run an experiment: on the screen, or with --plain or in a pipe as lines."))
    @spoken
    def demo_run(
        name: Annotated[str, typer.Argument(metavar="NAME", help=_("Which one; `viva demo list` lists them."))],
        preset: Annotated[str | None, typer.Option(help=_("A named set of knobs."))] = None,
        set_: Annotated[
            list[str] | None, typer.Option("--set", metavar="KNOB=VALUE", help=_("Turn a knob; may be given again."))
        ] = None,
        at: Annotated[
            list[str] | None,
            typer.Option(metavar="STEP:KNOB=VALUE", help=_("Turn a knob on the way; may be given again.")),
        ] = None,
        seed: Annotated[int, typer.Option(help=_("Seed of all random numbers."))] = 0,
        device: Annotated[str | None, typer.Option(help=_(DEVICE_TEXT))] = None,
        seconds: Annotated[float | None, typer.Option(help=_("Stop after so many seconds."), min=0.1)] = None,
        export: Annotated[
            Path | None, typer.Option(metavar="FILE.py", help=_("Write the run as a script that needs torch alone."))
        ] = None,
        plain: Annotated[bool, in_lines()] = False,
        json: Annotated[bool, as_json()] = False,
    ) -> None:
        from demos import describe
        from demos.wire import Start
        from tui.plain import export_demo, run_demo
        from tui.repeat import parse_knobs, parse_turns

        with plainly():
            described = describe(name)
            changes = parse_knobs(described, set_ or [])
            described.values(preset, changes)
            turns = parse_turns(described, at or [])
            start = Start(name, preset, changes, seed, device or config.device, turns=turns)
            if export is not None:
                raise SystemExit(export_demo(start, export))
            if plain or json or not terminal() or dumb():
                raise SystemExit(run_demo(start, seconds, as_json=json))
        face(config, "demo", start=start, seconds=seconds)

    @group.command("check", help=_("Run presets to their end and judge their claims; 1 when one does not hold."))
    @spoken
    def demo_check(
        names: Annotated[
            list[str] | None, typer.Argument(metavar="[NAME]…", help=_("Which ones; all when none is given."))
        ] = None,
        seeds: Annotated[int, typer.Option(help=_("How many seeds, from 0."), min=1)] = 1,
        device: Annotated[str | None, typer.Option(help=_(DEVICE_TEXT))] = None,
        large: Annotated[bool, typer.Option("--large", help=_("Large presets too; they take minutes."))] = False,
        json: Annotated[bool, as_json()] = False,
    ) -> None:
        from tui.plain import check_demos

        with plainly():
            raise SystemExit(check_demos(names or [], seeds, device or config.device, large=large, as_json=json))
