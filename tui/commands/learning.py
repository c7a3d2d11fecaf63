"""`viva study`, `interview`, `interviews`, `stats` and `optimize`: the learner's day."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from tui import i18n, paths
from tui.commands.options import as_json, in_lines, spoken
from tui.config import Config
from tui.i18n import _
from tui.launch import dumb, face, open_log, plainly


def add_to(group: typer.Typer, config: Config) -> None:
    """Add the commands."""

    @group.command(help=_("Study what is due, then new cards."))
    @spoken
    def study(
        topic: Annotated[str | None, typer.Option(help=_("Only this topic."))] = None,
        level: Annotated[str | None, typer.Option(help=_("Only this level: junior, middle or senior."))] = None,
        tag: Annotated[str | None, typer.Option(help=_("Only cards with this tag."))] = None,
        flagged: Annotated[bool, typer.Option("--flagged", help=_("Only cards with a flag."))] = False,
        weakest: Annotated[bool, typer.Option("--weakest", help=_("What you remember least comes first."))] = False,
        cram: Annotated[bool, typer.Option("--cram", help=_("All of them once; the schedule stays as it is."))] = False,
        plain: Annotated[bool, in_lines()] = False,
    ) -> None:
        from tui.library import load_bank
        from tui.queues import Wanted, day_limits
        from tui.study import Study

        with plainly():
            bank = load_bank(i18n.language())
            wanted = Wanted(topic, level, tag, flagged, weakest, cram)
            wanted.cards(bank, {})
            if plain or config.plain or (dumb() and sys.stdin.isatty()):
                from tui.plain import study as plain_study

                raise SystemExit(plain_study(Study(bank, open_log(config), day_limits(config), wanted), config))
        face(config, "study", wanted=wanted)

    @group.command(help=_("Sit an interview: questions, what is asked upon them, a report."))
    @spoken
    def interview(
        questions: Annotated[
            int | None, typer.Option(help=_("How many questions; 10 when nothing is said."), min=1)
        ] = None,
        minutes: Annotated[
            float | None, typer.Option(help=_("No new question after so many minutes."), min=1, max=600)
        ] = None,
        topic: Annotated[list[str] | None, typer.Option(help=_("Only this topic; may be given again."))] = None,
        level: Annotated[str | None, typer.Option(help=_("Only this level: junior, middle or senior."))] = None,
        style: Annotated[
            str, typer.Option(help=_("theory: to explain; practice: to compute and predict; mixed: both."))
        ] = "mixed",
        seed: Annotated[int | None, typer.Option(help=_("The same seed asks the same questions."))] = None,
        resume: Annotated[bool, typer.Option("--resume", help=_("Go on with the one that was broken off."))] = False,
        plain: Annotated[bool, in_lines()] = False,
    ) -> None:
        from tui.interview_commands import choices, sit_plainly

        with plainly():
            chosen = None if resume else choices(questions, minutes, topic or [], level, style, seed)
            if plain or config.plain or (dumb() and sys.stdin.isatty()):
                raise SystemExit(sit_plainly(open_log(config), chosen, config.device))
        face(config, "interview", choices=chosen)

    @group.command(help=_("The interviews so far, with their scores; or the report of one."))
    @spoken
    def interviews(
        number: Annotated[
            int, typer.Argument(metavar="[NUMBER]", help=_("Whose report: 1 is the latest, 2 the one before."), min=0)
        ] = 0,
        export: Annotated[Path | None, typer.Option(metavar="FILE.md", help=_("Write the report as Markdown."))] = None,
        json: Annotated[bool, as_json()] = False,
    ) -> None:
        from tui.interview_commands import show

        with plainly():
            raise SystemExit(show(open_log(config), number, export, as_json=json))

    @group.command(help=_("What you have learned, in numbers."))
    @spoken
    def stats(json: Annotated[bool, as_json()] = False) -> None:
        from tui.stats_commands import stats

        with plainly():
            stats(open_log(config), config, json)

    @group.command(help=_("Fit the schedule to your reviews; kept only if it predicts the later ones better."))
    @spoken
    def optimize(json: Annotated[bool, as_json()] = False) -> None:
        from tui.optimize_command import optimize

        with plainly():
            raise SystemExit(optimize(open_log(config), paths.config_path(), json))
