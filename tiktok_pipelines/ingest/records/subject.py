"""One subject: its records, and how they are asked for.

A subject is declared in ``ingest/subjects/``, and by name in ``subjects.py``::

    RETURNS = Subject(
        RETURNS_MAP,
        loads=(
            Windows(lambda shop, window: shop.returns.pages(ReturnSearch(
                updated=window, sort_field="update_time"))),
            ByIds(OPEN_RETURNS, read_returns, at_once=50, name="returns_open",
                  every=timedelta(days=1)),
        ),
    )

``loads`` run one after another, each in its own way:

- ``Windows``: slices of time, each with TikTok's own count (``windows.py``);
- ``Listing``: all there is; what is listed no longer is marked (``listing.py``);
- ``ByIds``: what a query of our tables names, some at a time (``by_ids.py``).

Another way is a class with ``run``; what it needs is in ``Work``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from tiktok_pipelines.api.client import ShopClient
from tiktok_pipelines.clock import Clock
from tiktok_pipelines.ingest.ledger import WindowResult
from tiktok_pipelines.ingest.parallel import Stop
from tiktok_pipelines.ingest.target import ShopRun
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.transform.parts import RecordMap
from tiktok_pipelines.transform.privacy import PrivacyPolicy

Log = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Work:
    """What a load of one subject of one shop works with.

    Attributes:
        since: how far back it may reach.
        ledgers: what the ledger calls the loads of the subject.
        is_full: whether all since then is to be pulled, whatever the watermark says.
        results: where a load tells of each window that is done.
    """

    mapping: RecordMap
    shop: ShopClient
    database: Database
    target: ShopRun
    clock: Clock
    policy: PrivacyPolicy
    since: datetime
    log: Log
    ledgers: Sequence[str] = ()
    is_full: bool = False
    workers: int = 4
    stop: Stop = field(default_factory=Stop)
    results: list[WindowResult] = field(default_factory=list[WindowResult])

    @property
    def stream(self) -> str:
        """What pages, ledger, quarantine and locks call it."""
        return self.mapping.stream

    @property
    def nouns(self) -> str:
        """What messages call its records."""
        return self.mapping.stream.replace("_", " ")

    def below(self, stop: Stop) -> "Work":
        """The same for a thread of its own."""
        return replace(self, stop=stop)


class Load(Protocol):
    """A way to ask for records."""

    @property
    def name(self) -> str:
        """What ledger and watermark call it; "" for the stream of the subject."""
        ...

    def run(self, work: Work) -> None:
        """Load, and append what was done to ``work.results``.

        Raises:
            IncompleteWindow: counts do not agree; the rest is done.
            ApiError: a page could not be read after all retries.
            DatabaseUnavailable: the server went away; committed pages stay.
        """
        ...


def everywhere(_: str) -> bool:
    """Shops of every region have it."""
    return True


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject.

    Attributes:
        is_for: in which regions of shops there is one.
        more_ledgers: what the ledger calls it besides the names of its loads.
    """

    mapping: RecordMap
    loads: Sequence[Load]
    is_for: Callable[[str], bool] = everywhere
    more_ledgers: Sequence[str] = ()

    @property
    def name(self) -> str:
        """The stream."""
        return self.mapping.stream

    @property
    def ledgers(self) -> Sequence[str]:
        """What the ledger calls it, load by load."""
        names = [load.name or self.name for load in self.loads]
        return [*dict.fromkeys([*names, *self.more_ledgers])]

    @property
    def kinds(self) -> frozenset[str]:
        """What drift calls the objects of its records."""
        root = self.mapping.root
        return frozenset(part.layout.kind for part in (root, *root.below()))
