"""`viva deck`: the learner's own cards."""

from pathlib import Path
from typing import Annotated

import typer

from tui.commands.options import as_json, spoken
from tui.config import Config
from tui.i18n import _


def add_to(group: typer.Typer, _config: Config) -> None:
    """Add the commands."""

    @group.command("add", help=_("Copy a deck to your own; one of its name is replaced, and its progress kept."))
    @spoken
    def deck_add(
        source: Annotated[Path, typer.Argument(metavar="FILE|FOLDER", help=_("Where the deck is."))],
    ) -> None:
        from tui.deck_commands import deck_add

        raise SystemExit(deck_add(source))

    @group.command("list", help=_("Your decks, with their cards and problems."))
    @spoken
    def deck_list(json: Annotated[bool, as_json()] = False) -> None:
        from tui.deck_commands import deck_list

        deck_list(json)

    @group.command("remove", help=_("Set a deck aside; what you learned of it is kept."))
    @spoken
    def deck_remove(
        name: Annotated[str, typer.Argument(metavar="NAME", help=_("Which one; `viva deck list` lists them."))],
    ) -> None:
        from tui.deck_commands import deck_remove

        raise SystemExit(deck_remove(name))

    @group.command("check", help=_("All that is wrong with a deck, as file:line: message; 1 when there is anything."))
    @spoken
    def deck_check(
        source: Annotated[Path, typer.Argument(metavar="FILE|FOLDER", help=_("Where the deck is."))],
        json: Annotated[bool, as_json()] = False,
    ) -> None:
        from tui.deck_commands import deck_check

        raise SystemExit(deck_check(source, json))

    @group.command("new", help=_("Write a small deck that shows how cards are written."))
    @spoken
    def deck_new(
        name: Annotated[str, typer.Argument(metavar="NAME", help=_("What it will be called."))],
        at: Annotated[
            Path, typer.Option(metavar="PATH", help=_("A folder, or a new file; here when not given."))
        ] = Path(),
    ) -> None:
        from tui.deck_commands import deck_new

        raise SystemExit(deck_new(name, at))
