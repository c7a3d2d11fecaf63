"""A worker that knows no torch: it answers each start on stdin with the recording named on its command line."""

import sys
import time
from pathlib import Path

READY = b'{"ready":{"torch":"recorded","devices":["cpu"]}}\n'


def main(path: Path) -> None:
    out = sys.stdout.buffer
    out.write(READY)
    out.flush()
    for command in sys.stdin.buffer:
        if command.startswith(b'{"start"'):
            for line in path.read_bytes().splitlines(keepends=True):
                out.write(line)
                out.flush()
                time.sleep(0.05)
        elif command.startswith(b'{"stop"'):
            out.write(b'{"ended":"stopped"}\n')
            out.flush()


main(Path(sys.argv[1]))
