"""Viva's experiments: each a generator of frames in a file of its own in `gallery`. Importing this imports no torch."""

from __future__ import annotations

import ast
import builtins
import functools
from pathlib import Path
from typing import Any

import msgspec

from demos.demo import Demo, DemoError, DemoParams, UnknownNameError

__all__ = ["Demo", "DemoError", "UnknownNameError", "describe", "names"]

GALLERY = Path(__file__).parent / "gallery"


@functools.cache
def names() -> tuple[str, ...]:
    """Every demo's name, in alphabetical order: the files of the gallery."""
    return tuple(sorted(path.stem for path in GALLERY.glob("*.py") if not path.stem.startswith("_")))


@functools.cache
def describe(name: str) -> Demo:
    """What a demo declares, without importing it (and so without torch). Raises UnknownNameError."""
    if name not in names():
        raise UnknownNameError("demo", name, names())
    path = GALLERY / f"{name}.py"
    tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
    declared = _declarations(tree, name)
    title, _, about = (ast.get_docstring(tree) or name).partition("\n\n")[0].replace("\n", " ").partition(": ")
    params: type[DemoParams] = declared["Params"]
    docs = _field_docs(tree)
    return Demo(
        name=name,
        title=title,
        about=about[:1].upper() + about[1:],
        look=declared["LOOK"],
        tries=tuple(declared["TRY"]),
        knobs=tuple(msgspec.structs.replace(knob, doc=docs.get(knob.name, "")) for knob in params.knobs()),
        presets=tuple(declared["PRESETS"]),
        claims=tuple(declared["CLAIMS"]),
        outcomes=declared.get("OUTCOMES", {}),
        path=str(path),
    )


def _declarations(tree: ast.Module, name: str) -> dict[str, Any]:
    """Execute only what a demo's module declares: Params, and constants that need no more than earlier ones."""
    known = set(vars(builtins))
    kept: list[ast.stmt] = []
    for node in tree.body:
        match node:
            case (
                ast.ImportFrom(module="__future__" | "dataclasses" | "demos.demo" | "demos.frame")
                | ast.Import(names=[ast.alias(name="math")])
            ):
                known |= {alias.asname or alias.name for alias in node.names}
            case ast.ClassDef() if any(isinstance(base, ast.Name) and base.id == "DemoParams" for base in node.bases):
                known.add(node.name)
            case (
                ast.Assign(targets=[ast.Name(id=target)], value=value)
                | ast.AnnAssign(target=ast.Name(id=target), value=ast.expr() as value)
            ) if _names_in(value) <= known:
                known.add(target)
            case _:
                continue
        kept.append(node)
    scope: dict[str, Any] = {"__name__": __name__}  # dataclasses looks its module up
    exec(compile(ast.Module(kept, []), str(GALLERY / f"{name}.py"), "exec"), scope)
    return scope


def _names_in(node: ast.AST) -> set[str]:
    """The names an expression needs from outside; those its own comprehensions bind are not among them."""
    names = [n for n in ast.walk(node) if isinstance(n, ast.Name)]
    bound = {n.id for n in names if isinstance(n.ctx, ast.Store)}
    return {n.id for n in names} - bound


def _field_docs(tree: ast.Module) -> dict[str, str]:
    """The string under each field of Params."""
    docs = {}
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.name == "Params":
            for statement, following in zip(node.body, node.body[1:], strict=False):
                match statement, following:
                    case ast.AnnAssign(target=ast.Name(id=field)), ast.Expr(value=ast.Constant(value=str(doc))):
                        docs[field] = " ".join(doc.split())
    return docs
