"""What the tables that come with the project hold: markets, and who fills what."""

import csv
import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from tiktok_pipelines.storage.catalog import ORDER_TABLES
from tiktok_pipelines.subjects import SUBJECTS

Row = Mapping[str, str]
_ORDERS = "orders"


@dataclass(frozen=True, slots=True)
class Seed:
    """The rows of a table; values are texts that PostgreSQL reads."""

    table: str
    rows: Sequence[Row]

    @property
    def columns(self) -> Sequence[str]:
        """Those that the rows have, which are all."""
        return list(self.rows[0])

    @property
    def content_hash(self) -> str:
        """Of all rows."""
        told = repr([sorted(row.items()) for row in self.rows])
        return hashlib.blake2b(told.encode(), digest_size=16).hexdigest()


@cache
def seeds() -> Mapping[str, Seed]:
    """Every such table by its name with schema."""
    found = (
        Seed("tiktok_mart.regions", _regions()),
        Seed("tiktok_mart.streams", _streams()),
    )
    return {seed.table: seed for seed in found}


def whole_currencies() -> Sequence[str]:
    """The currencies that TikTok gives without decimals, as ``regions.csv`` has it."""
    return sorted({row["currency"] for row in _regions() if row["decimals"] == "0"})


def has_payments(region: str) -> bool:
    """Whether the API tells payouts of a market, as ``regions.csv`` has it.

    Of one that it does not know they are asked for: an answer tells.
    """
    told = {row["region"]: row["has_payments"] for row in _regions()}
    return told.get(region, "true") == "true"


@cache
def _regions() -> Sequence[Row]:
    file = resources.files("tiktok_pipelines.storage.marts") / "regions.csv"
    return list(csv.DictReader(io.StringIO(file.read_text("utf-8"))))


def _streams() -> Sequence[Row]:
    found = [(table, _ORDERS, _ORDERS) for table in ORDER_TABLES]
    for subject in SUBJECTS:
        found += [(table, subject.name, subject.sync) for table in subject.tables]
    names = ("table_name", "stream", "sync")
    return [dict(zip(names, each, strict=True)) for each in found]
