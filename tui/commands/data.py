"""`viva data`: the log and its copies."""

from pathlib import Path
from typing import Annotated

import typer

from tui import paths
from tui.commands.options import as_json, spoken
from tui.config import Config
from tui.i18n import _
from tui.launch import fail, open_log, plainly


def add_to(group: typer.Typer, config: Config) -> None:
    """Add the commands."""

    @group.command("where", help=_("The folders and files of your data."))
    @spoken
    def data_where(json: Annotated[bool, as_json()] = False) -> None:
        from tui.listings import where

        where(json)

    @group.command("export", help=_("Write all that the log holds to a file: grades, marks, notes, interviews."))
    @spoken
    def data_export(
        file: Annotated[Path, typer.Argument(metavar="FILE.json", help=_("Where to; - for the standard output."))],
    ) -> None:
        from tui.data_commands import export

        with plainly():
            raise SystemExit(export(open_log(config), file))

    @group.command("import", help=_("Read an export into the log; what the log has already changes nothing."))
    @spoken
    def data_import(
        file: Annotated[Path, typer.Argument(metavar="FILE.json", help=_("An export of Viva."))],
    ) -> None:
        from tui.data_commands import take_in

        with plainly():
            raise SystemExit(take_in(open_log(config), file))

    @group.command("reset", help=_("Begin anew: the log is backed up and set aside."))
    @spoken
    def data_reset(
        yes: Annotated[bool, typer.Option("--yes", help=_("Do not ask."))] = False,
    ) -> None:
        from tui.data_commands import reset

        with plainly():
            raise SystemExit(reset(config, sure=yes))

    @group.command("backup", help=_("Copy the review log, whole and consistent, while it may be in use."))
    @spoken
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

    @group.command("restore", help=_("Put a backup in the log's place; what stood there is set aside."))
    @spoken
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
