"""`viva cards`: the bank."""

from pathlib import Path
from typing import Annotated

import typer

from tui.commands.options import as_json, spoken
from tui.config import Config
from tui.i18n import _
from tui.launch import plainly


def add_to(group: typer.Typer, _config: Config) -> None:
    """Add the commands."""

    @group.command("list", help=_("Every card: its id, topic, level and question."))
    @spoken
    def cards_list(
        topic: Annotated[str | None, typer.Option(help=_("Only this topic."))] = None,
        level: Annotated[str | None, typer.Option(help=_("Only this level: junior, middle or senior."))] = None,
        json: Annotated[bool, as_json()] = False,
    ) -> None:
        from tui.listings import cards_list

        with plainly():
            cards_list(topic, level, json)

    @group.command("search", help=_("Find the cards that answer a question, best first."))
    @spoken
    def cards_search(
        query: Annotated[list[str], typer.Argument(metavar="WORDS…", help=_("Words, or a whole question."))],
        most: Annotated[int, typer.Option(help=_("How many cards at the most."), min=1)] = 10,
        json: Annotated[bool, as_json()] = False,
    ) -> None:
        from tui.listings import cards_search

        raise SystemExit(cards_search(" ".join(query), most, json))

    @group.command("coverage", help=_("Which cards teach each concept at each level; 1 when one is missing."))
    @spoken
    def cards_coverage(json: Annotated[bool, as_json()] = False) -> None:
        from tui.listings import cards_coverage

        raise SystemExit(cards_coverage(json))

    @group.command("show", help=_("One card, all of it."))
    @spoken
    def cards_show(
        card: Annotated[str, typer.Argument(metavar="ID", help=_("Its id; `viva cards list` lists them."))],
        json: Annotated[bool, as_json()] = False,
    ) -> None:
        from tui.listings import cards_show

        with plainly():
            cards_show(card, json)

    @group.command(
        "check", help=_("All that is wrong with the cards, as file:line: message; 1 when there is anything.")
    )
    @spoken
    def cards_check(
        folder: Annotated[Path | None, typer.Argument(metavar="[FOLDER]", help=_("Another folder of cards."))] = None,
        json: Annotated[bool, as_json()] = False,
    ) -> None:
        from tui.listings import cards_check

        raise SystemExit(cards_check(folder, json))
