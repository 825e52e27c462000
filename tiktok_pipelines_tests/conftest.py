"""Settings of hypothesis, and which tests run together when several run at once.

The fixtures stand in ``integration/conftest.py``.
"""

import os

import pytest
from hypothesis import HealthCheck, settings

# pytest-xdist has types, but does not say so.
from xdist.remote import Producer  # pyright: ignore[reportMissingTypeStubs] - it has none
from xdist.scheduler import LoadFileScheduling  # pyright: ignore[reportMissingTypeStubs] - it has none

settings.register_profile(
    "busy machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("busy machine")

# What takes longest comes first, so that no worker is left alone with it. A group stays
# with one worker: its files share a run, a server or ports, or need half the machine.
# (The marks of pytest-xdist for this are lost with pytest 9.2.)
FIRST = {
    "integration/demo/": "demo",
    "integration/cli/test_up.py": "demo",
    "integration/chaos/": "chaos",
    "integration/receiver/test_kills.py": "kills",
    "integration/ingest/test_state_machine.py": "stories",
    "integration/dagster/test_secrets.py": "secrets",
    "integration/outages/": "outages",
}


def group_of(nodeid: str) -> str:
    return next((group for path, group in FIRST.items() if path in nodeid), "")


class FileByFile(LoadFileScheduling):
    """A worker takes a whole file, whose tests may share what is dear to make."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid) or super()._split_scope(nodeid)


def pytest_xdist_make_scheduler(
    config: pytest.Config, log: Producer
) -> FileByFile | None:
    if config.getoption("dist") != "loadfile":
        return None
    config.option.loadscopereorder = False
    return FileByFile(config, log)


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: tests also wait, for processes and databases.

    Each takes half a gigabyte, and eight are done when the longest file is.
    """
    return min((os.cpu_count() or 1) + 1, 8)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    rank = {group: number for number, group in enumerate(FIRST.values())}
    items.sort(key=lambda item: rank.get(group_of(item.nodeid), len(FIRST)))
