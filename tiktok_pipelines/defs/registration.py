"""Connected shops as partitions of an instance, for commands; runs have a sensor."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager

import dagster as dg
from dagster_postgres.utils import DagsterPostgresException
from sqlalchemy.exc import SQLAlchemyError
from yaml import YAMLError

from tiktok_pipelines.defs.partitions import tiktok_shops
from tiktok_pipelines.errors import ConfigurationError

_UNUSABLE = (dg.DagsterError, DagsterPostgresException, SQLAlchemyError, YAMLError)


def register_shops(shop_ids: Sequence[str]) -> Sequence[str]:
    """Add shops to the instance of DAGSTER_HOME; return those it did not know.

    Twice does no harm, nor do two at once.

    Raises:
        ConfigurationError: the instance cannot be opened.
    """
    name = str(tiktok_shops.name)
    with _instance() as instance:
        known = set(instance.get_dynamic_partitions(name))
        new = [shop_id for shop_id in shop_ids if shop_id not in known]
        instance.add_dynamic_partitions(name, new)
        return new


def forget_shop(shop_id: str) -> None:
    """Remove a shop from the instance of DAGSTER_HOME; twice does no harm.

    Raises:
        ConfigurationError: the instance cannot be opened.
    """
    with _instance() as instance:
        instance.delete_dynamic_partition(str(tiktok_shops.name), shop_id)


@contextmanager
def _instance() -> Generator[dg.DagsterInstance]:
    try:
        with dg.DagsterInstance.get() as instance:
            yield instance
    except _UNUSABLE as error:
        raise ConfigurationError(
            f"the Dagster instance of DAGSTER_HOME cannot be used "
            f"({type(error).__name__}): check its dagster.yaml, and its storage"
        ) from None
