"""One small shop, a database, and the processes between them, new for each story."""

import gc
import itertools
import weakref
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta

import httpx
from pydantic import SecretStr
from sqlalchemy import text

from tiktok_pipelines.api.app import App
from tiktok_pipelines.api.auth import AuthClient
from tiktok_pipelines.api.client import TikTokShopClient
from tiktok_pipelines.api.endpoints.orders import OrderSearch
from tiktok_pipelines.api.options import CallOptions
from tiktok_pipelines.api.pages import Page
from tiktok_pipelines.api.rate_limit import ProcessRateLimiter
from tiktok_pipelines.ingest.order_runs import OrderRuns
from tiktok_pipelines.ingest.target import Alongside
from tiktok_pipelines.ingest.window_pull import OrderLoad, OrderSource
from tiktok_pipelines.simulator import Simulator, SimulatorConfig, serve
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.storage.tables import metadata
from tiktok_pipelines.tokens.cipher import TokenCipher
from tiktok_pipelines.tokens.connect import Connector
from tiktok_pipelines.tokens.shops import ConnectedShops
from tiktok_pipelines.tokens.store import TokenStore
from tiktok_pipelines_tests.integration.conftest import (
    KEY,
    LIMITLESS,
    NOW,
)
from tiktok_pipelines_tests.integration.ingest.machine.lives import (
    Life,
    mortal,
)
from tiktok_pipelines_tests.integration.ingest.machine.witness import Witness

PAGE_SIZE = 4
CONFIG = SimulatorConfig(
    shops=1, orders=10, days=1, now=NOW, future_days=5, rate_per_second=LIMITLESS
)
_EMPTY = text(
    "TRUNCATE "
    + ", ".join(f"{table.schema}.{table.name}" for table in metadata.sorted_tables)
    + " RESTART IDENTITY"
)
_NO_SHADOWS = text("DROP SCHEMA IF EXISTS tiktok_rebuild CASCADE")


@dataclass(frozen=True, slots=True)
class StoryClock:
    """The simulator's time; whoever waits moves it, for all alike."""

    simulator: Simulator

    def now(self) -> datetime:
        return self.simulator.clock.now()

    def sleep(self, seconds: float) -> None:
        self.simulator.clock.advance(timedelta(seconds=seconds))


class SeenPage(Page):
    """A page whose end can be noticed."""

    __slots__ = ("__weakref__",)


@dataclass(slots=True)
class SmallPages:
    """Pages of a few orders; counts how many are alive, and keeps copies of some."""

    source: OrderSource
    archive: list[Page]
    most_alive: int = 0
    _seen: list[weakref.ref[SeenPage]] = field(
        default_factory=list[weakref.ref[SeenPage]]
    )

    @property
    def alive(self) -> int:
        """Pages that somebody still holds."""
        return sum(ref() is not None for ref in self._seen)

    def pages(self, query: OrderSearch) -> Iterator[Page]:
        for page in self.source.pages(replace(query, page_size=PAGE_SIZE)):
            yield self._note(page)

    def detail(self, order_ids: Sequence[str]) -> Iterator[Page]:
        for page in self.source.detail(order_ids):
            yield self._note(page)

    def _note(self, page: Page) -> Page:
        values = {one.name: getattr(page, one.name) for one in fields(Page)}
        if page.records:
            self.archive.append(Page(**values))
        seen = SeenPage(**values)
        self._seen.append(weakref.ref(seen))
        if self.alive > max(2, self.most_alive):
            gc.collect()  # what an error held together is no longer held by anybody
        self.most_alive = max(self.most_alive, self.alive)
        return seen


@dataclass(frozen=True)
class Runs(OrderRuns):
    """Runs of one process that read small pages."""

    archive: list[Page] = field(default_factory=list[Page])
    sources: list[SmallPages] = field(default_factory=list[SmallPages])

    def load_of(self, shop_id: str, *, alongside: Alongside | None = None) -> OrderLoad:
        load = super().load_of(shop_id, alongside=alongside)
        source = SmallPages(load.source, self.archive)
        self.sources.append(source)
        return replace(load, source=source)


@dataclass(frozen=True, slots=True)
class Process:
    """What a living process works with."""

    runs: Runs
    connector: Connector
    database: Database
    life: Life


@dataclass(slots=True)
class World:
    """A shop over real HTTP and an empty database; ``database`` is the onlookers'."""

    simulator: Simulator
    clock: StoryClock
    url: str
    database_url: str
    database: Database
    http: httpx.Client
    witness: Witness
    archive: list[Page] = field(default_factory=list[Page])
    alive: list[Life] = field(default_factory=list[Life])
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def shop_id(self) -> str:
        """The only shop."""
        return self.simulator.shops[0].id

    def new_run_id(self) -> str:
        """Of a run that nobody started yet."""
        return f"run-{next(self.numbers)}"

    @contextmanager
    def process(
        self, run_id: str = "", life: Life | None = None, *, workers: int = 1
    ) -> Generator[Process]:
        """A process with connections of its own; dead ones leave them cut."""
        life = life or Life()
        database = Database(self.database_url, clock=self.clock)
        with mortal(database, life):
            self.alive.append(life)
            try:
                yield self._assemble(database, life, run_id, workers)
            finally:
                self.alive.remove(life)

    def _assemble(
        self, database: Database, life: Life, run_id: str, workers: int
    ) -> Process:
        config = CONFIG
        app = App(config.app_key, SecretStr(config.app_secret))
        options = CallOptions(
            clock=self.clock, limiter=ProcessRateLimiter(LIMITLESS, self.clock)
        )
        store = TokenStore(database, TokenCipher([SecretStr(KEY)]))
        auth = AuthClient(app, self.http, base_url=self.url, options=options)
        client = TikTokShopClient(app, self.http, base_url=self.url, options=options)
        shops = ConnectedShops(store, auth, client, self.clock, app.key)
        runs = Runs(shops, run_id, lambda _: None, workers, self.archive)
        connector = Connector(store, auth, client, self.clock, app.key, "202309")
        return Process(runs, connector, database, life)

    def note_answer(self) -> None:
        """An answer about orders has left; whoever dies of it is dead."""
        for life in list(self.alive):
            life.note("answer")


@dataclass(slots=True)
class Worlds:
    """Makes worlds, one after the other, on one database."""

    database_url: str
    database: Database
    http: httpx.Client
    janitor: ThreadPoolExecutor

    def open(self) -> tuple[World, Callable[[], object]]:
        """A world, and how to end it; its server ends while the next one begins."""
        simulator = Simulator(CONFIG)
        witness = Witness(simulator)
        simulator.around = witness.around
        self._empty()
        stack = ExitStack()
        url = stack.enter_context(serve(simulator))
        clock = StoryClock(simulator)
        world = World(
            simulator, clock, url, self.database_url, self.database, self.http, witness
        )
        witness.on_answer = world.note_answer
        return world, lambda: self.janitor.submit(stack.close)

    def _empty(self) -> None:
        with self.database.begin() as connection:
            connection.execute(_NO_SHADOWS)
            connection.execute(_EMPTY)
