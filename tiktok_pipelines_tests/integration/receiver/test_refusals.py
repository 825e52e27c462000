"""What PostgreSQL does not take: when it is the event's fault, and when it is not."""

from collections.abc import Callable, Iterator, Sequence

import pytest
from sqlalchemy import RowMapping, text

from tiktok_pipelines.ingest.webhook_log import Chosen, replay
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines_tests.integration.receiver.served import Receiver, event

Rows = Callable[[str], Sequence[RowMapping]]
Refuse = Callable[[str], None]
_REFUSE = """
    CREATE FUNCTION tiktok_ops.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.event_type IS NULL THEN RETURN NEW; END IF;
        RAISE EXCEPTION 'no' USING ERRCODE = '{code}';
    END $$;
    CREATE TRIGGER refuse BEFORE INSERT ON tiktok_ops.webhook_events
        FOR EACH ROW EXECUTE FUNCTION tiktok_ops.refuse()
"""
_TAKE = "DROP FUNCTION IF EXISTS tiktok_ops.refuse() CASCADE"


@pytest.fixture
def refuse(database: Database) -> Iterator[Refuse]:
    """Let PostgreSQL refuse, with this code, every row that has a type; "" ends it."""

    def run(code: str) -> None:
        statement = _REFUSE.replace("{code}", code) if code else _TAKE
        with database.begin() as connection:
            connection.execute(text(statement))

    yield run
    run("")


TIMED_OUT, NO_LOCK, DEADLOCK, NO_MEMORY = "57014", "55P03", "40P01", "53200"


@pytest.mark.parametrize("code", [TIMED_OUT, NO_LOCK, DEADLOCK, NO_MEMORY])
def test_an_event_that_the_moment_refuses_is_answered_503_and_lands_when_sent_again(
    receiver: Receiver, rows: Rows, refuse: Refuse, code: str
) -> None:
    body = event(1, "749", order_id="5")
    refuse(code)

    assert receiver.post(body).status_code == 503
    assert rows("webhook_events") == []
    refuse("")
    assert receiver.post(body).status_code == 200

    (row,) = rows("webhook_events")
    assert (row["event_type"], row["status"]) == (1, "pending")


BAD_VALUE, TOO_COMPLEX = "22003", "54001"


@pytest.mark.parametrize("code", [BAD_VALUE, TOO_COMPLEX])
def test_an_event_whose_values_are_refused_lands_bare_and_is_read_again_on_replay(
    receiver: Receiver, rows: Rows, refuse: Refuse, database: Database, code: str
) -> None:
    refuse(code)
    receiver.send(1, "749", order_id="5")
    (bare,) = rows("webhook_events")

    again = replay(database, Chosen(status="dead"))

    (row,) = rows("webhook_events")
    assert (bare["event_type"], bare["status"]) == (None, "dead")
    assert again == [row["event_id"]]
    assert (row["event_type"], row["event_name"]) == (1, "ORDER_STATUS_CHANGE")
    assert (row["shop_id"], row["status"]) == ("749", "pending")
    assert row["pushed_at"].timestamp() == 1_768_046_400
    assert row["delivery_seconds"] > 0


def test_refusals_of_a_kind_are_told_once_however_many_there_are(
    receiver: Receiver, refuse: Refuse, caplog: pytest.LogCaptureFixture
) -> None:
    for code in (BAD_VALUE, NO_LOCK):
        refuse(code)
        for _ in range(5):
            receiver.post(event(1, "749"))
        refuse("")

    told = [r.getMessage() for r in caplog.records if r.levelname == "ERROR"]
    assert len(told) == 2
    assert "NumericValueOutOfRange" in told[0]
    assert "LockNotAvailable" in told[1]
