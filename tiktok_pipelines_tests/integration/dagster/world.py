"""The definitions as they are, on simulated shops and a Dagster instance in memory."""

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date

import dagster as dg

from tiktok_pipelines.assembly import Pipeline, open_pipeline, open_store
from tiktok_pipelines.clock import Clock
from tiktok_pipelines.definitions import build_definitions
from tiktok_pipelines.defs.assets.coverage import COVERAGE
from tiktok_pipelines.defs.describe import asset_key
from tiktok_pipelines.defs.resources import TikTokShopResource, TokenStoreResource
from tiktok_pipelines.errors import PipelineError
from tiktok_pipelines.settings import Settings
from tiktok_pipelines.simulator import Simulator
from tiktok_pipelines.storage.catalog import ORDER_TABLES
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.tokens.store import TokenStore

ORDERS = dg.AssetKey(["tiktok", "orders"])
Events = Sequence[dg.DagsterEvent]


@dataclass(frozen=True)
class World:
    """What a test moves, and where it looks.

    ``retried`` tells of each failed attempt whether it asked to be repeated; none is,
    as that would take minutes.
    """

    simulator: Simulator
    pipeline: Pipeline
    instance: dg.DagsterInstance
    retried: list[bool] = field(default_factory=list[bool])

    @property
    def database(self) -> Database:
        return self.pipeline.database

    @property
    def shop_ids(self) -> list[str]:
        """In the order of the simulator, which is not that of the ids."""
        return [shop.id for shop in self.simulator.shops]

    @property
    def settings(self) -> Settings:
        return self.pipeline.settings

    def definitions(self) -> dg.Definitions:
        return build_definitions(
            {"tiktok_shop": self._shop_resource(), "token_store": self.token_store()}
        )

    def materialize(
        self, first: str, last: str | None = None, *, tables: Sequence[str] = ()
    ) -> dg.ExecuteInProcessResult:
        """One run over a partition, or from one to another.

        Without tables: of all those of the orders, and the coverage.
        """
        tags = {"dagster/partition": first}
        if last is not None:
            tags = {
                "dagster/asset_partition_range_start": first,
                "dagster/asset_partition_range_end": last,
            }
        job = self.definitions().resolve_implicit_global_asset_job_def()
        return job.execute_in_process(
            instance=self.instance,
            asset_selection=[dg.AssetKey(["tiktok", name]) for name in tables]
            or [*map(asset_key, ORDER_TABLES), COVERAGE],
            raise_on_error=False,
            tags=tags,
        )

    def sync(self, *shop_ids: str) -> dg.ExecuteInProcessResult:
        """The job as a person starts it, or with the shops that a tick passes."""
        config = {"config": {"shop_ids": list(shop_ids)}}
        job = self.definitions().resolve_job_def("sync_orders")
        return job.execute_in_process(
            run_config={"ops": {"sync_changed_orders": config}} if shop_ids else {},
            instance=self.instance,
            raise_on_error=False,
        )

    def green(self, table: str = "orders") -> set[str]:
        """The partitions of a table that stand as materialized."""
        key = dg.AssetKey(["tiktok", table])
        return set(self.instance.get_materialized_partitions(key))

    def _shop_resource(self) -> TikTokShopResource:
        settings, clock, retried = self.settings, self.pipeline.clock, self.retried

        class SimulatedShops(TikTokShopResource):
            @contextmanager
            def open(self, run_id: str) -> Generator[Pipeline]:
                with (
                    open_pipeline(settings, clock=clock, run_id=run_id) as opened,
                    _not_repeated(retried),
                ):
                    yield opened

        return SimulatedShops()

    def token_store(self) -> TokenStoreResource:
        settings, present = self.settings, self.pipeline.clock

        class SimulatedStore(TokenStoreResource):
            def clock(self) -> Clock:
                return present

            @contextmanager
            def open(self) -> Generator[TokenStore]:
                with open_store(settings) as store:
                    yield store

        return SimulatedStore()


@contextmanager
def _not_repeated(retried: list[bool]) -> Generator[None]:
    """Note whether a failure asks for a retry, and spare the test the minutes."""
    try:
        yield
    except PipelineError as error:
        retried.append(error.retryable)
        error.retryable = False
        raise


def new_instance() -> dg.DagsterInstance:
    """An instance in memory."""
    return dg.DagsterInstance.ephemeral()  # pyright: ignore[reportUnknownMemberType] - Dagster types it in part


def key_of(shop_id: str, day: date | str) -> str:
    return f"{day}|{shop_id}"


def why(result: dg.ExecuteInProcessResult) -> str:
    """What the run says of its failure."""
    failed = [event for event in result.all_events if event.is_step_failure]
    return "\n".join(event.step_failure_data.error_display_string for event in failed)


def checks(
    result: dg.ExecuteInProcessResult, *ours: dg.AssetKey
) -> dict[str, dg.AssetCheckEvaluation]:
    """The checks that a run evaluated, of orders and coverage if not told of which."""
    found = (
        event.asset_check_evaluation_data
        for event in result.all_events
        if event.event_type == dg.DagsterEventType.ASSET_CHECK_EVALUATION
    )
    ours = ours or (ORDERS, COVERAGE)
    return {each.check_name: each for each in found if each.asset_key in ours}


def materialized(
    result: dg.ExecuteInProcessResult, key: dg.AssetKey = ORDERS
) -> dict[str, dict[str, object]]:
    """Materializations of an asset by a run: partition and figures."""
    return {
        str(event.partition): {
            name: value.value for name, value in event.materialization.metadata.items()
        }
        for event in result.all_events
        if event.is_step_materialization and event.asset_key == key
    }


def observed(result: dg.ExecuteInProcessResult) -> Iterator[str]:
    """Partitions of the orders that a run observed."""
    return (
        str(event.partition)
        for event in result.all_events
        if event.event_type == dg.DagsterEventType.ASSET_OBSERVATION
    )
