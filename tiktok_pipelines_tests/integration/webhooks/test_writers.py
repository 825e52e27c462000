"""Two writers, a thousand interleaved transactions: no event is skipped."""

import random
import threading
from collections.abc import Sequence
from datetime import UTC, datetime

import psycopg
from sqlalchemy import text

from tiktok_pipelines.ingest.webhook_queue import (
    Event,
    Settlement,
    claim,
    settle,
)
from tiktok_pipelines.storage.database import Database

TRANSACTIONS = 500
NOW = datetime(2026, 1, 10, tzinfo=UTC)
INSERT = """
    INSERT INTO tiktok_ops.webhook_events (app_key, dedupe_key, event_type, received_at,
        body) VALUES ('key', %s, 1, now(), '{}')
    RETURNING event_id
"""


def write(url: str, name: str, seed: int, done: threading.Event) -> None:
    """Two sessions whose transactions overlap: the earlier number commits later."""
    chance = random.Random(seed)
    with psycopg.connect(url) as one, psycopg.connect(url) as other:
        for number in range(TRANSACTIONS // 2):
            sessions = [one, other]
            for place, session in enumerate(sessions):
                session.execute(INSERT, (f"{name}-{number}-{place}",))
            chance.shuffle(sessions)
            for session in sessions:
                session.commit()
    done.set()


def test_no_event_is_skipped_whatever_the_order_of_commits(
    database: Database, database_url: str
) -> None:
    finished = [threading.Event(), threading.Event()]
    writers = [
        threading.Thread(target=write, args=(database_url, f"w{n}", n, finished[n]))
        for n in range(2)
    ]
    for writer in writers:
        writer.start()
    seen: list[int] = []
    late = 0
    claimed: Sequence[Event] = ()
    is_over = False
    while not is_over or claimed:
        is_over = all(done.is_set() for done in finished)
        claimed = claim(database, NOW, "run")
        late += sum(event.event_id < max(seen, default=0) for event in claimed)
        seen += [event.event_id for event in claimed]
        done = [Settlement(event_id=e.event_id, status="processed") for e in claimed]
        with database.begin() as connection:
            settle(connection, done, NOW)
    for writer in writers:
        writer.join()

    assert len(seen) == len(set(seen)) == 2 * TRANSACTIONS
    assert late, "no number was overtaken: the writers did not interleave"
    with database.begin() as connection:
        left = connection.execute(LEFT).scalar_one()
    assert left == 0


LEFT = text("""
    SELECT count(*) FROM tiktok_ops.webhook_events WHERE status <> 'processed'
""")
