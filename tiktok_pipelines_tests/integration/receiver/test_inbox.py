"""The inbox when the database hangs or is away: what waits, and what has given up."""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import psycopg
from psycopg.conninfo import conninfo_to_dict

from tiktok_pipelines.receiver.inbox import Inbox
from tiktok_pipelines.receiver.rejects import Rejects
from tiktok_pipelines.receiver.rows import Row, row_of
from tiktok_pipelines.storage.embedded import EmbeddedServer
from tiktok_pipelines_tests.integration.conftest import administer
from tiktok_pipelines_tests.integration.receiver.served import event

_PLACES = 4096


def some_row() -> Row:
    return row_of(event(1, "749", order_id="5"), (), 1_768_046_401.0)


@asynccontextmanager
async def open_inbox(url: str) -> AsyncGenerator[Inbox]:
    inbox = Inbox(url, "key", rejects=Rejects(time.monotonic))
    await inbox.start()
    try:
        yield inbox
    finally:
        await inbox.stop()


def name_of(url: str) -> str:
    return str(conninfo_to_dict(url)["dbname"])


def land(inbox: Inbox, count: int) -> "list[asyncio.Task[bool]]":
    return [asyncio.create_task(inbox.land(some_row())) for _ in range(count)]


def test_an_event_behind_many_that_gave_up_lands_when_the_database_is_back(
    postgres: EmbeddedServer, database_url: str
) -> None:
    allow = f"ALTER DATABASE {name_of(database_url)} ALLOW_CONNECTIONS"

    async def outlive() -> tuple[list[bool], bool]:
        administer(postgres, f"{allow} false")
        async with open_inbox(database_url) as inbox:
            early = land(inbox, 1200)
            await asyncio.sleep(1.2)
            (late,) = land(inbox, 1)
            given_up = await asyncio.gather(*early)
            await asyncio.sleep(0.2)
            administer(postgres, f"{allow} true")
            return given_up, await late

    given_up, landed = asyncio.run(outlive())

    assert not any(given_up)
    assert landed


def test_an_event_behind_many_whose_senders_left_lands_when_the_database_is_back(
    postgres: EmbeddedServer, database_url: str
) -> None:
    allow = f"ALTER DATABASE {name_of(database_url)} ALLOW_CONNECTIONS"

    async def outlive() -> bool:
        administer(postgres, f"{allow} false")
        async with open_inbox(database_url) as inbox:
            early = land(inbox, 1200)
            await asyncio.sleep(0.2)
            (late,) = land(inbox, 1)
            for task in early:
                task.cancel()
            await asyncio.sleep(0.5)
            administer(postgres, f"{allow} true")
            return await late

    assert asyncio.run(outlive())


def test_events_that_gave_up_hold_no_places(database_url: str) -> None:
    async def fill() -> tuple[list[bool], bool]:
        async with open_inbox(database_url) as inbox:
            with psycopg.connect(database_url) as other:
                other.execute("LOCK TABLE tiktok_ops.webhook_events")
                first = land(inbox, 1)
                await asyncio.sleep(0.2)
                given_up = await asyncio.gather(*first, *land(inbox, _PLACES))
                (late,) = land(inbox, 1)
                await asyncio.sleep(0.2)
            return given_up, await late

    given_up, landed = asyncio.run(fill())

    assert not any(given_up)
    assert landed
