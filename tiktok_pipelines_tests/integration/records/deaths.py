"""Loads of a subject of a shop that are killed at a chosen moment of their writing."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass

from tiktok_pipelines.ingest.records.runs import SubjectReport, SubjectRuns
from tiktok_pipelines.ingest.records.subject import Subject
from tiktok_pipelines.ingest.subjects import BY_NAME
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.tokens.shops import ConnectedShops
from tiktok_pipelines.tokens.store import TokenStore
from tiktok_pipelines_tests.integration.ingest.machine.lives import (
    Death,
    Killed,
    Life,
    mortal,
)
from tiktok_pipelines_tests.integration.records.stories import World

BROUGHT_BY = {
    "statement_totals": "statement_transactions",
    "unsettled_totals": "unsettled_transactions",
}
"""Subjects that have no load of their own, and whose brings them."""


@dataclass(frozen=True, slots=True)
class Target:
    """A subject of a shop that is about to be loaded."""

    world: World
    shop_id: str
    name: str

    @property
    def loaded(self) -> Subject:
        """The subject whose load brings it."""
        return BY_NAME[BROUGHT_BY.get(self.name, self.name)]

    def life(self, death: Death | None = None, *, dwells_s: float = 0.0) -> Life:
        """A life that writes when it writes the records themselves."""
        table = BY_NAME[self.name].mapping.root.table
        return Life(death, f'INSERT INTO "tiktok"."{table}"', dwells_s)

    def load(self, life: Life) -> SubjectReport | None:
        """Load it in a process of its own; None if that was killed."""
        found = self.world.pipeline
        url = found.settings.database_url.libpq
        database = Database(url, clock=found.clock)
        store = TokenStore(database, found.shops.store.cipher)
        shops = ConnectedShops(
            store,
            found.shops.auth,
            found.shops.client,
            found.clock,
            found.shops.app_key,
        )
        settings = found.settings
        runs = SubjectRuns(
            shops,
            "mortal",
            lambda _: None,
            settings.start_date,
            settings.first_sync_days,
        )
        with mortal(database, life), suppress(Killed):
            report = runs.sync([self.shop_id], [self.loaded])
            return None if life.is_dead else report
        return None

    def load_together(self, lives: Sequence[Life]) -> list[SubjectReport | None]:
        """Load it in several processes at once; None for each that was killed."""
        with ThreadPoolExecutor(len(lives)) as pool:
            return [*pool.map(self.load, lives)]
