"""Settings of hypothesis, and which tests run together when several run at once.

The fixtures stand in ``integration/conftest.py``.
"""

import os

import pytest
from hypothesis import HealthCheck, settings
from xdist.remote import Producer
from xdist.scheduler import LoadGroupScheduling

settings.register_profile(
    "busy machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("busy machine")

LONG = {"test_state_machine.py", "test_secrets.py"}


class FileByFile(LoadGroupScheduling):
    """A worker takes a whole file, whose tests may share what is dear to make.

    Tests of one ``xdist_group`` stay together across files.
    """

    def _split_scope(self, nodeid: str) -> str:
        return super()._split_scope(nodeid).partition("::")[0]


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> FileByFile:
    return FileByFile(config, log)


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: tests also wait, for processes and databases."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that no worker is left alone with it."""
    items.sort(key=lambda item: not _is_long(item))


def _is_long(item: pytest.Item) -> bool:
    is_grouped = item.get_closest_marker("xdist_group") is not None
    return is_grouped or item.path.name in LONG
