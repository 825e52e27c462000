"""What runs in the processes that are killed: the receiver, and a control."""

import asyncio
import time
from collections.abc import Mapping

from tiktok_pipelines.receiver.app import build_app
from tiktok_pipelines.receiver.inbox import Inbox
from tiktok_pipelines.receiver.rejects import Rejects
from tiktok_pipelines.receiver.rows import Row
from tiktok_pipelines.receiver.server import run
from tiktok_pipelines.settings import Settings

HOST = "127.0.0.1"


class HastyInbox(Inbox):
    """Acknowledges at once, and lands later."""

    async def land(self, row: Row) -> bool:
        self._last = asyncio.create_task(super().land(row))
        return True


class CountingInbox(Inbox):
    """Counts how often it is asked whether it is up."""

    asked = 0

    async def ping(self) -> bool:
        self.asked += 1
        return await super().ping()


def serve_honestly(environment: Mapping[str, str], port: int) -> None:
    run(build_app(Settings.from_environment(environment)), HOST, port)


def serve_hastily(environment: Mapping[str, str], port: int) -> None:
    settings = Settings.from_environment(environment)
    rejects = Rejects(time.monotonic)
    url = settings.database_url.libpq
    inbox = HastyInbox(url, settings.app().key, rejects=rejects)
    run(build_app(settings, inbox=inbox), HOST, port)
