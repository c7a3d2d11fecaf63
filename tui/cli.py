"""The command line: `viva`. Each command says in one line what is wrong; 0 is well, 1 a problem found, 2 a wrong call."""

import inspect
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tui import config as configuration
from tui import i18n, paths
from tui.config import Config, ConfigError
from tui.i18n import LANGUAGES, _

if TYPE_CHECKING:
    from qa_bank.reviews import ReviewLog


def main(argv: Sequence[str] | None = None) -> None:
    """The console script. Options of the whole program are read first: help must speak the language they choose."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        config = configuration.load(paths.config_path())
    except ConfigError as error:
        fail(str(error), code=1)
    i18n.use(_language(arguments, config))
    build(config)(arguments, prog_name="viva")


def fail(message: str, code: int = 2) -> Any:
    """Say what is wrong on stderr, and end."""
    sys.stderr.write(message + "\n")
    raise SystemExit(code)


def _language(arguments: Sequence[str], config: Config) -> str:
    """--lang, VIVA_LANG, the configuration, the locale, English."""
    chosen = None
    for i, argument in enumerate(arguments):
        if argument == "--lang":
            chosen = arguments[i + 1] if i + 1 < len(arguments) else ""
        elif argument.startswith("--lang="):
            chosen = argument.partition("=")[2]
    for asked, source in ((chosen, "--lang"), (os.environ.get("VIVA_LANG"), "VIVA_LANG")):
        if asked is not None and asked != "":
            if asked not in LANGUAGES:
                fail(f"{source}: no language '{asked}'. Languages: {', '.join(LANGUAGES)}.")
            return asked
    return config.language or i18n.from_locale() or "en"


@contextmanager
def _plainly() -> Iterator[None]:
    """What can go wrong becomes one line and an exit code."""
    from demos.demo import DemoError
    from qa_bank.bank import UnknownCardError
    from qa_bank.reviews import ReviewLogError
    from tui.trouble import error_text, trouble_text

    try:
        yield
    except (DemoError, UnknownCardError) as error:
        fail(error_text(error))
    except ReviewLogError as error:
        fail(trouble_text(error), code=1)
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115 - so that closing it says nothing more
        raise SystemExit(1) from None


def _open_log(config: Config) -> "ReviewLog":
    from qa_bank.memory import Scheduler, Settings
    from qa_bank.reviews import ReviewLog

    return ReviewLog.open(paths.log_path(), Scheduler(Settings(retention=config.retention)))


def _terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _dumb() -> bool:
    return os.environ.get("TERM") == "dumb"


def _face(config: Config, part: str = "home", **choices: Any) -> None:
    """Open the app at one of its parts, and end with its exit code."""
    if not _terminal():
        fail(
            _("This is not a terminal. In a pipe use: viva study --plain, viva demo run NAME --plain, viva cards list.")
        )
    from tui.app import VivaApp

    with _plainly():
        app = VivaApp(_open_log(config), config, paths.config_path(), part=part, **choices)
        app.run()
    raise SystemExit(app.return_code or 0)


def _spoken(command: Callable[..., Any]) -> Callable[..., Any]:
    """The command with --lang, as every command has it; `_language` has read it already."""
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
            _face(config)

    @app.command(help=_("Study what is due, then new cards."))
    @_spoken
    def study(
        topic: Annotated[str | None, typer.Option(help=_("Only this topic."))] = None,
        level: Annotated[str | None, typer.Option(help=_("Only this level: junior, middle or senior."))] = None,
        plain: Annotated[bool, plain] = False,
    ) -> None:
        from qa_bank.bank import Bank

        with _plainly():
            bank = Bank.load(i18n.language())
            bank.select(topic, level)
            if plain or (_dumb() and sys.stdin.isatty()):
                from qa_bank.session import Limits
                from tui.plain import study as plain_study
                from tui.study import Study

                limits = Limits(config.new_a_day, config.reviews_a_day)
                raise SystemExit(plain_study(Study(bank, _open_log(config), limits, topic, level), config.device))
        _face(config, "study", topic=topic, level=level)

    @demo.command("list", help=_("Every experiment, with its presets and knobs."))
    @_spoken
    def demo_list(json: Annotated[bool, as_json] = False) -> None:
        from tui.listings import demo_list

        demo_list(json)

    @demo.command("run", help=_("Run an experiment: on the screen, or with --plain or in a pipe as lines."))
    def demo_run(
        name: Annotated[str, typer.Argument(metavar="NAME", help=_("Which one; `viva demo list` lists them."))],
        preset: Annotated[str | None, typer.Option(help=_("A named set of knobs."))] = None,
        set_: Annotated[
            list[str] | None, typer.Option("--set", metavar="KNOB=VALUE", help=_("Turn a knob; may be given again."))
        ] = None,
        seed: Annotated[int, typer.Option(help=_("Seed of all random numbers."))] = 0,
        device: Annotated[str | None, typer.Option(help=device_help)] = None,
        seconds: Annotated[float | None, typer.Option(help=_("Stop after so many seconds."), min=0.1)] = None,
        plain: Annotated[bool, plain] = False,
        json: Annotated[bool, as_json] = False,
    ) -> None:
        from demos import describe
        from demos.wire import Start
        from tui.plain import parse_knobs, run_demo

        with _plainly():
            described = describe(name)
            changes = parse_knobs(described, set_ or [])
            described.values(preset, changes)
            where = device or config.device
            if plain or json or not _terminal() or _dumb():
                raise SystemExit(
                    run_demo(Start(name, preset, changes, seed, where, linger=False), seconds, as_json=json)
                )
        _face(config, "demo", name=name, preset=preset, params=changes, seed=seed, device=where, seconds=seconds)

    @demo.command("check", help=_("Run presets to their end and judge their claims; 1 when one does not hold."))
    def demo_check(
        names: Annotated[
            list[str] | None, typer.Argument(metavar="[NAME]…", help=_("Which ones; all when none is given."))
        ] = None,
        seeds: Annotated[int, typer.Option(help=_("How many seeds, from 0."), min=1)] = 1,
        device: Annotated[str | None, typer.Option(help=device_help)] = None,
        json: Annotated[bool, as_json] = False,
    ) -> None:
        from tui.plain import check_demos

        with _plainly():
            raise SystemExit(check_demos(names or [], seeds, device or config.device, as_json=json))

    @cards.command("list", help=_("Every card: its id, topic, level and question."))
    @_spoken
    def cards_list(
        topic: Annotated[str | None, typer.Option(help=_("Only this topic."))] = None,
        level: Annotated[str | None, typer.Option(help=_("Only this level: junior, middle or senior."))] = None,
        json: Annotated[bool, as_json] = False,
    ) -> None:
        from tui.listings import cards_list

        with _plainly():
            cards_list(topic, level, json)

    @cards.command("show", help=_("One card, all of it."))
    @_spoken
    def cards_show(
        card: Annotated[str, typer.Argument(metavar="ID", help=_("Its id; `viva cards list` lists them."))],
        json: Annotated[bool, as_json] = False,
    ) -> None:
        from tui.listings import cards_show

        with _plainly():
            cards_show(card, json)

    @cards.command(
        "check", help=_("All that is wrong with the cards, as file:line: message; 1 when there is anything.")
    )
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

        with _plainly():
            stats(_open_log(config), config, json)

    @app.command(help=_("Versions, devices, paths, terminal and language: what to send with a bug report."))
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

        from qa_bank.reviews import backups

        with _plainly():
            log = _open_log(config)
            target = file or backups(log.path) / f"reviews-{datetime.now():%Y%m%dT%H%M%S}.db"
            typer.echo(log.backup(target))

    @data.command("restore", help=_("Put a backup in the log's place; what stood there is set aside."))
    @_spoken
    def data_restore(
        file: Annotated[Path, typer.Argument(metavar="FILE", help=_("A backup of the review log."))],
    ) -> None:
        from datetime import datetime

        from qa_bank.reviews import restore

        with _plainly():
            if not file.exists():
                fail(_("No such file: {path}").format(path=file))
            aside = restore(paths.log_path(), file, datetime.now())
            typer.echo(_("Restored: {path}").format(path=paths.log_path()))
            if aside is not None:
                typer.echo(_("Set aside: {path}").format(path=aside))

    return app
