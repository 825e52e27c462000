"""A shop to fill by hand."""

import pytest

from tiktok_pipelines.storage.database import Database
from tiktok_pipelines_tests.integration.marts.books import Books


@pytest.fixture
def books(database: Database) -> Books:
    """A shop in Kuala Lumpur: its day begins at 16:00 UTC of the day before."""
    return Books(database).open("MY")
