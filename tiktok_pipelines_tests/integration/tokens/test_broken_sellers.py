"""What ends an authorisation and what does not, and that an ended one is left alone."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from pydantic import SecretStr
from starlette.responses import Response

from tiktok_pipelines.api.endpoints.orders import OrderSearch
from tiktok_pipelines.assembly import Pipeline, open_pipeline
from tiktok_pipelines.errors import (
    ApiError,
    DecryptionError,
    NeedsConsent,
    PipelineError,
)
from tiktok_pipelines.settings import Settings
from tiktok_pipelines.simulator import Simulator
from tiktok_pipelines.simulator.refusals import Refusal
from tiktok_pipelines.simulator.sellers import Seller
from tiktok_pipelines.simulator.simulator import Answer, Around, Visit
from tiktok_pipelines_tests.integration.conftest import SimulatorClock
from tiktok_pipelines_tests.integration.ingest.stored import rows, scalar

REFRESH = "/api/v2/token/refresh"
SEARCH = "/order/202309/orders/search"
DUE = timedelta(days=6, hours=8)


def refusing(path: str, refusal: Refusal) -> Around:
    """Let TikTok refuse one path."""

    async def around(visit: Visit, answer: Answer) -> Response:
        if visit.path == path:
            raise refusal
        return answer()

    return around


def refreshes(simulator: Simulator) -> int:
    return simulator.calls["GET", REFRESH, ""]


def searches(simulator: Simulator) -> int:
    return sum(
        times for (_, path, _), times in simulator.calls.items() if path == SEARCH
    )


def why_broken(pipeline: Pipeline, seller: str) -> str | None:
    return scalar(
        pipeline.database,
        "SELECT last_error_message FROM tiktok_ops.credentials WHERE seller = :seller",
        seller=seller,
    )


def read_all(pipeline: Pipeline, seller: Seller) -> Sequence[PipelineError]:
    """Ask something of every shop of a seller, as a run does; the failures."""
    failures: list[PipelineError] = []
    for shop in seller.shops:
        try:
            pipeline.shops.client_of(shop.id).orders.search(OrderSearch())
        except PipelineError as error:
            failures.append(error)
    return failures


@pytest.fixture
def seller(simulator: Simulator) -> Seller:
    """The one with two shops."""
    return next(seller for seller in simulator.sellers if len(seller.shops) == 2)


@pytest.mark.parametrize(
    "refusal",
    [
        Refusal(36009033, "ip not on the allow list", http_status=403),
        Refusal(424242, "system busy", http_status=200),
        Refusal(36009004, "invalid app_key"),
    ],
    ids=["address", "unknown", "app"],
)
def test_a_refusal_that_is_not_about_the_grant_leaves_the_seller_unmarked(
    pipeline: Pipeline, simulator: Simulator, seller: Seller, refusal: Refusal
) -> None:
    around = simulator.around
    simulator.around = refusing(REFRESH, refusal)
    simulator.clock.advance(DUE)
    source = pipeline.shops.tokens_of(seller.open_id)

    with pytest.raises(ApiError):
        source.current()

    assert why_broken(pipeline, seller.open_id) is None
    assert {shop.sync_status for shop in pipeline.shops.all()} == {"idle"}
    simulator.around = around
    token = source.current()
    assert pipeline.shops.store.seller_tokens(seller.open_id).access == token


def test_one_refusal_ends_the_run_of_all_shops_of_the_seller(
    pipeline: Pipeline, simulator: Simulator, seller: Seller
) -> None:
    simulator.revoke(seller.id)

    failures = read_all(pipeline, seller)

    assert [type(error) for error in failures] == [NeedsConsent] * 2
    assert len({str(error) for error in failures}) == 1
    assert (refreshes(simulator), searches(simulator)) == (1, 1)


def test_a_dead_authorisation_is_not_tried_again_by_another_process(
    pipeline: Pipeline,
    settings: Settings,
    simulator: Simulator,
    clock: SimulatorClock,
    seller: Seller,
) -> None:
    simulator.revoke(seller.id)
    read_all(pipeline, seller)
    asked = simulator.calls.total()

    with open_pipeline(settings, clock=clock) as other:
        failures = read_all(other, seller)

    told = [str(error) for error in failures]
    assert told == [why_broken(pipeline, seller.open_id)] * 2
    assert "shops connect" in told[0]
    assert simulator.calls.total() == asked


def test_a_token_refused_right_after_its_refresh_marks_the_seller_once(
    pipeline: Pipeline, simulator: Simulator, seller: Seller
) -> None:
    simulator.around = refusing(SEARCH, Refusal(105002, "expired", http_status=401))

    failures = read_all(pipeline, seller)

    message = why_broken(pipeline, seller.open_id)
    assert [str(error) for error in failures] == [message] * 2
    assert "just replaced" in (message or "")
    assert (refreshes(simulator), searches(simulator)) == (1, 2)
    marked = {shop.shop_id for shop in pipeline.shops.all() if shop.last_error_message}
    assert marked == {shop.id for shop in seller.shops}


def test_connecting_again_heals_a_seller_who_was_given_up(
    pipeline: Pipeline, simulator: Simulator, seller: Seller
) -> None:
    around = simulator.around
    simulator.around = refusing(SEARCH, Refusal(105002, "expired", http_status=401))
    read_all(pipeline, seller)
    simulator.around = around

    pipeline.connector.connect(simulator.authorize(seller.id))

    assert read_all(pipeline, seller) == []
    assert why_broken(pipeline, seller.open_id) is None


def test_a_newer_token_is_not_given_up_with_an_older_one(
    pipeline: Pipeline, seller: Seller
) -> None:
    source = pipeline.shops.tokens_of(seller.open_id)

    source.give_up(SecretStr("the one before"), "refused")

    assert why_broken(pipeline, seller.open_id) is None


def test_tokens_that_cannot_be_read_do_not_keep_the_others_from_a_refresh(
    pipeline: Pipeline, simulator: Simulator
) -> None:
    broken, fine = sorted(seller.open_id for seller in simulator.sellers)
    change = (
        "UPDATE tiktok_ops.credentials SET access_token = 'x'"
        " WHERE seller = :seller RETURNING 1"
    )
    rows(pipeline.database, change, seller=broken)
    simulator.clock.advance(DUE)

    done = dict(pipeline.shops.refresh_due())

    assert isinstance(done[broken], DecryptionError)
    assert done[fine] is None
    assert refreshes(simulator) == 1


def test_trouble_of_the_auth_host_is_told_for_each_seller(
    pipeline: Pipeline, simulator: Simulator
) -> None:
    simulator.around = refusing(REFRESH, Refusal(36009033, "ip", http_status=403))
    simulator.clock.advance(DUE)

    done = pipeline.shops.refresh_due()

    assert [seller for seller, _ in done] == pipeline.shops.store.sellers()
    assert all(isinstance(error, ApiError) for _, error in done)
    assert refreshes(simulator) == len(simulator.sellers)
