"""Shops to fill by hand."""

import pytest

from tiktok_pipelines.storage.database import Database
from tiktok_pipelines_tests.integration.marts.books import Books, at
from tiktok_pipelines_tests.integration.marts.money import sale, settle, state


@pytest.fixture
def books(database: Database) -> Books:
    """A shop in Kuala Lumpur: its day begins at 16:00 UTC of the day before."""
    return Books(database).open("MY")


@pytest.fixture
def settled(books: Books) -> Books:
    """Order A: sold for 100, half of it refunded later, and a compensation of 3."""
    sale(books, "A", 100, delivered_at=at("2026-03-05 00:00"))
    state(books, 1, "70", at("2026-03-10 00:00"))
    state(books, 2, "-37", at("2026-03-20 00:00"))
    settle(books, 1, 1, 100, -10, -20, 0, order_id="A")
    settle(books, 2, 2, -50, 0, 10, 0, order_id="A")
    settle(books, 3, 2, 0, 0, 0, 3, type="LOGISTICS", adjustment_order_id="A")
    return books


@pytest.fixture
def british(database: Database) -> Books:
    """A shop in a market whose payments TikTok tells of."""
    return Books(database, "S9", "GBP").open("GB")
