"""`viva config`: the settings."""

from typing import Annotated

import typer

from tui import paths
from tui.commands.options import as_json, spoken
from tui.config import Config
from tui.i18n import _


def add_to(group: typer.Typer, config: Config) -> None:
    """Add the commands."""

    @group.command("show", help=_("Every setting: its value, its default, and what it does."))
    @spoken
    def config_show(json: Annotated[bool, as_json()] = False) -> None:
        from tui.config_commands import show

        show(config, json)

    @group.command("set", help=_("Change one setting, or an action's keys; `default` takes the choice back."))
    @spoken
    def config_set(
        key: Annotated[str, typer.Argument(metavar="KEY", help=_("A key of `viva config show`, or an action."))],
        value: Annotated[str, typer.Argument(metavar="VALUE", help=_("The value; several with commas between."))],
    ) -> None:
        from tui.config_commands import choose

        choose(paths.config_path(), key, value)

    @group.command("path", help=_("Where the settings are kept."))
    @spoken
    def config_path() -> None:
        typer.echo(paths.config_path())

    @group.command("keys", help=_("Every action, and the keys that it has now."))
    @spoken
    def config_keys(json: Annotated[bool, as_json()] = False) -> None:
        from tui.config_commands import keys

        keys(config, json)

    @group.command("init", help=_("Write a config.toml that explains every setting, if there is none."))
    @spoken
    def config_init() -> None:
        from tui.config_commands import init

        init(paths.config_path())
