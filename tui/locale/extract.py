"""Gather every text that a face shows into the catalogues, keeping the translations there are: run it after changing texts.

Texts are found by where they stand: in a call of a marker (`_`, `n_`, `ngettext`), at a known place of a call that makes
something to be shown (a view, a claim, an error), or in a constant whose name ends in _TEXT. What a demo declares is
read from its description.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog
from babel.messages.pofile import read_po, write_po

import demos

ROOT = Path(__file__).resolve().parents[2]
LOCALE = Path(__file__).resolve().parent
LANGUAGES = ("ru", "kk")
MARKERS = {
    "_": (0,), "n_": (0,), "ngettext": (0, 1), "say": (0,), "DemoError": (0,), "Problem": (2,), "_at": (2,), "Note": (0,),
    "Line": (0,), "Trace": (0,), "Ref": (0,), "Cloud": (0,), "Curves": (0, 4), "Points": (0, 5), "Bars": (0, 1, 4),
    "Grid": (0,), "Box": (4,), "Tile": (1,), "Picture": (0, 2), "Tokens": (0,), "Table": (0, 1, 2), "Failed": (1,),
}  # fmt: skip
"""The places of texts among the arguments of each call."""
KEYWORDS = {"x", "ref_name", "field_name", "caption", "label", "title", "header", "legend", "text", "name"}
"""Arguments given by name that are texts, in calls of MARKERS."""


def texts() -> Iterator[tuple[str | tuple[str, str], str]]:
    """Every text (or pair of singular and plural) with the file it stands in."""
    for folder in ("tui", "qa_bank", "demos"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if path.parent == LOCALE:
                continue
            place = str(path.relative_to(ROOT))
            for text in _in_source(ast.parse(path.read_text(encoding="utf-8"))):
                yield text, place
    for name in demos.names():
        for text in of_demo(name):
            yield text, f"demos/gallery/{name}.py"


def of_demo(name: str) -> Iterator[str]:
    """What a demo declares for people to read."""
    demo = demos.describe(name)
    yield from (demo.title, demo.about, demo.look, *demo.tries)
    yield from (knob.doc for knob in demo.knobs)
    yield from (preset.about for preset in demo.presets)
    for claim in demo.claims:
        yield from (claim.says, claim.why)


def _in_source(tree: ast.Module) -> Iterator[str | tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if name not in MARKERS:
                continue
            if name == "ngettext" and len(node.args) >= 2:
                pair = [a.value for a in node.args[:2] if isinstance(a, ast.Constant)]
                if len(pair) == 2:
                    yield (str(pair[0]), str(pair[1]))
                continue
            for place in MARKERS[name]:
                if place < len(node.args):
                    yield from _literals(node.args[place])
            for keyword in node.keywords:
                if keyword.arg in KEYWORDS and name not in ("_", "n_"):
                    yield from _literals(keyword.value)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            name = target.id if isinstance(target, ast.Name) else ""
            if node.value is not None and name.endswith(("_TEXT", "TEXTS")):
                found = [text for part in ast.walk(node.value) for text in _literals(part)]
                yield from (text for text in found if name != "TEXTS" or " " in text)  # its keys are kinds, not texts


def _literals(node: ast.AST) -> Iterator[str]:
    """The literals of an argument: itself, or what stands in a tuple or in the branches of a condition."""
    match node:
        case ast.Constant(value=str(text)) if any(char.isalpha() for char in text):
            yield text
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            for part in parts:
                yield from _literals(part)
        case ast.IfExp(body=body, orelse=other):
            yield from _literals(body)
            yield from _literals(other)


def update() -> None:
    """Write the catalogues: new texts come in without a translation, texts that are gone go out."""
    template = Catalog(project="Viva", charset="utf-8")
    for text, place in texts():
        template.add(text, locations=[(place, 0)])
    for language in LANGUAGES:
        path = LOCALE / language / "LC_MESSAGES" / "viva.po"
        catalog = Catalog(locale=language, project="Viva", charset="utf-8")
        if path.exists():
            with path.open("rb") as source:
                catalog = read_po(source, locale=language)
        catalog.fuzzy = False
        catalog.header_comment = "# The texts of Viva's interface and demos."
        catalog.update(template, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as target:
            write_po(target, catalog, width=110, sort_output=True, include_lineno=False)


if __name__ == "__main__":
    update()
