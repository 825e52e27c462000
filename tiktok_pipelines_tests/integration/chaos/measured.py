"""What loads cost: the peak of memory, and time.

One process serves a shop (``one_shop``), another loads it (``one_load``). Both are
fresh, for all that ran in a process before would count.
"""

import json
import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography.fernet import Fernet

_HERE = __name__.rpartition(".")[0]
_LIMITLESS = 1e6


@dataclass(frozen=True, slots=True)
class Measured:
    """What a process took; ``peak_mb`` is the most memory that it ever held.

    ``windows`` were backfilled and ``reread`` open orders read again: its work.
    """

    windows: int
    reread: int
    peak_mb: float
    cpu_s: float
    wall_s: float


def measure(orders: int, days: int, *, database_url: str, home: Path) -> Measured:
    """Load a shop's orders of so many days into an empty, migrated database."""
    with _served(orders, days) as shop:
        environment = {
            **os.environ,
            **shop,
            "TIKTOK_DATABASE_URL": database_url,
            "TIKTOK_HOME": str(home),
            "TIKTOK_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
            "TIKTOK_RATE_LIMIT_PER_SECOND": str(_LIMITLESS),
        }
        command = [sys.executable, "-m", f"{_HERE}.one_load", str(days)]
        done = subprocess.run(
            command, env=environment, check=True, stdout=subprocess.PIPE
        )
    return Measured(**json.loads(done.stdout))


@contextmanager
def _served(orders: int, days: int) -> Generator[dict[str, str]]:
    """The settings that lead to a shop, which ends with the block."""
    command = [sys.executable, "-m", f"{_HERE}.one_shop", str(orders), str(days)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as server:
        try:
            assert server.stdout is not None
            yield json.loads(server.stdout.readline())
        finally:
            server.terminate()
