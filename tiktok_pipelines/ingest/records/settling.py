"""What is worked out in the database from a subject's rows, after they were written.

It follows from the rows alone, so that it is the same whatever wrote them.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from sqlalchemy import Connection

from tiktok_pipelines.ingest.product_history import settle_history
from tiktok_pipelines.ingest.target import ShopRun
from tiktok_pipelines.transform.products import PRODUCTS

Settling: TypeAlias = Callable[[Connection, ShopRun, Sequence[str]], None]
"""Works out what follows for some records, told by their ids."""

_SETTLINGS: Mapping[str, Settling] = {PRODUCTS.stream: settle_history}


def settle(
    connection: Connection, target: ShopRun, stream: str, ids: Sequence[str]
) -> None:
    """Work out what follows from records just written, in their transaction."""
    if ids and stream in _SETTLINGS:
        _SETTLINGS[stream](connection, target, ids)
