"""Plain objects for a run, built when it starts and closed when it ends.

Only then is what they are made of imported: client, database, ciphers.
"""

from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import dagster as dg

from tiktok_pipelines.clock import Clock, SystemClock
from tiktok_pipelines.settings import Settings

if TYPE_CHECKING:
    from tiktok_pipelines.assembly import Pipeline
    from tiktok_pipelines.tokens.store import TokenStore


class TokenStoreResource(dg.ConfigurableResource["TokenStore"]):
    """The connected shops and their tokens; needs the database, not the app."""

    def clock(self) -> Clock:
        """The present."""
        return SystemClock()

    @contextmanager
    def open(self) -> "Generator[TokenStore]":
        """The store, and with it the database."""
        from tiktok_pipelines.assembly import open_store

        with open_store(Settings.from_environment()) as store:
            yield store


class TikTokShopResource(dg.ConfigurableResource["Pipeline"]):
    """Clients of the connected shops, with their tokens and ciphers."""

    @contextmanager
    def open(self, run_id: str) -> "Generator[Pipeline]":
        """Everything a load needs; asks nothing of TikTok yet."""
        from tiktok_pipelines.assembly import open_pipeline

        with open_pipeline(Settings.from_environment(), run_id=run_id) as pipeline:
            yield pipeline
