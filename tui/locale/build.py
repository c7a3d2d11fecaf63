"""Compile every viva.po into the viva.mo that gettext reads: when the package is built, and when this file is run."""

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALE = Path(__file__).resolve().parent


def compile_all(root: Path = LOCALE) -> list[Path]:
    """Write each catalogue's .mo beside its .po; return the .mo files."""
    written = []
    for po in sorted(root.glob("*/LC_MESSAGES/*.po")):
        with po.open("rb") as source:
            catalog = read_po(source, locale=po.parent.parent.name)
        mo = po.with_suffix(".mo")
        with mo.open("wb") as target:
            write_mo(target, catalog)
        written.append(mo)
    return written


if __name__ == "__main__":
    compile_all()
else:
    try:
        from hatchling.builders.hooks.plugin.interface import BuildHookInterface
    except ImportError:  # not a build: somebody imports compile_all
        pass
    else:

        class CompileTranslations(BuildHookInterface):  # type: ignore[misc]
            def initialize(self, version: str, build_data: dict[str, Any]) -> None:
                compile_all()
