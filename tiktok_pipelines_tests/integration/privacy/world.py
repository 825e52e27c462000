"""Rules and subjects as the tests set them, and all that a database holds."""

from collections.abc import Iterator
from datetime import timedelta

from tiktok_pipelines.assembly import Pipeline
from tiktok_pipelines.ingest.erasure import Subject, erase
from tiktok_pipelines.ingest.privacy_rules import load_policy, set_rule
from tiktok_pipelines.simulator import Simulator
from tiktok_pipelines.storage import tables
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.transform.encoding import decompress
from tiktok_pipelines.transform.privacy import ANY, Action, PrivacyPolicy, Rule
from tiktok_pipelines_tests.integration.conftest import NOW
from tiktok_pipelines_tests.integration.ingest.answers import Json
from tiktok_pipelines_tests.integration.ingest.loads import runs_of
from tiktok_pipelines_tests.integration.ingest.stored import rows

DAYS = [(NOW - timedelta(days=days)).date() for days in range(7)]


def put(
    pipeline: Pipeline, field: str, action: Action, region: str = ANY
) -> PrivacyPolicy:
    """Set a rule; the policy of the first shop as it is now."""
    store, rule = pipeline.shops.store, Rule(region, field, action)
    set_rule(store.database, store.cipher, rule, now=pipeline.clock.now())
    shop_id = pipeline.shops.all()[0].shop_id
    return load_policy(store.database, store.cipher, shop_id, now=pipeline.clock.now())


def erase_now(pipeline: Pipeline, subject: Subject) -> int:
    """Erase; how many orders had buyer data."""
    store = pipeline.shops.store
    found, left = erase(store.database, store.cipher, subject, pipeline.clock)
    assert left == 0
    return found.recipients


def backfill(pipeline: Pipeline, shop_id: str, run_id: str = "run-1") -> None:
    """Pull every day of a shop."""
    runs_of(pipeline, run_id).backfill({shop_id: DAYS}).raise_if_failed()


def everything(database: Database) -> str:
    """Every table as text, and every page as TikTok sent it."""
    told: list[str] = []
    for table in tables.metadata.sorted_tables:
        if table is tables.pages:
            bodies = rows(database, "SELECT body FROM tiktok_raw.pages")
            told += [decompress(row["body"]).decode() for row in bodies]
        found = rows(database, f"SELECT t::text AS told FROM {table.fullname} AS t")
        told += [row["told"] for row in found]
    return "\n".join(told)


def truth(simulator: Simulator, shop: int = 0) -> list[Json]:
    """What TikTok would say of a shop's orders, buyers clear."""
    return list(simulator.truth(simulator.shops[shop].id))


def values_of(orders: list[Json], *path: str) -> set[str]:
    """The distinct clear texts at a path of the orders' truth."""
    return {text for order in orders for text in _texts(order, path) if _is_clear(text)}


def _texts(value: object, path: tuple[str, ...]) -> Iterator[str]:
    if isinstance(value, dict) and path:
        yield from _texts(value.get(path[0]), path[1:])  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType] - decoded JSON
    elif isinstance(value, str) and not path:
        yield value


def _is_clear(text: str) -> bool:
    return len(text) > 3 and "*" not in text


def in_every_shop(database: Database) -> dict[str, int]:
    """Rows of each shop in all tables that have one."""
    counts: dict[str, int] = {}
    for table in tables.metadata.sorted_tables:
        if "shop_id" in table.columns:
            statement = f"SELECT shop_id FROM {table.fullname}"
            for row in rows(database, statement):
                counts[row["shop_id"]] = counts.get(row["shop_id"], 0) + 1
    return counts
