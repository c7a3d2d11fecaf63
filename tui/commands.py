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
    deck = typer.Typer(**settings, help=_("Your own decks: add, list, check, remove or begin one."))
    data = typer.Typer(**settings, help=_("Your data: where it is, back it up, restore it."))
    app.add_typer(demo, name="demo")
    app.add_typer(cards, name="cards")
    app.add_typer(deck, name="deck")
    app.add_typer(data, name="data")
    choices = typer.Typer(**settings, help=_("Settings: show them, change one, list the keys."))
    app.add_typer(choices, name="config")

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
        tag: Annotated[str | None, typer.Option(help=_("Only cards with this tag."))] = None,
        flagged: Annotated[bool, typer.Option("--flagged", help=_("Only cards with a flag."))] = False,
        weakest: Annotated[bool, typer.Option("--weakest", help=_("What you remember least comes first."))] = False,
        cram: Annotated[bool, typer.Option("--cram", help=_("All of them once; the schedule stays as it is."))] = False,
        plain: Annotated[bool, plain] = False,
    ) -> None:
        from tui.library import load_bank
        from tui.study import Study, Wanted, day_limits

        with plainly():
            bank = load_bank(i18n.language())
            wanted = Wanted(topic, level, tag, flagged, weakest, cram)
            wanted.cards(bank, {})
            if plain or config.plain or (dumb() and sys.stdin.isatty()):
                from tui.plain import study as plain_study

                raise SystemExit(plain_study(Study(bank, open_log(config), day_limits(config), wanted), config))
        face(config, "study", wanted=wanted)

    @app.command(help=_("Sit an interview: questions, what is asked upon them, a report."))
    @_spoken
    def interview(
        questions: Annotated[
            int | None, typer.Option(help=_("How many questions; 10 when nothing is said."), min=1)
        ] = None,
        minutes: Annotated[float | None, typer.Option(help=_("No new question after so many minutes."), min=1)] = None,
        topic: Annotated[list[str] | None, typer.Option(help=_("Only this topic; may be given again."))] = None,
        level: Annotated[str | None, typer.Option(help=_("Only this level: junior, middle or senior."))] = None,
        style: Annotated[
            str, typer.Option(help=_("theory: to explain; practice: to compute and predict; mixed: both."))
        ] = "mixed",
        seed: Annotated[int | None, typer.Option(help=_("The same seed asks the same questions."))] = None,
        resume: Annotated[bool, typer.Option("--resume", help=_("Go on with the one that was broken off."))] = False,
        plain: Annotated[bool, plain] = False,
    ) -> None:
        from tui.interview_commands import choices, sit_plainly

        with plainly():
            chosen = None if resume else choices(questions, minutes, topic or [], level, style, seed)
            if plain or config.plain or (dumb() and sys.stdin.isatty()):
                raise SystemExit(sit_plainly(open_log(config), chosen, config.device))
        face(config, "interview", choices=chosen)

    @app.command(help=_("The interviews so far, with their scores; or the report of one."))
    @_spoken
    def interviews(
        number: Annotated[
            int, typer.Argument(metavar="[NUMBER]", help=_("Whose report: 1 is the latest, 2 the one before."), min=0)
        ] = 0,
        export: Annotated[Path | None, typer.Option(metavar="FILE.md", help=_("Write the report as Markdown."))] = None,
        json: Annotated[bool, as_json] = False,
    ) -> None:
        from tui.interview_commands import show

        with plainly():
            raise SystemExit(show(open_log(config), number, export, as_json=json))

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

    @deck.command("add", help=_("Copy a deck to your own; one of its name is replaced, and its progress kept."))
    @_spoken
    def deck_add(
        source: Annotated[Path, typer.Argument(metavar="FILE|FOLDER", help=_("Where the deck is."))],
    ) -> None:
        from tui.deck_commands import deck_add

        raise SystemExit(deck_add(source))

    @deck.command("list", help=_("Your decks, with their cards and problems."))
    @_spoken
    def deck_list(json: Annotated[bool, as_json] = False) -> None:
        from tui.deck_commands import deck_list

        deck_list(json)

    @deck.command("remove", help=_("Set a deck aside; what you learned of it is kept."))
    @_spoken
    def deck_remove(
        name: Annotated[str, typer.Argument(metavar="NAME", help=_("Which one; `viva deck list` lists them."))],
    ) -> None:
        from tui.deck_commands import deck_remove

        raise SystemExit(deck_remove(name))

    @deck.command("check", help=_("All that is wrong with a deck, as file:line: message; 1 when there is anything."))
    @_spoken
    def deck_check(
        source: Annotated[Path, typer.Argument(metavar="FILE|FOLDER", help=_("Where the deck is."))],
        json: Annotated[bool, as_json] = False,
    ) -> None:
        from tui.deck_commands import deck_check

        raise SystemExit(deck_check(source, json))

    @deck.command("new", help=_("Write a small deck that shows how cards are written."))
    @_spoken
    def deck_new(
        name: Annotated[str, typer.Argument(metavar="NAME", help=_("What it will be called."))],
        at: Annotated[
            Path, typer.Option(metavar="PATH", help=_("A folder, or a new file; here when not given."))
        ] = Path(),
    ) -> None:
        from tui.deck_commands import deck_new

        raise SystemExit(deck_new(name, at))

    @app.command(help=_("What you have learned, in numbers."))
    @_spoken
    def stats(json: Annotated[bool, as_json] = False) -> None:
        from tui.listings import stats

        with plainly():
            stats(open_log(config), config, json)

    @app.command(help=_("Fit the schedule to your reviews; kept only if it predicts the later ones better."))
    @_spoken
    def optimize(json: Annotated[bool, as_json] = False) -> None:
        from tui.optimize_command import optimize

        with plainly():
            raise SystemExit(optimize(open_log(config), paths.config_path(), json))

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

    @data.command("export", help=_("Write all that the log holds to a file: grades, marks, notes, interviews."))
    @_spoken
    def data_export(
        file: Annotated[Path, typer.Argument(metavar="FILE.json", help=_("Where to; - for the standard output."))],
    ) -> None:
        from tui.data_commands import export

        with plainly():
            raise SystemExit(export(open_log(config), file))

    @data.command("import", help=_("Read an export into the log; what the log has already changes nothing."))
    @_spoken
    def data_import(
        file: Annotated[Path, typer.Argument(metavar="FILE.json", help=_("An export of Viva."))],
    ) -> None:
        from tui.data_commands import take_in

        with plainly():
            raise SystemExit(take_in(open_log(config), file))

    @data.command("reset", help=_("Begin anew: the log is backed up and set aside."))
    @_spoken
    def data_reset(
        yes: Annotated[bool, typer.Option("--yes", help=_("Do not ask."))] = False,
    ) -> None:
        from tui.data_commands import reset

        with plainly():
            raise SystemExit(reset(config, sure=yes))

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

    @choices.command("show", help=_("Every setting: its value, its default, and what it does."))
    @_spoken
    def config_show(json: Annotated[bool, as_json] = False) -> None:
        from tui.config_commands import show

        show(config, json)

    @choices.command("set", help=_("Change one setting, or an action's keys; `default` takes the choice back."))
    @_spoken
    def config_set(
        key: Annotated[str, typer.Argument(metavar="KEY", help=_("A key of `viva config show`, or an action."))],
        value: Annotated[str, typer.Argument(metavar="VALUE", help=_("The value; several with commas between."))],
    ) -> None:
        from tui.config_commands import choose

        choose(paths.config_path(), key, value)

    @choices.command("path", help=_("Where the settings are kept."))
    @_spoken
    def config_path() -> None:
        typer.echo(paths.config_path())

    @choices.command("keys", help=_("Every action, and the keys that it has now."))
    @_spoken
    def config_keys(json: Annotated[bool, as_json] = False) -> None:
        from tui.config_commands import keys

        keys(config, json)

    @choices.command("init", help=_("Write a config.toml that explains every setting, if there is none."))
    @_spoken
    def config_init() -> None:
        from tui.config_commands import init

        init(paths.config_path())

    return app
