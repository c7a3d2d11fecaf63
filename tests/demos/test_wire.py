"""The wire, the worker and the client: what is said arrives, and whatever goes wrong is said too."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from demos.client import DemoClient
from demos.frame import Frame, Turn
from demos.wire import Command, Report, Start, decode_command, decode_report, encode

SOFTMAX = "softmax_temperature"


@pytest_asyncio.fixture
async def client() -> AsyncIterator[DemoClient]:
    client = await DemoClient.open()
    yield client
    await client.close()


async def until(client: DemoClient, wanted: str, seconds: float = 60) -> Report:
    """The next report of a kind."""
    async with asyncio.timeout(seconds):
        async for report in client.reports():
            if getattr(report, wanted) is not None:
                return report
    raise AssertionError(f"no {wanted}")


def test_a_command_is_one_short_line_of_json() -> None:
    line = encode(Command(set={"temperature": 0.8}))
    assert line == b'{"set":{"temperature":0.8}}'
    assert decode_command(line) == Command(set={"temperature": 0.8})


def test_what_is_not_finite_travels_as_null() -> None:
    line = encode(Report(frame=Frame(3, metrics={"loss": float("nan")})))
    assert decode_report(line).frame == Frame(3, metrics={"loss": None})


async def test_the_frame_that_answers_a_knob_was_computed_with_it(client: DemoClient) -> None:
    client.start(Start(SOFTMAX, "one"))
    first = (await until(client, "frame")).frame
    assert first is not None and first.params["temperature"] == 1.0
    client.set({"temperature": 0.5})
    async with asyncio.timeout(10):
        async for report in client.reports():
            if report.frame is not None and report.frame.params["temperature"] == 0.5:
                break
    assert report.frame is not None
    assert report.frame.metrics["entropy_bits"] < first.metrics["entropy_bits"]


async def test_a_bad_knob_is_refused_and_the_run_goes_on(client: DemoClient) -> None:
    client.start(Start(SOFTMAX, "one"))
    await until(client, "frame")
    client.set({"temperature": 99.0})
    failed = (await until(client, "failed")).failed
    assert failed is not None and failed.kind == "request" and "0.05 to 10" in failed.text
    client.set({"temperature": 2.0})
    assert (await until(client, "frame")).frame is not None


async def test_an_unknown_demo_or_device_is_a_clear_error(client: DemoClient) -> None:
    client.start(Start("gna"))
    failed = (await until(client, "failed")).failed
    assert failed is not None and "gan" in failed.text
    client.start(Start(SOFTMAX, device="abacus"))
    failed = (await until(client, "failed")).failed
    assert failed is not None and failed.text.startswith("No device 'abacus' here. Devices: ")


async def test_a_run_that_broke_down_is_rewound_and_goes_on_from_sound_numbers(client: DemoClient) -> None:
    client.start(Start("training_loop", "diverge", fps=5))
    broken = await done(client)
    assert broken.metrics["finite_steps"] < 39 and broken.sound is not None and broken.sound < broken.step
    client.rewind(broken.sound)
    back = (await until(client, "frame")).frame
    assert back is not None and back.step == broken.sound and not back.done
    client.set({"lr": 0.1})
    client.play()
    mended = await done(client)
    assert mended.metrics["test_accuracy"] > 0.9 and mended.sound is None
    assert [(turn.step, turn.values) for turn in mended.turns] == [(broken.sound, {"lr": 0.1})]


@pytest.mark.slow
async def test_the_same_turns_of_the_knobs_give_the_same_numbers(client: DemoClient) -> None:
    client.start(Start("rnn_memory", "lag-20"))
    first = (await until(client, "frame")).frame
    assert first is not None and not first.done
    client.set({"lr": 0.003, "clip": 0.5})
    turned = await done(client)
    assert turned.turns and not turned.turns[0].done
    for fps in (0.0, 30.0):
        client.start(Start("rnn_memory", "lag-20", turns=turned.turns, fps=fps, linger=False))
        again = await done(client)
        assert again.metrics == turned.metrics and again.step == turned.step and again.turns == turned.turns


async def test_a_knob_that_starts_a_run_again_cannot_be_turned_on_the_way(client: DemoClient) -> None:
    client.start(Start("rnn_memory", turns=(Turn(10, {"length": 20}),)))
    failed = (await until(client, "failed")).failed
    assert failed is not None and failed.text == "length starts the run again; it cannot be turned on the way."


async def done(client: DemoClient) -> Frame:
    """The frame of the run's end."""
    while True:
        frame = (await until(client, "frame")).frame
        if frame is not None and frame.done:
            return frame


async def test_pause_step_and_play(client: DemoClient) -> None:
    client.start(Start("rnn_memory", "lag-20"))
    first = (await until(client, "frame")).frame
    client.pause()
    await asyncio.sleep(0.5)
    held = [r async for r in _drain(client)]
    steps = [r.frame.step for r in held if r.frame] or [first.step if first else 0]
    client.step()
    after = (await until(client, "frame")).frame
    assert after is not None and after.step > steps[-1]
    await asyncio.sleep(0.3)
    assert [r async for r in _drain(client)] == []
    client.play()
    assert (await until(client, "frame")).frame is not None


async def _drain(client: DemoClient) -> AsyncIterator[Report]:
    """What has arrived already."""
    while True:
        try:
            async with asyncio.timeout(0.05):
                async for report in client.reports():
                    yield report
        except TimeoutError:
            return


async def test_a_stopped_worker_runs_the_next_demo_without_a_new_process(client: DemoClient) -> None:
    client.start(Start("rnn_memory", "lag-20"))
    await until(client, "frame")
    assert await client.stop()
    client.start(Start(SOFTMAX))
    report = await until(client, "frame")
    assert report.frame is not None and report.frame.params.keys() == {"temperature"} | report.frame.params.keys()
    assert client.alive


async def test_a_worker_that_dies_is_reported_with_its_last_words() -> None:
    code = "import sys; sys.stderr.write('the last words\\n'); sys.exit(3)"
    client = await DemoClient.open((sys.executable, "-c", code))
    failed = (await until(client, "failed")).failed
    assert failed is not None and failed.kind == "died"
    assert "3" in failed.text and "the last words" in failed.details
    assert not client.alive
    await client.close()


async def test_a_worker_that_prints_rubbish_is_reported_and_goes_on() -> None:
    code = "print('rubbish', flush=True); print('{\"ended\": \"finished\"}', flush=True); import time; time.sleep(9)"
    client = await DemoClient.open((sys.executable, "-c", code))
    failed = (await until(client, "failed")).failed
    assert failed is not None and failed.text == "The worker sent rubbish." and failed.details.strip() == "rubbish"
    assert (await until(client, "ended")).ended == "finished"
    await client.close()


async def test_a_worker_that_hangs_is_killed_when_it_is_to_stop() -> None:
    client = await DemoClient.open((sys.executable, "-c", "import time; time.sleep(60)"))
    client.start(Start(SOFTMAX))
    began = time.monotonic()
    assert not await client.stop()
    assert time.monotonic() - began < 5
    assert not client.alive


async def test_no_process_is_left_when_the_face_is_killed() -> None:
    code = (
        "import asyncio, os\nfrom demos.client import DemoClient\nfrom demos.wire import Start\n"
        "async def main():\n"
        "    c = await DemoClient.open(); c.start(Start('rnn_memory'))\n"
        "    async for r in c.reports():\n"
        "        if r.frame: print(c.pid, flush=True); os.kill(os.getpid(), 9)\n"
        "asyncio.run(main())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=90, check=False)
    pid = int(done.stdout)
    for _ in range(100):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        if _is_zombie(pid):
            return
        time.sleep(0.1)
    raise AssertionError("the worker lives on")


def _is_zombie(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:
        return False


async def test_a_slow_face_sees_the_latest_frame_and_never_an_old_one(client: DemoClient) -> None:
    client.start(Start("rnn_memory", "lag-20"))
    seen = []
    async with asyncio.timeout(60):
        async for report in client.reports():
            if report.frame is not None:
                seen.append(report.frame.step)
                await asyncio.sleep(0.3)
                if len(seen) == 5:
                    break
    assert seen == sorted(set(seen))
    assert len([r for r in client._reports if r.frame is not None]) <= 1


async def test_the_same_seed_gives_the_same_numbers_at_any_frame_rate(client: DemoClient) -> None:
    async def final_metrics(fps: float) -> dict[str, float | None]:
        client.start(Start("rnn_memory", "lag-20", seed=1, fps=fps, linger=False))
        final = None
        async with asyncio.timeout(120):
            async for report in client.reports():
                if report.frame is not None and report.frame.done:
                    final = report.frame
                if report.ended is not None:
                    break
        assert final is not None
        return final.metrics

    assert await final_metrics(0) == await final_metrics(30)


async def test_a_start_in_the_middle_of_a_run_hears_nothing_more_of_the_old_one(client: DemoClient) -> None:
    client.start(Start("rnn_memory", "lag-20"))
    await until(client, "frame")
    client.start(Start(SOFTMAX))
    async with asyncio.timeout(60):
        async for report in client.reports():
            if report.frame is not None:
                assert "temperature" in report.frame.params
                break
