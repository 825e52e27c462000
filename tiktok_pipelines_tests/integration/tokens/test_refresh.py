"""Refreshing in time and once, however many need it."""

import asyncio
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr
from starlette.responses import Response

from tiktok_pipelines.assembly import Pipeline, open_pipeline
from tiktok_pipelines.errors import NeedsConsent
from tiktok_pipelines.ingest.order_runs import OrderRuns
from tiktok_pipelines.settings import Settings
from tiktok_pipelines.simulator import Simulator
from tiktok_pipelines.simulator.simulator import Answer, Visit
from tiktok_pipelines.tokens.refresh import is_due
from tiktok_pipelines.tokens.store import SellerTokens
from tiktok_pipelines_tests.integration.conftest import NOW, SimulatorClock
from tiktok_pipelines_tests.integration.ingest.stored import count, rows, table

REFRESH = ("GET", "/api/v2/token/refresh", "")
START = datetime(2026, 1, 1, tzinfo=UTC)
OVER = timedelta(days=8)


def tokens(life: timedelta) -> SellerTokens:
    return SellerTokens(
        seller="s",
        access=SecretStr("hush-access"),
        refresh=SecretStr("hush-refresh"),
        access_expires_at=START + life,
        refresh_expires_at=START + timedelta(days=365),
        refreshed_at=START,
    )


@pytest.mark.parametrize(
    ("life", "margin"),
    [
        (timedelta(days=30), timedelta(hours=36)),
        (timedelta(days=15), timedelta(hours=36)),
        (timedelta(days=7), timedelta(hours=16.8)),
        (timedelta(hours=10), timedelta(hours=1)),
    ],
    ids=str,
)
def test_a_refresh_is_due_36_hours_or_a_tenth_of_life_before_the_end(
    life: timedelta, margin: timedelta
) -> None:
    due_at = START + life - margin

    assert not is_due(tokens(life), due_at - timedelta(seconds=1))
    assert is_due(tokens(life), due_at)


def test_tokens_do_not_print() -> None:
    assert "hush" not in f"{tokens(timedelta(days=7))!r}{tokens(timedelta(days=7))}"


def test_a_token_that_is_good_is_not_refreshed(
    pipeline: Pipeline, simulator: Simulator
) -> None:
    simulator.clock.advance(timedelta(days=6))
    source = pipeline.shops.tokens_of(simulator.sellers[0].open_id)

    source.current()

    assert simulator.calls[REFRESH] == 0


def test_a_token_that_is_due_is_refreshed_in_one_commit(
    pipeline: Pipeline, simulator: Simulator
) -> None:
    seller = simulator.sellers[0].open_id
    before = pipeline.shops.store.seller_tokens(seller)
    simulator.clock.advance(timedelta(days=6, hours=8))

    token = pipeline.shops.tokens_of(seller).current()

    after = pipeline.shops.store.seller_tokens(seller)
    assert after.access == token != before.access
    assert after.refresh != before.refresh
    assert after.access_expires_at > before.access_expires_at
    assert simulator.calls[REFRESH] == 1


@pytest.mark.usefixtures("pipeline")
def test_four_pipelines_refresh_once(
    settings: Settings, simulator: Simulator, clock: SimulatorClock
) -> None:
    seller = simulator.sellers[0].open_id
    simulator.clock.advance(timedelta(days=6, hours=8))
    simulator.around = slowly

    with ExitStack() as stack:
        opened = [
            stack.enter_context(open_pipeline(settings, clock=clock)) for _ in range(4)
        ]
        found = at_once(opened, seller)

    assert simulator.calls[REFRESH] == 1
    assert len({token.get_secret_value() for token in found}) == 1
    assert simulator.refusals == {}


async def slowly(visit: Visit, answer: Answer) -> Response:
    """Answer a refresh late enough for everyone else to want one too."""
    if visit.path == REFRESH[1]:
        await asyncio.sleep(0.3)
    return answer()


def at_once(pipelines: Sequence[Pipeline], seller: str) -> list[SecretStr]:
    """The tokens that threads get which all ask at the same moment."""
    start = threading.Barrier(len(pipelines))

    def ask(pipeline: Pipeline) -> SecretStr:
        start.wait(timeout=60)
        return pipeline.shops.tokens_of(seller).current()

    with ThreadPoolExecutor(len(pipelines)) as pool:
        return list(pool.map(ask, pipelines))


def test_four_threads_with_a_refused_token_refresh_once(
    pipeline: Pipeline, simulator: Simulator
) -> None:
    source = pipeline.shops.tokens_of(simulator.sellers[0].open_id)
    refused = source.current()
    simulator.around = slowly

    with ThreadPoolExecutor(4) as pool:
        found = set(pool.map(source.replace, [refused] * 4))

    assert simulator.calls[REFRESH] == 1
    assert len(found) == 1


def test_a_token_refused_midway_is_refreshed_once_and_the_load_goes_on(
    pipeline: Pipeline, simulator: Simulator
) -> None:
    shop = simulator.shops[0]
    runs = OrderRuns(pipeline.shops, "run-1", log=lambda _: None)
    days = [(NOW - timedelta(days=number)).date() for number in range(6)]
    runs.backfill({shop.id: days[3:]}).raise_if_failed()

    simulator.expire_access_tokens(shop.seller_id)
    runs.backfill({shop.id: days}).raise_if_failed()

    assert simulator.calls[REFRESH] == 1
    assert simulator.refusals[105002] >= 1
    assert count(pipeline.database, "tiktok.orders") == 40


def test_a_revoked_authorisation_marks_the_shops_with_the_remedy(
    pipeline: Pipeline, simulator: Simulator
) -> None:
    seller, other = simulator.sellers
    simulator.revoke(seller.id)
    simulator.clock.advance(OVER)

    with pytest.raises(NeedsConsent):
        pipeline.shops.tokens_of(seller.open_id).current()

    marked = {shop.shop_id: shop for shop in pipeline.shops.all()}
    for shop in seller.shops:
        assert marked[shop.id].sync_status == "error"
        assert "shops connect" in (marked[shop.id].last_error_message or "")
    assert {marked[shop.id].sync_status for shop in other.shops} == {"idle"}


def test_a_refused_refresh_is_not_tried_again_within_the_call(
    pipeline: Pipeline, simulator: Simulator
) -> None:
    seller = simulator.sellers[0]
    simulator.revoke(seller.id)
    simulator.clock.advance(OVER)

    with pytest.raises(NeedsConsent) as caught:
        pipeline.shops.tokens_of(seller.open_id).current()

    assert simulator.calls[REFRESH] == 1
    assert not caught.value.retryable


def test_a_refused_refresh_keeps_the_stored_tokens(
    pipeline: Pipeline, simulator: Simulator
) -> None:
    seller = simulator.sellers[0]
    before = pipeline.shops.store.seller_tokens(seller.open_id)
    simulator.revoke(seller.id)
    simulator.clock.advance(OVER)

    with pytest.raises(NeedsConsent):
        pipeline.shops.tokens_of(seller.open_id).current()

    assert pipeline.shops.store.seller_tokens(seller.open_id) == before


def test_an_authorisation_that_has_ended_asks_for_consent_without_a_call(
    pipeline: Pipeline, simulator: Simulator
) -> None:
    seller = simulator.sellers[0]
    simulator.clock.advance(timedelta(days=366))

    with pytest.raises(NeedsConsent, match=r"has expired.*shops connect"):
        pipeline.shops.tokens_of(seller.open_id).current()

    assert simulator.calls[REFRESH] == 0


def test_connecting_again_heals_what_was_revoked(
    pipeline: Pipeline, simulator: Simulator
) -> None:
    seller = simulator.sellers[0]
    simulator.revoke(seller.id)
    simulator.clock.advance(OVER)
    with pytest.raises(NeedsConsent):
        pipeline.shops.tokens_of(seller.open_id).current()

    pipeline.connector.connect(simulator.authorize(seller.id))

    pipeline.shops.tokens_of(seller.open_id).current()
    assert {shop.sync_status for shop in pipeline.shops.all()} == {"idle"}
    (row,) = rows(
        pipeline.database,
        "SELECT last_error_message FROM tiktok_ops.credentials WHERE seller = :seller",
        seller=seller.open_id,
    )
    assert row["last_error_message"] is None


def test_all_due_tokens_are_refreshed_and_failures_named(
    pipeline: Pipeline, simulator: Simulator
) -> None:
    revoked, fine = simulator.sellers
    simulator.revoke(revoked.id)
    simulator.clock.advance(timedelta(days=6, hours=8))

    done = dict(pipeline.shops.refresh_due())

    assert isinstance(done[revoked.open_id], NeedsConsent)
    assert done[fine.open_id] is None


def test_a_seller_who_never_consented_is_told(pipeline: Pipeline) -> None:
    with pytest.raises(NeedsConsent, match="shops connect"):
        pipeline.shops.tokens_of("nobody").current()


def test_no_secret_stands_in_any_repr(pipeline: Pipeline, simulator: Simulator) -> None:
    secrets = {simulator.config.app_secret}
    printed = [repr(pipeline), repr(pipeline.settings), repr(pipeline.shops)]
    for seller in simulator.sellers:
        source = pipeline.shops.tokens_of(seller.open_id)
        stored = pipeline.shops.store.seller_tokens(seller.open_id)
        secrets |= {stored.access.get_secret_value(), stored.refresh.get_secret_value()}
        source.current()
        printed += [repr(source), repr(stored)]
    for shop in simulator.shops:
        client = pipeline.shops.client_of(shop.id)
        secrets.add(shop.cipher)
        printed += [repr(client), repr(vars(client)), repr(pipeline.shops.get(shop.id))]

    assert len(secrets) == 8
    assert [secret for secret in secrets if secret in " ".join(printed)] == []


def test_no_secret_stands_in_the_database(
    pipeline: Pipeline, simulator: Simulator
) -> None:
    stored = [
        pipeline.shops.store.seller_tokens(seller.open_id)
        for seller in simulator.sellers
    ]
    secrets = [token.access.get_secret_value() for token in stored]
    secrets += [token.refresh.get_secret_value() for token in stored]
    names = ("credentials", "shops", "tiktok_api_logs", "sync_schedules")
    held = repr([table(pipeline.database, f"tiktok_ops.{name}") for name in names])

    assert [secret for secret in secrets if secret in held] == []
