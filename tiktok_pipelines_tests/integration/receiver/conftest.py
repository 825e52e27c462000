"""A receiver over real HTTP, and what it landed."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import RowMapping, text

from tiktok_pipelines.settings import Settings
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines_tests.integration.receiver.served import Receiver, open_receiver

KEY, SECRET, FORMER = "6a1b2c3d4e5f6", "f0e1d2c3b4a5968778695a4b3c2d1e0f11223344", "old"
Rows = Callable[[str], Sequence[RowMapping]]


def settings_of(database_url: str, folder: Path, **more: str) -> Settings:
    environment = {
        "TIKTOK_APP_KEY": KEY,
        "TIKTOK_APP_SECRET": SECRET,
        "TIKTOK_FORMER_APP_SECRETS": FORMER,
        "TIKTOK_SERVICE_ID": "1",
        "TIKTOK_DATABASE_URL": database_url,
        "TIKTOK_HOME": str(folder / "home"),
        "TIKTOK_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
    }
    return Settings.from_environment({**environment, **more}, folder=folder)


@pytest.fixture
def receiver(database_url: str, tmp_path: Path) -> Iterator[Receiver]:
    with open_receiver(settings_of(database_url, tmp_path)) as opened:
        yield opened


@pytest.fixture
def rows(database: Database) -> Rows:
    """What a table of tiktok_ops holds."""

    def read(name: str) -> Sequence[Any]:
        statement = text(f"SELECT * FROM tiktok_ops.{name} ORDER BY 1")
        with database.begin() as connection:
            return connection.execute(statement).mappings().all()

    return read
