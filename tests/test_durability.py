"""kill -9 in the middle of studying loses no grade that was acknowledged."""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from qa_bank.reviews import ReviewLog

STUDY = """
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path
from qa_bank.bank import Bank
from qa_bank.memory import Grade
from qa_bank.reviews import ReviewLog
from qa_bank.session import Limits
from tui.study import Study

log = ReviewLog.open(Path(sys.argv[1]))
now = datetime.now(timezone.utc) + timedelta(days=400 * int(sys.argv[2]))
study = Study(Bank.load(), log, Limits(10**6, 10**6), now=lambda: now)
print("ready", flush=True)
while True:
    if study.card is None:
        now += timedelta(days=1)
        study = Study(study.bank, log, Limits(10**6, 10**6), now=lambda: now)
        continue
    graded = study.grade(Grade.AGAIN)  # so that it always comes back
    print(graded.row, graded.card, flush=True)
    if graded.row % 7 == 0:
        study.undo()
    now += timedelta(seconds=30)
"""


@pytest.mark.slow
def test_no_acknowledged_grade_is_lost_by_killing_viva_at_200_random_moments(tmp_path: Path) -> None:
    path = tmp_path / "reviews.db"
    rng = random.Random(0)
    acknowledged: dict[int, str] = {}
    for moment in range(200):
        process = subprocess.Popen(
            [sys.executable, "-c", STUDY, str(path), str(moment)], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(rng.uniform(0, 0.12))
        process.send_signal(signal.SIGKILL)
        for line in process.stdout.read().splitlines():
            row, _space, card = line.partition(" ")
            if card:
                acknowledged[int(row)] = card
        process.wait()
        process.stdout.close()
    log = ReviewLog.open(path)
    rows = dict(log._db.execute("SELECT id, card FROM log WHERE kind = 'grade'").fetchall())
    assert len(acknowledged) > 400
    assert acknowledged.items() <= rows.items()
    for card, memory in log.memories().items():
        assert memory == log.replayed(card)
    assert log._db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
