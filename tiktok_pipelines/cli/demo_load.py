"""The demo's load, in a process of its own: ``python -m …demo_load DAYS``."""

import sys

import dagster as dg

from tiktok_pipelines.definitions import defs
from tiktok_pipelines.defs.first_load import load


def main(days: int) -> int:
    """Exit status 0 only if every run succeeded."""
    with dg.DagsterInstance.get() as instance:
        return 0 if load(defs, instance, days) else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
