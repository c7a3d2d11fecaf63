"""The commands of `viva`, with their help in the language of the interface."""

import inspect
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from tui import i18n, paths
from tui.config import Config
from tui.i18n import LANGUAGES, _
from tui.launch import dumb, face, fail, open_log, plainly, terminal


def _spoken(command: Callable[..., Any]) -> Callable[..., Any]:
    """The command with --lang in its help; the option itself has been read before: it chose the language of the help."""
    text = _("Language of the interface and the cards.")
    kind = Annotated[str | None, typer.Option("--lang", metavar="|".join(LANGUAGES), help=text)]

    def spoken(*arguments: Any, lang: str | None = None, **options: Any) -> Any:  # noqa: ARG001
        return command(*arguments, **options)

    signature = inspect.signature(command)
    own = inspect.Parameter("lang", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=kind)
    spoken.__signature__ = signature.replace(parameters=[*signature.parameters.values(), own])  # type: ignore[attr-defined]
    spoken.__name__ = command.__name__
    spoken.__annotations__ = command.__annotations__ | {"lang": kind}
    return spoken


def build(config: Config) -> typer.Typer:
    """The commands, with their help in the language of the interface."""
    as_json = typer.Option("--json", help=_("Machine-readable output."))
    plain = typer.Option("--plain", help=_("Plain lines: for pipes, dumb terminals and screen readers."))
    device_help = _("Where it runs: auto, cpu, cuda, mps, …")
    settings: dict[str, Any] = {"no_args_is_help": True, "pretty_exceptions_enable": False, "rich_markup_mode": None}
    app = typer.Typer(
        **settings | {"no_args_is_help": False},
        help=_("Viva: a deep-learning interview coach for the terminal. Every answer runs."),
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    demo = typer.Typer(**settings, help=_("Experiments: list them, run one, check what they claim."))
    cards = typer.Typer(**settings, help=_("Cards: list them, show one, check them all."))
    data = typer.Typer(**settings, help=_("Your data: where it is, back it up, restore it."))
    app.add_typer(demo, name="demo")
    app.add_typer(cards, name="cards")
    app.add_typer(data, name="data")

    def version(asked: bool) -> None:
        if asked:
            from tui import __version__

            typer.echo(f"viva {__version__}")
            raise typer.Exit

    @app.callback(invoke_without_command=True)
    @_spoken
    def home(
        context: typer.Context,
        _version: Annotated[
            bool, typer.Option("--version", help=_("Say the version."), callback=version, is_eager=True)
        ] = False,
    ) -> None:
        if context.invoked_subcommand is None:
            face(config)

    @app.command(help=_("Study what is due, then new cards."))
    @_spoken
    def study(
        topic: Annotated[str | None, typer.Option(help=_("Only this topic."))] = None,
        level: Annotated[str | None, typer.Option(help=_("Only this level: junior, middle or senior."))] = None,
        plain: Annotated[bool, plain] = False,
    ) -> None:
        from qa_bank.bank import Bank

        with plainly():
            bank = Bank.load(i18n.language())
            bank.select(topic, level)
            if plain or (dumb() and sys.stdin.isatty()):
                from qa_bank.session import Limits
                from tui.plain import study as plain_study
                from tui.study import Study

                limits = Limits(config.new_a_day, config.reviews_a_day)
                raise SystemExit(plain_study(Study(bank, open_log(config), limits, topic, level), config.device))
        face(config, "study", topic=topic, level=level)

    @demo.command("list", help=_("Every experiment, with its presets and knobs."))
    @_spoken
    def demo_list(json: Annotated[bool, as_json] = False) -> None:
        from tui.listings import demo_list

        demo_list(json)

    @demo.command("run", help=_("Run an experiment: on the screen, or with --plain or in a pipe as lines."))
    @_spoken
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
        device: Annotated[str | None, typer.Option(help=device_help)] = None,
        seconds: Annotated[float | None, typer.Option(help=_("Stop after so many seconds."), min=0.1)] = None,
        export: Annotated[
            Path | None, typer.Option(metavar="FILE.py", help=_("Write the run as a script that needs torch alone."))
        ] = None,
        plain: Annotated[bool, plain] = False,
        json: Annotated[bool, as_json] = False,
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

    @demo.command("check", help=_("Run presets to their end and judge their claims; 1 when one does not hold."))
    @_spoken
    def demo_check(
        names: Annotated[
            list[str] | None, typer.Argument(metavar="[NAME]…", help=_("Which ones; all when none is given."))
        ] = None,
        seeds: Annotated[int, typer.Option(help=_("How many seeds, from 0."), min=1)] = 1,
        device: Annotated[str | None, typer.Option(help=device_help)] = None,
        large: Annotated[bool, typer.Option("--large", help=_("Large presets too; they take minutes."))] = False,
        json: Annotated[bool, as_json] = False,
    ) -> None:
        from tui.plain import check_demos

        with plainly():
            raise SystemExit(check_demos(names or [], seeds, device or config.device, large=large, as_json=json))

    @cards.command("list", help=_("Every card: its id, topic, level and question."))
    @_spoken
    def cards_list(
        topic: Annotated[str | None, typer.Option(help=_("Only this topic."))] = None,
        level: Annotated[str | None, typer.Option(help=_("Only this level: junior, middle or senior."))] = None,
        json: Annotated[bool, as_json] = False,
    ) -> None:
        from tui.listings import cards_list

        with plainly():
            cards_list(topic, level, json)

    @cards.command("search", help=_("Find the cards that answer a question, best first."))
    @_spoken
    def cards_search(
        query: Annotated[list[str], typer.Argument(metavar="WORDS…", help=_("Words, or a whole question."))],
        most: Annotated[int, typer.Option(help=_("How many cards at the most."), min=1)] = 10,
        json: Annotated[bool, as_json] = False,
    ) -> None:
        from tui.listings import cards_search

        raise SystemExit(cards_search(" ".join(query), most, json))

    @cards.command("coverage", help=_("Which cards teach each concept at each level; 1 when one is missing."))
    @_spoken
    def cards_coverage(json: Annotated[bool, as_json] = False) -> None:
        from tui.listings import cards_coverage

        raise SystemExit(cards_coverage(json))

    @cards.command("show", help=_("One card, all of it."))
    @_spoken
    def cards_show(
        card: Annotated[str, typer.Argument(metavar="ID", help=_("Its id; `viva cards list` lists them."))],
        json: Annotated[bool, as_json] = False,
    ) -> None:
        from tui.listings import cards_show

        with plainly():
            cards_show(card, json)

    @cards.command(
        "check", help=_("All that is wrong with the cards, as file:line: message; 1 when there is anything.")
    )
    @_spoken
    def cards_check(
        folder: Annotated[Path | None, typer.Argument(metavar="[FOLDER]", help=_("Another folder of cards."))] = None,
        json: Annotated[bool, as_json] = False,
    ) -> None:
        from tui.listings import cards_check

        raise SystemExit(cards_check(folder, json))

    @app.command(help=_("What you have learned, in numbers."))
    @_spoken
    def stats(json: Annotated[bool, as_json] = False) -> None:
        from tui.listings import stats

        with plainly():
            stats(open_log(config), config, json)

    @app.command(help=_("Versions, devices, paths, terminal and language: what to send with a bug report."))
    @_spoken
    def doctor(json: Annotated[bool, as_json] = False) -> None:
        from tui.listings import doctor

        raise SystemExit(doctor(config, json))

    @data.command("where", help=_("The folders and files of your data."))
    @_spoken
    def data_where(json: Annotated[bool, as_json] = False) -> None:
        from tui.listings import where

        where(json)

    @data.command("backup", help=_("Copy the review log, whole and consistent, while it may be in use."))
    @_spoken
    def data_backup(
        file: Annotated[
            Path | None, typer.Argument(metavar="[FILE]", help=_("Where to; the backups folder when not given."))
        ] = None,
    ) -> None:
        from datetime import datetime

        from qa_bank.log_file import backups

        with plainly():
            log = open_log(config)
            target = file or backups(log.path) / f"reviews-{datetime.now():%Y%m%dT%H%M%S}.db"
            typer.echo(log.backup(target))

    @data.command("restore", help=_("Put a backup in the log's place; what stood there is set aside."))
    @_spoken
    def data_restore(
        file: Annotated[Path, typer.Argument(metavar="FILE", help=_("A backup of the review log."))],
    ) -> None:
        from datetime import datetime

        from qa_bank.log_file import restore

        with plainly():
            if not file.exists():
                fail(_("No such file: {path}").format(path=file))
            aside = restore(paths.log_path(), file, datetime.now())
            typer.echo(_("Restored: {path}").format(path=paths.log_path()))
            if aside is not None:
                typer.echo(_("Set aside: {path}").format(path=aside))

    return app
