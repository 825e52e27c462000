"""The answer to a refresh is lost after TikTok has given out new tokens."""

import asyncio
import json
from datetime import timedelta

import psycopg
import pytest
from click.testing import CliRunner
from pydantic import SecretStr
from starlette.responses import Response

from tiktok_pipelines.assembly import Pipeline, open_pipeline
from tiktok_pipelines.cli.main import main
from tiktok_pipelines.errors import NeedsConsent, StorageError
from tiktok_pipelines.settings import Settings
from tiktok_pipelines.simulator import Fault, Simulator
from tiktok_pipelines.simulator.sellers import Seller
from tiktok_pipelines.simulator.simulator import Answer, Visit
from tiktok_pipelines_tests.integration.conftest import (
    NOW,
    SimulatorClock,
    end_sessions,
)
from tiktok_pipelines_tests.integration.ingest.loads import runs_of
from tiktok_pipelines_tests.integration.ingest.stored import rows, scalar
from tiktok_pipelines_tests.integration.tokens.test_broken_sellers import (
    DUE,
    REFRESH,
    read_all,
    refreshes,
    why_broken,
)

UNTIL = "2026-01-17 12:00 UTC"
TOO_LATE = timedelta(days=1)


@pytest.fixture
def seller(simulator: Simulator) -> Seller:
    """The one with two shops."""
    return next(seller for seller in simulator.sellers if len(seller.shops) == 2)


@pytest.fixture
def lost(pipeline: Pipeline, simulator: Simulator, seller: Seller) -> Pipeline:
    """A pipeline whose refresh of this seller got no answer, and then a refusal."""
    lose_next_answer(simulator)
    assert read_all(pipeline, seller) == []
    assert simulator.faults.hits["lost_token_answer"] == 1
    assert refreshes(simulator) == 2
    return pipeline


def lose_next_answer(simulator: Simulator) -> None:
    simulator.clock.advance(DUE)
    simulator.faults.add(Fault("lost_token_answer", path=REFRESH, count=1))


def refresh_message(pipeline: Pipeline, seller: Seller) -> str | None:
    return scalar(
        pipeline.database,
        "SELECT refresh_error_message FROM tiktok_ops.credentials"
        " WHERE seller = :seller",
        seller=seller.open_id,
    )


def test_the_syncs_go_on_with_the_access_token_until_it_ends(
    lost: Pipeline, simulator: Simulator
) -> None:
    shops = [shop.id for shop in simulator.shops]

    report = runs_of(lost).sync(shops, first_sync_days=2)

    assert report.failures == []
    assert {shop.sync_status for shop in lost.shops.all()} == {"idle"}


def test_everybody_is_told_until_when_consent_is_needed(
    lost: Pipeline,
    seller: Seller,
    environment: dict[str, str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    listed = CliRunner(env=environment).invoke(main, ["shops", "list", "--json"])
    checked = CliRunner(env=environment).invoke(main, ["doctor", "--json"])

    shops = {shop["shop_id"]: shop for shop in json.loads(listed.stdout)}
    checks = {check["name"]: check for check in json.loads(checked.stdout)}
    message = refresh_message(lost, seller) or ""
    assert UNTIL in message
    assert message.endswith("tiktok-pipelines shops connect")
    assert {shops[shop.id]["last_error_message"] for shop in seller.shops} == {message}
    assert checks["consent"]["is_concern"]
    assert message in checks["consent"]["detail"]
    assert isinstance(dict(lost.shops.refresh_due())[seller.open_id], NeedsConsent)
    logged = [record.getMessage() for record in caplog.get_records("setup")]
    assert message in logged


def test_tiktok_is_not_asked_again_by_anybody_while_the_access_token_works(
    lost: Pipeline,
    settings: Settings,
    clock: SimulatorClock,
    simulator: Simulator,
    seller: Seller,
) -> None:
    simulator.clock.advance(timedelta(hours=1))

    with open_pipeline(settings, clock=clock) as other:
        failures = [*read_all(lost, seller), *read_all(other, seller)]

    assert failures == []
    assert refreshes(simulator) == 2


def test_when_the_access_token_has_ended_the_seller_is_given_up_once(
    lost: Pipeline, simulator: Simulator, seller: Seller
) -> None:
    simulator.clock.advance(TOO_LATE)

    failures = [*read_all(lost, seller), *read_all(lost, seller)]

    assert {type(error) for error in failures} == {NeedsConsent}
    (message,) = {str(error) for error in failures}
    assert seller.open_id in message
    assert "tiktok-pipelines shops connect" in message
    assert why_broken(lost, seller.open_id) == message
    assert refresh_message(lost, seller) is None
    assert refreshes(simulator) == 3  # once more, as nothing is lost by it
    marked = {s.shop_id for s in lost.shops.all() if s.sync_status == "error"}
    assert marked == {shop.id for shop in seller.shops}


def test_doctor_fails_when_a_consent_is_over(
    lost: Pipeline, simulator: Simulator, seller: Seller, environment: dict[str, str]
) -> None:
    simulator.clock.advance(TOO_LATE)
    read_all(lost, seller)

    checked = CliRunner(env=environment).invoke(main, ["doctor", "--json"])

    (check,) = [c for c in json.loads(checked.stdout) if c["name"] == "consent"]
    assert not check["is_ok"]
    assert check["detail"] == why_broken(lost, seller.open_id)


def test_the_other_sellers_run_on(
    lost: Pipeline, simulator: Simulator, seller: Seller
) -> None:
    simulator.clock.advance(TOO_LATE)
    shops = [shop.id for shop in simulator.shops]

    report = runs_of(lost).sync(shops, first_sync_days=2)

    failed = {shop_id for shop_id, _ in report.failures}
    assert failed == {shop.id for shop in seller.shops}
    assert report.syncs.keys() == set(shops) - failed


@pytest.mark.parametrize("later", [timedelta(0), TOO_LATE], ids=["early", "late"])
def test_connecting_again_heals_all_and_the_messages_are_gone(
    lost: Pipeline, simulator: Simulator, seller: Seller, later: timedelta
) -> None:
    simulator.clock.advance(later)
    read_all(lost, seller)

    lost.connector.connect(simulator.authorize(seller.id))

    assert refresh_message(lost, seller) is None
    assert why_broken(lost, seller.open_id) is None
    assert {shop.last_error_message for shop in lost.shops.all()} == {None}
    simulator.clock.advance(timedelta(minutes=11))  # a token is held for a while
    assert read_all(lost, seller) == []
    assert dict(lost.shops.refresh_due())[seller.open_id] is None


def test_an_answer_given_again_is_as_good_as_the_first(
    pipeline: Pipeline, simulator: Simulator, seller: Seller
) -> None:
    given: list[Response] = []

    async def around(visit: Visit, answer: Answer) -> Response:
        if visit.path != REFRESH:
            return answer()
        given.extend([answer()] if not given else [])
        return given[0]

    simulator.around = around
    lose_next_answer(simulator)

    failures = read_all(pipeline, seller)

    assert failures == []
    assert refreshes(simulator) == 2
    assert refresh_message(pipeline, seller) is None
    stored = pipeline.shops.store.seller_tokens(seller.open_id)
    assert json.loads(bytes(given[0].body))["data"]["access_token"] == (
        stored.access.get_secret_value()
    )


FULL = """
    CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN RAISE disk_full; END';
    CREATE TRIGGER full_disk BEFORE UPDATE ON tiktok_ops.credentials
        FOR EACH ROW EXECUTE FUNCTION full_disk()
"""
READ_ONLY = """
    DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only'
        ' = on', current_database()); END $$
"""


@pytest.mark.parametrize(
    ("spoil", "cause"),
    [(FULL, "disk is full"), (READ_ONLY, "read-only")],
    ids=["full", "read-only"],
)
def test_nothing_is_asked_whose_answer_could_not_be_stored(
    pipeline: Pipeline,
    simulator: Simulator,
    database_url: str,
    seller: Seller,
    spoil: str,
    cause: str,
) -> None:
    simulator.clock.advance(DUE)
    source = pipeline.shops.tokens_of(seller.open_id)
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(spoil.encode())
    end_sessions(database_url)  # settings of a database hold for new ones

    with pytest.raises(StorageError, match=cause):
        source.current()

    assert refreshes(simulator) == 0


def test_a_code_is_not_used_up_when_its_tokens_could_not_be_stored(
    unconnected: Pipeline, simulator: Simulator, database_url: str
) -> None:
    code = simulator.authorize(simulator.sellers[0].id)
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(READ_ONLY.encode())

    with pytest.raises(StorageError, match="read-only"):
        unconnected.connector.connect(code)

    assert simulator.calls.total() == 0


LOSE_LOCKS = """
    SELECT pg_terminate_backend(pid) FROM pg_locks
    WHERE locktype = 'advisory' AND database =
        (SELECT oid FROM pg_database WHERE datname = current_database())
"""


def test_tokens_are_stored_although_the_lock_was_lost_meanwhile(
    pipeline: Pipeline, simulator: Simulator, seller: Seller
) -> None:
    async def around(visit: Visit, answer: Answer) -> Response:
        if visit.path == REFRESH:
            assert rows(pipeline.database, LOSE_LOCKS)
        return answer()

    simulator.around = around
    simulator.clock.advance(DUE)

    token = pipeline.shops.tokens_of(seller.open_id).current()

    assert simulator.authorizations.find(token.get_secret_value()) is not None
    assert pipeline.shops.store.seller_tokens(seller.open_id).access == token
    assert refreshes(simulator) == 1


def test_who_lost_the_lock_takes_the_tokens_that_another_stored(
    pipeline: Pipeline,
    settings: Settings,
    clock: SimulatorClock,
    simulator: Simulator,
    seller: Seller,
) -> None:
    others: list[SecretStr] = []

    with open_pipeline(settings, clock=clock) as other:

        async def around(visit: Visit, answer: Answer) -> Response:
            if visit.path == REFRESH and not others:
                simulator.around = plainly
                assert rows(other.database, LOSE_LOCKS)
                source = other.shops.tokens_of(seller.open_id)
                others.append(await asyncio.to_thread(source.current))
            return answer()

        plainly, simulator.around = simulator.around, around
        simulator.clock.advance(DUE)
        token = pipeline.shops.tokens_of(seller.open_id).current()

    assert [token] == others
    assert simulator.refusals == {36004004: 1}
    assert refresh_message(pipeline, seller) is None
    assert why_broken(pipeline, seller.open_id) is None


def test_new_tokens_heal_shops_that_another_had_given_up_meanwhile(
    pipeline: Pipeline, simulator: Simulator, seller: Seller
) -> None:
    async def around(visit: Visit, answer: Answer) -> Response:
        if visit.path == REFRESH:  # as one does who got the lock that this one lost
            store = pipeline.shops.store
            store.mark_seller_broken(seller.open_id, "refused", NOW)
        return answer()

    simulator.around = around
    simulator.clock.advance(DUE)

    failures = read_all(pipeline, seller)

    assert failures == []
    assert why_broken(pipeline, seller.open_id) is None
    assert {shop.sync_status for shop in pipeline.shops.all()} == {"idle"}
