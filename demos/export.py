"""A demo as one script that runs with torch alone: its own source and its helpers', under a small stand-in for Viva."""

from __future__ import annotations

import ast
import base64
import textwrap
import zlib
from collections.abc import Mapping
from pathlib import Path

from demos.demo import Demo, DemoError, KnobValue

HERE = Path(__file__).parent
WIDTH = 110


def script(demo: Demo, preset: str, params: Mapping[str, KnobValue], seed: int, repeats: str) -> str:
    """The script for a run. repeats: the command that gives the same numbers within Viva."""
    modules = [HERE / "standalone.py", *_helpers(Path(demo.path)), Path(demo.path)]
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in modules]
    _same_names(modules, trees)
    about = (ast.get_docstring(trees[-1]) or demo.title).rstrip()
    arguments = ", ".join(f"{name}={value!r}" for name, value in params.items())
    parts = [
        f'"""{about}\n\nThe same numbers as: {repeats}\nNeeds torch alone.\n"""\n',
        *_imports(trees),
        _body(modules[0], trees[0]),
        *_data(trees),
        *map(_body, modules[1:], trees[1:]),
        "",
        "",
        'if __name__ == "__main__":',
        f"    chosen = tuple(claim for claim in CLAIMS if {preset!r} in claim.presets)",
        f"    raise SystemExit(main(run, Params({arguments}), chosen, {seed}))",
    ]
    return "\n".join(parts) + "\n"


def write(path: Path, text: str) -> None:
    """Write a new file. Raises DemoError when there is one already, or it cannot be written."""
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise DemoError("{path} exists already; name another file.", path=str(path)) from None
    except OSError as error:
        raise DemoError("{path} cannot be written: {reason}.", path=str(path), reason=str(error.strerror)) from None


def _helpers(path: Path) -> list[Path]:
    """The helpers that a file of the gallery imports, and theirs, in the order in which they need each other."""
    found: list[Path] = []
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("demos.gallery."):
            helper = path.with_name(f"{(node.module or '').rpartition('.')[2]}.py")
            found += [*_helpers(helper), helper]
    return list(dict.fromkeys(found))


def _same_names(paths: list[Path], trees: list[ast.Module]) -> None:
    """In one file every name is one thing. Raises DemoError where two modules give it to different things."""
    owners = dict.fromkeys(_DATA, HERE / "data")
    for path, tree in zip(paths, trees, strict=True):
        for node in tree.body:
            names = [node.name] if isinstance(node, ast.FunctionDef | ast.ClassDef) else []
            if isinstance(node, ast.Assign | ast.AnnAssign):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                names = [name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)]
            for name in names:
                if owners.setdefault(name, path) != path:
                    text = "{name} stands both in {first} and in {second}."
                    raise DemoError(text, name=name, first=owners[name].name, second=path.name)


def _imports(trees: list[ast.Module]) -> list[str]:
    """What the modules import from elsewhere than Viva, as one block."""
    plain: set[str] = set()
    parts: dict[str, set[str]] = {}
    for node in (node for tree in trees for node in tree.body):
        if isinstance(node, ast.Import):
            plain |= {ast.unparse(alias) for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not (node.module or "").startswith("demos"):
            parts.setdefault(node.module or "", set()).update(ast.unparse(alias) for alias in node.names)
    future = parts.pop("__future__")
    return [
        f"from __future__ import {', '.join(sorted(future))}\n",
        *(f"import {name}" for name in sorted(plain)),
        *(f"from {module} import {', '.join(sorted(names))}" for module, names in sorted(parts.items())),
    ]


def _body(path: Path, tree: ast.Module) -> str:
    """A module's source as it is written, without its docstring and its imports."""
    lines = path.read_text(encoding="utf-8").splitlines()
    for node in tree.body:
        docstring = node is tree.body[0] and isinstance(node, ast.Expr)
        if docstring or isinstance(node, ast.Import | ast.ImportFrom):
            lines[node.lineno - 1 : node.end_lineno] = [""] * ((node.end_lineno or node.lineno) - node.lineno + 1)
    return "\n\n" + "\n".join(lines).strip()


def _data(trees: list[ast.Module]) -> list[str]:
    """The data sets that the modules import, each as a function that returns it."""
    wanted = {
        alias.name
        for tree in trees
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.module == "demos.data"
        for alias in node.names
    }
    return [_DATA[name]() for name in sorted(wanted)]


def _digits() -> str:
    from demos.data import digits  # 50 ms: pays for numpy

    images, labels = digits()
    return f'''

def digits():
    """Handwritten digits (UCI, CC BY 4.0): images (1797, 8, 8) with grey levels 0 to 16, and labels (1797,)."""
    import base64
    import zlib

    packed = {_literal(images.tobytes() + labels.tobytes())}
    values = torch.frombuffer(bytearray(zlib.decompress(base64.b85decode(packed))), dtype=torch.uint8)
    return values[:-1797].view(-1, 8, 8).tolist(), values[-1797:].tolist()
'''


def _text() -> str:
    from demos.data import text  # 50 ms: pays for numpy

    return f'''

def text():
    """The log of a lighthouse keeper."""
    import base64
    import zlib

    packed = {_literal(text().encode())}
    return zlib.decompress(base64.b85decode(packed)).decode()
'''


def _literal(data: bytes) -> str:
    """Bytes as a string literal over many lines."""
    packed = base64.b85encode(zlib.compress(data, 9)).decode()
    lines = "\n".join(f'        "{line}"' for line in textwrap.wrap(packed, WIDTH))
    return f"(\n{lines}\n    )"


_DATA = {"digits": _digits, "text": _text}
