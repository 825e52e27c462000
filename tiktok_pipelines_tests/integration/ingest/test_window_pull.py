"""One window: complete, or said so."""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from tiktok_pipelines.errors import PageTokenRefused, PipelineError
from tiktok_pipelines.ingest.window_pull import OrderLoad, pull_window
from tiktok_pipelines.simulator import Simulator
from tiktok_pipelines.simulator.simulator import Visit
from tiktok_pipelines.timewindow import TimeWindow
from tiktok_pipelines_tests.integration.conftest import NOW
from tiktok_pipelines_tests.integration.ingest.answers import SEARCH, Json, changing
from tiktok_pipelines_tests.integration.ingest.loads import WHOLE, Watched, miscount
from tiktok_pipelines_tests.integration.ingest.stored import count, rows


def test_a_window_that_is_whole_closes_at_once(load: OrderLoad) -> None:
    result = pull_window(load, WHOLE, "create_time")

    assert result.verdict.is_closed
    assert (result.attempts, result.counts.api_total) == (1, 40)
    assert count(load.database, "tiktok.orders") == result.orders_written == 40


def test_a_window_pulled_twice_writes_nothing_the_second_time(load: OrderLoad) -> None:
    pull_window(load, WHOLE, "create_time")

    again = pull_window(load, WHOLE, "create_time")

    assert again.verdict.is_closed
    assert (again.rows_written, again.pages_kept) == (0, 0)
    assert count(load.database, "tiktok_ops.sync_windows") == 2


def test_an_empty_window_closes(load: OrderLoad) -> None:
    empty = TimeWindow(NOW - timedelta(days=90), NOW - timedelta(days=80))

    result = pull_window(load, empty, "create_time")

    assert result.verdict.is_closed
    assert result.counts.api_total == 0


@pytest.mark.parametrize("by", [1, -1], ids=["more than given", "less than given"])
def test_a_wrong_count_leaves_the_window_open_after_three_pulls(
    load: OrderLoad, simulator: Simulator, by: int
) -> None:
    simulator.around = changing(miscount(by))

    result = pull_window(load, WHOLE, "create_time")

    assert (result.verdict.is_closed, result.attempts) == (False, 3)
    assert simulator.calls["POST", SEARCH, load.target.shop_id] == 3
    ledger = (
        "SELECT verdict, attempts, api_total_count, ids_fetched, rows_in_table, note"
    )
    (row,) = rows(load.database, f"{ledger} FROM tiktok_ops.sync_windows")
    assert row == {
        "verdict": "open",
        "attempts": 3,
        "api_total_count": 40 + by,
        "ids_fetched": 40,
        "rows_in_table": 40,
        "note": f"the API counts {40 + by}, its pages held 40 orders",
    }


def test_a_count_that_is_right_the_second_time_closes(
    load: OrderLoad, simulator: Simulator
) -> None:
    simulator.around = changing(miscount(1, until=1))

    result = pull_window(load, WHOLE, "create_time")

    assert (result.verdict.is_closed, result.attempts) == (True, 2)


def test_a_busy_window_is_cut_and_counted_whole(
    load: OrderLoad, simulator: Simulator
) -> None:
    simulator.around = changing(miscount(5000, until=1))
    watched = Watched(load.source)

    result = pull_window(replace(load, source=watched), WHOLE, "create_time", cut=True)

    assert result.verdict.is_closed
    assert (result.counts.api_total, result.counts.ids) == (40, 40)
    pieces = sorted(search.created for search in watched.searches[1:] if search.created)
    assert len(pieces) == load.workers
    assert (pieces[0].start, pieces[-1].end) == (WHOLE.start, WHOLE.end)


def test_a_window_that_is_not_to_be_cut_is_read_page_by_page(load: OrderLoad) -> None:
    watched = Watched(load.source, page_size=5)

    result = pull_window(replace(load, source=watched), WHOLE, "create_time")

    assert len(watched.searches) == 1
    assert result.pages == 8


def refuse_until(number: int) -> Callable[[int], None]:
    def before(search: int) -> None:
        if search < number:
            raise PageTokenRefused("gone", path=SEARCH)

    return before


def test_a_refused_page_token_starts_the_window_again(load: OrderLoad) -> None:
    watched = Watched(load.source, refuse_until(3))

    result = pull_window(replace(load, source=watched), WHOLE, "create_time")

    assert (result.verdict.is_closed, result.attempts) == (True, 3)
    assert result.counts.ids == 40


def test_a_page_token_refused_in_a_piece_starts_the_window_again(
    load: OrderLoad, simulator: Simulator
) -> None:
    def before(search: int) -> None:
        if search == 3:
            raise PageTokenRefused("gone", path=SEARCH)

    simulator.around = changing(miscount(5000, until=1))
    watched = Watched(load.source, before)

    result = pull_window(replace(load, source=watched), WHOLE, "create_time", cut=True)

    assert (result.verdict.is_closed, result.attempts) == (True, 2)
    assert result.counts.ids == 40


def test_page_tokens_refused_three_times_leave_the_window_open(load: OrderLoad) -> None:
    watched = Watched(load.source, refuse_until(99))

    result = pull_window(replace(load, source=watched), WHOLE, "create_time")

    assert (result.verdict.is_closed, len(watched.searches)) == (False, 3)
    assert "paging broke off" in (result.verdict.note or "")


def test_orders_that_change_while_they_are_read_do_not_open_a_window(
    load: OrderLoad, simulator: Simulator
) -> None:
    def live(visit: Visit, _: Json) -> None:
        if simulator.calls["POST", SEARCH, visit.shop_id] < 4:
            simulator.clock.advance(timedelta(hours=5))

    simulator.around = changing(live)
    watched = Watched(load.source, page_size=5)

    result = pull_window(replace(load, source=watched), WHOLE, "update_time")

    assert (result.verdict.is_closed, result.attempts) == (True, 1), result
    assert "changed again" in (result.verdict.note or "")
    assert result.counts.rows == result.counts.ids


def nameless(numbers: Sequence[int], record: object) -> Callable[[Visit, Json], None]:
    """In each answer, what stands at some places has become another record."""

    def change(_: Visit, data: Json) -> None:
        for number in numbers:
            data["orders"][number] = record

    return change


def repeat_without_id(attempts: int) -> Callable[[Visit, Json], None]:
    """The first page ends with an order without an id; at first the second repeats it.

    So that one hides an order of the second page.
    """
    answers = itertools.count()
    last: list[Json] = []

    def change(_: Visit, data: Json) -> None:
        attempt, page = divmod(next(answers), 8)
        if page == 0:
            data["orders"][-1].pop("id")
            last[:] = data["orders"][-1:]
        elif page == 1 and attempt < attempts:
            data["orders"][0] = last[0]

    return change


@pytest.mark.parametrize(
    ("attempts", "told"), [(1, (True, 2, 39)), (9, (False, 3, 38))]
)
def test_a_record_without_an_id_that_a_page_repeats_hides_no_order(
    load: OrderLoad,
    simulator: Simulator,
    attempts: int,
    told: tuple[bool, int, int],
) -> None:
    simulator.around = changing(repeat_without_id(attempts))
    watched = Watched(load.source, page_size=5)

    result = pull_window(replace(load, source=watched), WHOLE, "create_time")

    found = (result.verdict.is_closed, result.attempts, result.counts.ids)
    assert (*found, result.counts.unidentified) == (*told, 1)


def test_an_order_that_a_page_repeats_without_its_id_hides_no_other(
    load: OrderLoad, simulator: Simulator
) -> None:
    answers = itertools.count()
    last: list[Json] = []

    def change(_: Visit, data: Json) -> None:
        attempt, page = divmod(next(answers), 8)
        if page == 0:
            last[:] = data["orders"][-1:]
        elif page == 1 and attempt == 0:
            data["orders"][0] = {**last[0], "id": None}

    simulator.around = changing(change)
    watched = Watched(load.source, page_size=5)

    result = pull_window(replace(load, source=watched), WHOLE, "create_time")

    found = (result.verdict.is_closed, result.attempts, result.counts.ids)
    assert (*found, result.counts.unidentified) == (True, 2, 40, 0)


@pytest.mark.parametrize(
    ("numbers", "page_size"),
    [((3, 7), 40), ((3,), 20)],
    ids=["on one page", "on two pages"],
)
def test_records_that_say_nothing_count_each(
    load: OrderLoad, simulator: Simulator, numbers: Sequence[int], page_size: int
) -> None:
    simulator.around = changing(nameless(numbers, None))
    watched = Watched(load.source, page_size=page_size)

    result = pull_window(replace(load, source=watched), WHOLE, "create_time")

    assert (result.verdict.is_closed, result.attempts) == (True, 1)
    assert result.counts.unidentified == 2


def test_a_record_that_says_nothing_and_is_repeated_hides_no_order(
    load: OrderLoad, simulator: Simulator
) -> None:
    pages = itertools.count()

    def repeat(_: Visit, data: Json) -> None:
        data["orders"][-1 if next(pages) % 2 == 0 else 0] = None

    simulator.around = changing(repeat)
    watched = Watched(load.source, page_size=20)

    result = pull_window(replace(load, source=watched), WHOLE, "create_time")

    assert (result.verdict.is_closed, result.attempts) == (False, 3)
    assert "may be one or several" in (result.verdict.note or "")


def test_pages_of_another_size_tell_whether_it_is_one_record_or_two(
    load: OrderLoad, simulator: Simulator
) -> None:
    def blank(_: Visit, data: Json) -> None:
        data["orders"] = [
            None if order["id"] in meeting else order for order in data["orders"]
        ]

    truth = sorted(simulator.truth(load.target.shop_id), key=placed)
    meeting = {order["id"] for order in truth[19:21]}
    simulator.around = changing(blank)
    watched = Watched(load.source, fewer=80)

    result = pull_window(replace(load, source=watched), WHOLE, "create_time")

    assert [search.page_size for search in watched.searches] == [100, 93]
    assert (result.verdict.is_closed, result.attempts) == (True, 2)
    assert (result.counts.ids, result.counts.unidentified) == (38, 2)


def placed(order: Json) -> tuple[int, str]:
    """How a search by creation sorts."""
    return order["create_time"], order["id"]


def test_a_count_that_is_one_less_does_not_hide_a_record_that_says_nothing(
    load: OrderLoad, simulator: Simulator
) -> None:
    blank = nameless((3,), None)

    def change(visit: Visit, data: Json) -> None:
        blank(visit, data)
        data["total_count"] -= 1

    simulator.around = changing(change)
    watched = Watched(load.source, page_size=20)

    result = pull_window(replace(load, source=watched), WHOLE, "create_time")

    assert (result.verdict.is_closed, result.attempts) == (False, 3)
    assert result.counts.ids == 38


@pytest.mark.parametrize("record", [None, {"create_time": 1}], ids=["null", "an order"])
def test_a_busy_window_counts_the_records_without_an_id_of_its_pieces(
    load: OrderLoad, simulator: Simulator, record: object
) -> None:
    seen: list[Json] = []

    def change(_: Visit, data: Json) -> None:
        seen.append(data)
        data["total_count"] += 5000 * (len(seen) == 1)
        orders = data.get("orders", [])
        data["orders"] = [one if one["id"] != first else record for one in orders]

    first = simulator.truth(load.target.shop_id)[0]["id"]
    simulator.around = changing(change)

    result = pull_window(load, WHOLE, "create_time", cut=True)

    assert (result.verdict.is_closed, result.attempts) == (True, 1)
    assert (result.counts.ids, result.counts.unidentified) == (39, 1)


def test_a_stopped_load_ends_between_two_pages(load: OrderLoad) -> None:
    load.stop.ask()

    with pytest.raises(PipelineError, match="run it again"):
        pull_window(load, WHOLE, "create_time")
