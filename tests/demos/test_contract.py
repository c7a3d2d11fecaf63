"""What every demo keeps to; a new file in the gallery is held to it without being listed anywhere."""

import ast
import importlib
import inspect
import re
from pathlib import Path

import msgspec
import pytest

from demos import describe, names
from demos.demo import DemoError
from demos.frame import Frame


@pytest.mark.parametrize("name", names())
def test_what_is_read_from_the_source_is_what_the_module_holds(name: str) -> None:
    module = importlib.import_module(f"demos.gallery.{name}")
    demo = describe(name)
    assert demo.presets == module.PRESETS
    assert demo.claims == module.CLAIMS
    assert demo.outcomes == getattr(module, "OUTCOMES", {})
    assert [k.name for k in demo.knobs] == [k.name for k in module.Params.knobs()]
    assert inspect.isgeneratorfunction(module.run)


@pytest.mark.parametrize("name", names())
def test_every_demo_explains_itself(name: str) -> None:
    demo = describe(name)
    assert demo.title and demo.about.endswith(".") and demo.look
    assert len(demo.tries) >= 2
    assert all(knob.doc.endswith(".") for knob in demo.knobs)
    assert all(preset.about.endswith(".") for preset in demo.presets)


@pytest.mark.parametrize("name", names())
def test_every_demo_has_a_preset_that_breaks_it_and_claims_for_each_preset(name: str) -> None:
    demo = describe(name)
    assert not demo.presets[0].breaks
    assert any(preset.breaks for preset in demo.presets)
    for preset in demo.presets:
        assert demo.claims_of(preset.name), f"{name} claims nothing of {preset.name}"
        demo.values(preset.name, preset.values)
    known = {preset.name for preset in demo.presets}
    for claim in demo.claims:
        assert set(claim.presets) <= known
        assert claim.why
    assert len({claim.name for claim in demo.claims}) == len(demo.claims)


@pytest.mark.parametrize("name", names())
def test_every_knob_moves_and_refuses_what_is_out_of_bounds(name: str) -> None:
    for knob in describe(name).knobs:
        assert knob.check(knob.default) == knob.default
        assert knob.nudge(knob.default, 1) != knob.default or knob.nudge(knob.default, -1) != knob.default
        with pytest.raises(DemoError, match=knob.name):
            knob.check(float("nan"))
        if knob.high is not None:
            with pytest.raises(DemoError, match=re.escape(f"{knob.high:g}")):
                knob.check(knob.high + 1)


@pytest.mark.parametrize("name", names())
def test_no_demo_reads_a_clock_or_prints(name: str) -> None:
    tree = ast.parse(Path(describe(name).path).read_text(encoding="utf-8"))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not imported & {"time", "datetime", "random", "threading"}
    assert "print" not in {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


@pytest.mark.parametrize("name", names())
def test_frames_are_plain_and_survive_the_wire(name: str) -> None:
    import torch

    from demos.lab import Lab

    module = importlib.import_module(f"demos.gallery.{name}")
    lab = Lab(torch.device("cpu"), 0, due=lambda: True)
    generator = module.run(module.Params(), lab)
    for frame in (next(generator), generator.send(module.Params())):
        assert frame.views
        line = msgspec.json.encode(frame)
        received = msgspec.json.decode(line, type=Frame)
        assert msgspec.json.decode(msgspec.json.encode(received), type=Frame) == received
        assert len(line) < 200_000
    generator.close()
