"""Sellers come in by the public port: state, cookie, refusal, and what is parked."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from sqlalchemy import RowMapping

from tiktok_pipelines.assembly import Pipeline
from tiktok_pipelines.receiver.oauth import COOKIE
from tiktok_pipelines.settings import Settings
from tiktok_pipelines.simulator import Simulator
from tiktok_pipelines.tokens.consents import STATE_LIFE, ConsentStore
from tiktok_pipelines_tests.integration.conftest import Served, SimulatorClock
from tiktok_pipelines_tests.integration.receiver.served import open_receiver

Rows = Callable[[str], Sequence[RowMapping]]


@dataclass(frozen=True)
class Browser:
    """A seller's browser; its cookies are those of the receiver alone."""

    http: httpx.Client
    simulator: Simulator

    def begin(self) -> str:
        """Go to the consent page; the state that was sent along."""
        answer = self.http.get("/tiktok/connect")
        assert answer.status_code == 302
        (state,) = parse_qs(urlsplit(answer.headers["location"]).query)["state"]
        return state

    def agree(self) -> str:
        return self.simulator.authorize(self.simulator.sellers[0].id)

    def come_back(self, **query: str) -> httpx.Response:
        return self.http.get("/tiktok/callback", params=query)


@pytest.fixture
def environment(environment: dict[str, str], served: Served) -> dict[str, str]:
    urls = dict.fromkeys(
        ("TIKTOK_CONSENT_URL_US", "TIKTOK_CONSENT_URL_ROW"),
        f"{served.url}/open/authorize",
    )
    return {**environment, **urls}


@pytest.fixture
def browser(
    settings: Settings, clock: SimulatorClock, simulator: Simulator
) -> Iterator[Browser]:
    with open_receiver(settings, clock) as receiver:
        yield Browser(receiver.http, simulator)


def connected(pipeline: Pipeline) -> set[str]:
    return {shop.shop_id for shop in pipeline.shops.all()}


def test_a_seller_who_agrees_is_connected_with_all_shops(
    browser: Browser, unconnected: Pipeline
) -> None:
    state = browser.begin()

    answer = browser.come_back(code=browser.agree(), state=state)

    shops = browser.simulator.sellers[0].shops
    assert answer.status_code == 200
    assert connected(unconnected) == {shop.id for shop in shops}
    assert all(shop.name in answer.text for shop in shops)


def test_the_whole_way_over_the_consent_page(
    browser: Browser, unconnected: Pipeline
) -> None:
    link = browser.http.get("/tiktok/connect").headers["location"]
    seller = browser.simulator.sellers[0]

    sent_back = httpx.get(f"{link}&approve={seller.id}").headers["location"]
    query = {
        name: value for name, [value] in parse_qs(urlsplit(sent_back).query).items()
    }
    answer = browser.come_back(**query)

    assert answer.status_code == 200
    assert connected(unconnected) == {shop.id for shop in seller.shops}


@pytest.mark.usefixtures("unconnected")
def test_a_state_is_good_once(browser: Browser) -> None:
    state = browser.begin()
    browser.come_back(code=browser.agree(), state=state)

    assert browser.come_back(code=browser.agree(), state=state).status_code == 400


def test_a_state_expires(
    browser: Browser, unconnected: Pipeline, simulator: Simulator
) -> None:
    state = browser.begin()
    simulator.clock.advance(STATE_LIFE + timedelta(seconds=1))

    assert browser.come_back(code=browser.agree(), state=state).status_code == 400
    assert connected(unconnected) == set()


def test_a_state_belongs_to_the_browser_that_began(
    browser: Browser, unconnected: Pipeline
) -> None:
    state = browser.begin()
    browser.http.cookies.clear()

    without = browser.come_back(code=browser.agree(), state=state)
    browser.http.cookies.set(COOKIE, "another")
    other = browser.come_back(code=browser.agree(), state=state)

    assert {without.status_code, other.status_code} == {400}
    assert connected(unconnected) == set()


def test_a_state_of_ones_own_making_is_worth_nothing(
    browser: Browser, unconnected: Pipeline, rows: Rows
) -> None:
    browser.begin()

    assert browser.come_back(code=browser.agree(), state="x").status_code == 400
    assert connected(unconnected) == set()
    assert rows("parked_callbacks") == []


def test_a_seller_who_refuses_is_told_so_and_the_state_is_used_up(
    browser: Browser, unconnected: Pipeline
) -> None:
    state = browser.begin()

    refused = browser.come_back(code="null", error="auth_denied", state=state)

    assert refused.status_code == 200
    assert "not given" in refused.text
    assert browser.come_back(code=browser.agree(), state=state).status_code == 400
    assert connected(unconnected) == set()


def test_a_callback_without_a_state_is_parked_and_lets_nobody_in(
    browser: Browser, unconnected: Pipeline, rows: Rows
) -> None:
    code = browser.agree()

    answer = browser.come_back(code=code, shop_region="MY")

    assert answer.status_code == 202
    assert connected(unconnected) == set()
    (row,) = rows("parked_callbacks")
    assert row["region"] == "MY"
    assert code not in str(dict(row))


def test_a_parked_code_is_taken_once_by_a_person(
    browser: Browser, unconnected: Pipeline
) -> None:
    code = browser.agree()
    for _ in range(2):
        browser.come_back(code=code)
    store = unconnected.shops.store
    consents = ConsentStore(store.database, store.cipher, unconnected.clock)
    (waiting,) = consents.parked()

    taken = consents.confirm(waiting.callback_id).get_secret_value()

    assert taken == code
    with pytest.raises(Exception, match="no callback"):
        consents.confirm(waiting.callback_id)


def test_nothing_of_a_request_stands_in_a_page_unescaped(browser: Browser) -> None:
    for query in ({"code": "<script>", "state": "<b>"}, {"shop_region": "<i>"}):
        text = browser.come_back(**query).text
        assert "<script>" not in text
        assert "<b>" not in text
        assert "<i>" not in text


@pytest.mark.usefixtures("unconnected")
def test_codes_and_states_stand_in_no_log(
    browser: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    state, code = browser.begin(), browser.agree()

    browser.come_back(code=code, state=state)
    browser.come_back(code=code)

    ours = [r for r in caplog.records if r.name.startswith("tiktok")]
    told = "\n".join(record.getMessage() for record in ours)
    assert code not in told
    assert state not in told


def test_too_many_parked_callbacks_of_a_source_are_refused_and_keep_out_no_other(
    browser: Browser, rows: Rows
) -> None:
    statuses = {
        browser.come_back(code=f"TTP_{number}").status_code for number in range(25)
    }
    browser.http.headers["x-forwarded-for"] = "203.0.113.7"
    other = browser.come_back(code="TTP_other")

    assert statuses == {202, 429}
    assert other.status_code == 202
    assert len(rows("parked_callbacks")) == 21


def test_a_source_gets_only_so_many_states_and_others_still_get_theirs(
    browser: Browser,
) -> None:
    statuses = {browser.http.get("/tiktok/connect").status_code for _ in range(70)}
    browser.http.headers["x-forwarded-for"] = "203.0.113.7"

    assert statuses == {302, 429}
    assert browser.begin()


@pytest.mark.parametrize("region", ["\0", "M\0Y", "M" * 1900, "\ud7ff\U0010ffff"])
def test_any_region_of_a_parked_callback_has_a_place(
    browser: Browser, rows: Rows, region: str
) -> None:
    answer = browser.come_back(code=browser.agree(), shop_region=region)

    assert answer.status_code == 202
    (row,) = rows("parked_callbacks")
    assert row["region"] == region.replace("\0", "\ufffd")[:20]


def test_a_look_at_the_callback_uses_no_state_up(
    browser: Browser, unconnected: Pipeline
) -> None:
    query = {"code": browser.agree(), "state": browser.begin()}

    looked = browser.http.head("/tiktok/callback", params=query)
    answer = browser.come_back(**query)

    assert (looked.status_code, answer.status_code) == (405, 200)
    assert connected(unconnected)
