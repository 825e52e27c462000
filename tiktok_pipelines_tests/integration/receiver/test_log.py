"""Events as people look at them: the list reads no bodies, which are many and large."""

from collections.abc import Iterator

import pytest
from psycopg import sql
from sqlalchemy import text

from tiktok_pipelines.ingest.webhook_log import Chosen, list_events, show_event
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.storage.tables.webhooks import webhook_events
from tiktok_pipelines_tests.integration.receiver.served import Receiver


@pytest.fixture
def without_bodies(database: Database, database_url: str) -> Iterator[Database]:
    """The database as one sees it who may read all of an event but its body."""
    names = [column.name for column in webhook_events.columns if column.name != "body"]
    columns = sql.SQL(", ").join(map(sql.Identifier, names)).as_string()
    with database.begin() as connection:
        connection.execute(text("CREATE ROLE lister"))
        connection.execute(text("GRANT USAGE ON SCHEMA tiktok_ops TO lister"))
        connection.execute(
            text(f"GRANT SELECT ({columns}) ON tiktok_ops.webhook_events TO lister")
        )
    opened = Database(f"{database_url}&options=-crole%3Dlister")
    yield opened
    opened.close()
    with database.begin() as connection:
        connection.execute(text("DROP OWNED BY lister"))
        connection.execute(text("DROP ROLE lister"))


def test_the_list_of_events_reads_no_bodies(
    receiver: Receiver, database: Database, without_bodies: Database
) -> None:
    name = receiver.send(1, order_id="5")

    (event,) = list_events(without_bodies, Chosen(), 10)

    assert event.dedupe_key == name
    assert '"order_id": "5"' in show_event(database, event.event_id).body.decode()
