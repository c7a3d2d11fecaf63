"""The commands of `viva`, with their help in the language of the interface. A module for each group of them."""

from typing import Annotated, Any

import typer

from tui.commands import cards, data, deck, demo, learning, settings
from tui.commands.options import as_json, spoken
from tui.config import Config
from tui.i18n import _
from tui.launch import face


def build(config: Config) -> typer.Typer:
    """All of them."""
    looks: dict[str, Any] = {"no_args_is_help": True, "pretty_exceptions_enable": False, "rich_markup_mode": None}
    app = typer.Typer(
        **looks | {"no_args_is_help": False},
        help=_("Viva: a deep-learning interview coach for the terminal. Every answer runs."),
        context_settings={"help_option_names": ["-h", "--help"]},
    )

    def version(asked: bool) -> None:
        if asked:
            from tui import __version__

            typer.echo(f"viva {__version__}")
            raise typer.Exit

    @app.callback(invoke_without_command=True)
    @spoken
    def home(
        context: typer.Context,
        _version: Annotated[
            bool, typer.Option("--version", help=_("Say the version."), callback=version, is_eager=True)
        ] = False,
    ) -> None:
        if context.invoked_subcommand is None:
            face(config)

    learning.add_to(app, config)

    @app.command(help=_("Versions, devices, paths, terminal and language: what to send with a bug report."))
    @spoken
    def doctor(json: Annotated[bool, as_json()] = False) -> None:
        from tui.listings import doctor

        raise SystemExit(doctor(config, json))

    groups = (
        ("demo", demo, _("Experiments: list them, run one, check what they claim.")),
        ("cards", cards, _("Cards: list them, show one, check them all.")),
        ("deck", deck, _("Your own decks: add, list, check, remove or begin one.")),
        ("data", data, _("Your data: where it is, back it up, restore it.")),
        ("config", settings, _("Settings: show them, change one, list the keys.")),
    )
    for name, module, text in groups:
        group = typer.Typer(**looks, help=text)
        module.add_to(group, config)
        app.add_typer(group, name=name)
    return app
