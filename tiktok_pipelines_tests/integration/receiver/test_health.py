"""``GET /healthz``: true within a second, and cheap however often it is asked."""

import asyncio
import time
from pathlib import Path

import httpx
from psycopg.conninfo import conninfo_to_dict

from tiktok_pipelines.receiver.app import build_app
from tiktok_pipelines.receiver.rejects import Rejects
from tiktok_pipelines.storage.embedded import EmbeddedServer
from tiktok_pipelines_tests.integration.conftest import administer
from tiktok_pipelines_tests.integration.receiver.conftest import KEY, settings_of
from tiktok_pipelines_tests.integration.receiver.processes import CountingInbox
from tiktok_pipelines_tests.integration.receiver.served import Receiver, serve_app
from tiktok_pipelines_tests.waiting import until


def test_many_who_ask_at_once_cost_one_statement(
    database_url: str, tmp_path: Path
) -> None:
    inbox = CountingInbox(database_url, KEY, rejects=Rejects(time.monotonic))

    async def ask(url: str) -> set[int]:
        async with httpx.AsyncClient(base_url=url) as http:
            answers = await asyncio.gather(*(http.get("/healthz") for _ in range(50)))
        return {answer.status_code for answer in answers}

    begun = time.monotonic()
    with serve_app(build_app(settings_of(database_url, tmp_path), inbox=inbox)) as url:
        statuses = asyncio.run(ask(url))
        took_s = time.monotonic() - begun

    assert statuses == {200}
    assert 1 <= inbox.asked <= 1 + took_s


def test_what_was_told_is_not_told_for_ever(
    receiver: Receiver, postgres: EmbeddedServer, database_url: str
) -> None:
    def status() -> int:
        return receiver.http.get("/healthz").status_code

    assert status() == 200
    name = conninfo_to_dict(database_url)["dbname"]
    administer(
        postgres,
        f"ALTER DATABASE {name} ALLOW_CONNECTIONS false",
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        f" WHERE datname = '{name}'",
    )
    until(lambda: status() == 503, patience_s=10)
    administer(postgres, f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
    until(lambda: status() == 200, patience_s=10)
