"""One step of a story: what there was before and after, and what was told meanwhile."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tiktok_pipelines.ingest.order_runs import Report
from tiktok_pipelines.timewindow import TimeWindow
from tiktok_pipelines_tests.integration.ingest.answers import Json
from tiktok_pipelines_tests.integration.ingest.machine.snapshot import Snapshot
from tiktok_pipelines_tests.integration.ingest.machine.witness import Told


@dataclass(frozen=True, slots=True)
class Ended:
    """A load that came to its end: its report, and the days that it was asked for."""

    run_id: str
    report: Report
    days: Sequence[TimeWindow] = ()


@dataclass(slots=True)
class Step:
    """What a step did; ``went_well``: every load of it ended, and no shop failed.

    ``is_steady``: nothing changed in the shop meanwhile, so what was told once is what
    was told last.
    ``crowds`` are the most pages that each load held at once, and its workers;
    ``left`` the pages that outlived the loads that ended well.
    """

    before: Snapshot
    after: Snapshot
    truth: Mapping[str, Json]
    now: datetime
    told: Mapping[str, Sequence[Told]] = field(default_factory=dict[str, list[Told]])
    bad: Sequence[object] = ()
    ended: list[Ended] = field(default_factory=list[Ended])
    went_well: bool = True
    is_steady: bool = True
    crowds: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    left: int = 0

    @property
    def is_taken(self) -> bool:
        """Whether all that was told must be in the tables."""
        return self.went_well and self.is_steady
