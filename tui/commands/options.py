"""What the commands have in common: the language, plain lines, machine-readable output."""

import inspect
from collections.abc import Callable
from typing import Annotated, Any

import typer

from tui.i18n import LANGUAGES, _

DEVICE_TEXT = "Where it runs: auto, cpu, cuda, mps, …"


def spoken(command: Callable[..., Any]) -> Callable[..., Any]:
    """The command with --lang in its help; the option itself has been read before: it chose the language of the help."""
    text = _("Language of the interface and the cards.")
    kind = Annotated[str | None, typer.Option("--lang", metavar="|".join(LANGUAGES), help=text)]

    def told(*arguments: Any, lang: str | None = None, **options: Any) -> Any:  # noqa: ARG001
        return command(*arguments, **options)

    signature = inspect.signature(command)
    own = inspect.Parameter("lang", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=kind)
    told.__signature__ = signature.replace(parameters=[*signature.parameters.values(), own])  # type: ignore[attr-defined]
    told.__name__ = command.__name__
    told.__annotations__ = command.__annotations__ | {"lang": kind}
    return told


def as_json() -> Any:
    """--json."""
    return typer.Option("--json", help=_("Machine-readable output."))


def in_lines() -> Any:
    """--plain."""
    return typer.Option("--plain", help=_("Plain lines: for pipes, dumb terminals and screen readers."))
