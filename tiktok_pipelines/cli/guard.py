"""What cleans up after a supervisor that was killed: ``python -m ….guard [HOME]``.

Reads ``group NUMBER`` for every process group and ``done`` at a clean end. When its
input ends without ``done``, the supervisor is dead: the groups are ended, and the
embedded server of HOME is stopped.
"""

import os
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tiktok_pipelines.storage.embedded import EmbeddedServer

_GRACE_S = 10.0


def main(arguments: Sequence[str], lines: Sequence[str]) -> None:
    """Clean up unless the last line is ``done``."""
    words = [line.split() for line in lines]
    if ["done"] in words:
        return
    _end([int(pair[1]) for pair in words if pair[:1] == ["group"]])
    for home in arguments:
        EmbeddedServer(Path(home)).stop()


def _end(groups: Sequence[int]) -> None:
    left = [group for group in groups if _signal(group, signal.SIGTERM)]
    end = time.monotonic() + _GRACE_S
    while left and time.monotonic() < end:
        time.sleep(0.1)
        left = [group for group in left if _signal(group, 0)]
    for group in left:
        _signal(group, signal.SIGKILL)


def _signal(group: int, number: int) -> bool:
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    main(sys.argv[1:], list(sys.stdin))
