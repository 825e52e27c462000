"""Neither logs at DEBUG, nor errors, nor objects that are printed tell a secret."""

import json
import logging
import traceback
from collections.abc import Callable, Iterator

import pytest
from pydantic import SecretStr
from sqlalchemy import text
from starlette.responses import Response

from tiktok_pipelines.api.endpoints.orders import OrderSearch
from tiktok_pipelines.assembly import Pipeline, open_pipeline
from tiktok_pipelines.errors import PipelineError, ShopsFailed
from tiktok_pipelines.ingest.archive import pages_of
from tiktok_pipelines.ingest.pages import read_order_page
from tiktok_pipelines.ingest.quarantine import list_bad, read_bad
from tiktok_pipelines.settings import Settings
from tiktok_pipelines.simulator import Fault, Simulator
from tiktok_pipelines.simulator.simulator import Answer, Visit
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.transform.privacy import KEEP_ALL
from tiktok_pipelines_tests.integration.conftest import KEY
from tiktok_pipelines_tests.integration.ingest.loads import runs_of
from tiktok_pipelines_tests.integration.secrecy.needles import Needle, Search
from tiktok_pipelines_tests.integration.secrecy.told import SECRET, Told

TALKERS = ("httpx", "httpcore", "sqlalchemy.engine", "sqlalchemy.pool", "psycopg")
OTHER_KEY = "b3RoZXIga2V5LCAzMiBieXRlcyBsb25nLCBub3QgS0U="
_REFUSE = """
    CREATE FUNCTION tiktok.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'no room for %', NEW
            USING ERRCODE = TG_ARGV[0], DETAIL = NEW::text, HINT = NEW::text;
    END $$
"""
_TRIGGER = """
    CREATE TRIGGER refuse BEFORE INSERT ON tiktok.order_recipients
    FOR EACH ROW EXECUTE FUNCTION tiktok.refuse('{state}')
"""


@pytest.fixture
def told(simulator: Simulator) -> Told:
    """What the simulator tells from now on, before any seller consents."""
    found = Told()
    simulator.around = found.around
    return found


def search_of(told: Told, simulator: Simulator) -> Search:
    own = [simulator.config.app_secret, KEY, *(shop.cipher for shop in simulator.shops)]
    return Search([*(Needle(SECRET, each) for each in own), *told.needles()])


def leaks(search: Search, printed: str) -> list[str]:
    data = printed.encode("utf-8", "backslashreplace")
    return sorted({find.around.decode("latin-1") for find in search.finds("", data)})


def sync(pipeline: Pipeline, run_id: str = "sync") -> list[PipelineError]:
    shop_ids = [shop.shop_id for shop in pipeline.shops.all()]
    report = runs_of(pipeline, run_id).sync(shop_ids, first_sync_days=6)
    return [error for _, error in report.failures]


def refuse(database: Database, state: str) -> None:
    with database.begin() as connection:
        connection.execute(text(_REFUSE))
        connection.execute(text(_TRIGGER.format(state=state)))


def printed_errors(errors: list[PipelineError]) -> str:
    """All that can be printed of errors and of what is behind them."""
    return "\n".join(
        "".join(traceback.format_exception(each)) + repr(each) + repr(vars(each))
        for error in errors
        for each in chain(error)
    )


def chain(error: BaseException) -> Iterator[BaseException]:
    yield error
    further = [error.__cause__, error.__context__]
    if isinstance(error, ShopsFailed):
        further += [failure for _, failure in error.failures]
    for each in further:
        if each is not None:
            yield from chain(each)


def test_logs_at_debug_tell_no_row_and_no_query(
    told: Told,
    pipeline: Pipeline,
    simulator: Simulator,
    caplog: pytest.LogCaptureFixture,
) -> None:
    for name in ("", *TALKERS, "tiktok_pipelines"):
        caplog.set_level(logging.DEBUG, logger=name)
    simulator.faults.add(Fault("expired_token", count=1))
    simulator.faults.add(Fault("cut_midway", count=2))
    sync(pipeline)
    simulator.clock.advance(pipeline.clock.now() - simulator.clock.now())

    sync(pipeline, "once more")

    records = [each for each in caplog.records if not each.name.startswith("uvicorn")]
    names = {record.name for record in records}
    printed = "\n".join(logging.Formatter().format(record) for record in records)
    assert leaks(search_of(told, simulator), printed) == []
    assert {"httpx", "sqlalchemy.engine.Engine.tiktok", "psycopg"} <= names
    assert any(name.startswith("httpcore") for name in names)
    assert "sign=" not in printed
    assert len(told.buyers) > 100


@pytest.mark.parametrize("state", ["23514", "P0001"])
def test_errors_of_postgresql_quote_no_row(
    told: Told, pipeline: Pipeline, simulator: Simulator, state: str
) -> None:
    refuse(pipeline.database, state)

    errors = sync(pipeline)

    kept = [
        read_bad(pipeline.database, bad.quarantine_id).entry.reason
        for bad in list_bad(pipeline.database)
    ]
    assert leaks(search_of(told, simulator), printed_errors(errors) + str(kept)) == []
    assert errors or any(state in reason for reason in kept)


def test_what_tiktok_says_of_a_failure_is_told_without_secrets(
    pipeline: Pipeline, simulator: Simulator
) -> None:
    shop = simulator.shops[0]
    tokens = pipeline.shops.store.seller_tokens(simulator.sellers[0].open_id)
    sent = [
        simulator.config.app_secret,
        shop.cipher,
        tokens.access.get_secret_value(),
        tokens.refresh.get_secret_value(),
    ]

    async def quoting(visit: Visit, answer: Answer) -> Response:
        del answer
        quoted = sent[:3] if visit.shop_id else [sent[0], sent[3]]
        said = {"code": 36009003, "message": f"no: {' '.join(quoted)}"}
        return Response(json.dumps(said), media_type="application/json")

    simulator.around = quoting
    report = runs_of(pipeline).sync([shop.id], first_sync_days=6)
    errors = [error for _, error in report.failures]
    errors.append(raised(lambda: pipeline.shops.auth.refresh(tokens.refresh)))

    printed = printed_errors(errors)
    assert [text for text in sent if text in printed] == []
    assert printed.count("no: ***") > 1


def test_errors_of_tokens_and_keys_tell_neither(
    told: Told, pipeline: Pipeline, simulator: Simulator, environment: dict[str, str]
) -> None:
    settings = Settings.from_environment(
        environment | {"TIKTOK_ENCRYPTION_KEYS": OTHER_KEY}
    )
    code = simulator.authorize(simulator.sellers[0].id)
    simulator.faults.add(Fault("lost_token_answer", count=9))
    errors = [raised(lambda: pipeline.connector.connect(code))]
    simulator.faults.clear()
    simulator.revoke(simulator.sellers[0].id)
    errors += [raised(lambda: pipeline.connector.connect(code)), *sync(pipeline)]
    with open_pipeline(settings, clock=pipeline.clock) as other:
        errors += sync(other, "with another key")

    search = search_of(told, simulator)
    more = Search([Needle(SECRET, code), Needle(SECRET, OTHER_KEY)])
    printed = printed_errors(errors)
    assert leaks(search, printed) + leaks(more, printed) == []
    assert len(errors) > 6


def raised(act: Callable[[], object]) -> PipelineError:
    with pytest.raises(PipelineError) as caught:
        act()
    return caught.value


def test_no_object_tells_a_secret_or_a_buyer_when_it_is_printed(
    told: Told, pipeline: Pipeline, simulator: Simulator, settings: Settings
) -> None:
    sync(pipeline)
    store = pipeline.shops.store
    load = runs_of(pipeline).load_of(simulator.shops[0].id)
    received = next(
        iter(pipeline.shops.client_of(load.target.shop_id).orders.pages(OrderSearch()))
    )
    page = read_order_page(received, KEEP_ALL)
    kept = list(pages_of(pipeline.database, load.target.shop_id))
    bad = [
        read_bad(pipeline.database, each.quarantine_id)
        for each in list_bad(pipeline.database)
    ]
    values: list[object] = [
        *(settings, settings.app(), settings.database_url, pipeline, store),
        *(store.cipher, store.database, store.shops(), pipeline.shops, load),
        *(store.seller_tokens(seller) for seller in store.sellers()),
        *(pipeline.shops.tokens_of(seller) for seller in store.sellers()),
        *(pipeline.connector, pipeline.connector.auth, pipeline.connector.client),
        *(received, page, *page.orders, *page.bad, *kept, *bad),
        *(rows.buyer for rows in page.orders),
    ]
    printed = "\n".join(text for value in values for text in (repr(value), str(value)))

    assert leaks(search_of(told, simulator), printed) == []
    assert len(kept) > 1
    assert any(rows.buyer for rows in page.orders)


def test_a_secret_that_is_printed_would_be_found(
    told: Told, pipeline: Pipeline, simulator: Simulator
) -> None:
    sync(pipeline)
    careless = PipelineError(f"wrong key {SecretStr(KEY).get_secret_value()}")

    search = search_of(told, simulator)

    assert len(leaks(search, printed_errors([careless]))) > 0
    assert leaks(search, repr(sorted(told.buyers))) != []
