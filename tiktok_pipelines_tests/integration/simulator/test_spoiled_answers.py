"""Faults of what is said: spoiled orders, pages and counts, over HTTP."""

from collections.abc import Callable

import pytest

from tiktok_pipelines.simulator import Fault
from tiktok_pipelines.simulator.spoiled_orders import SPOILS
from tiktok_pipelines_tests.integration.simulator.caller import (
    DETAIL,
    SEARCH,
    Caller,
    Json,
    data_of,
)


def search(caller: Caller) -> list[object]:
    return caller.search(caller.sim.shops[0])["orders"]


def detail(caller: Caller) -> list[object]:
    shop = caller.sim.shops[0]
    ids = ",".join(str(order["id"]) for order in caller.truth(shop))
    return data_of(caller.send(shop, "GET", DETAIL, params={"ids": ids}))["orders"]


@pytest.mark.parametrize("kind", SPOILS)
@pytest.mark.parametrize("call", [search, detail])
def test_orders_are_spoiled_until_it_is_calm_and_the_truth_never(
    faulty: Caller, call: Callable[[Caller], list[object]], kind: str
) -> None:
    before, truth = call(faulty), faulty.truth(faulty.sim.shops[0])
    faulty.sim.faults.add(Fault(kind, share=1))

    spoiled = call(faulty)
    meant = faulty.truth(faulty.sim.shops[0])
    faulty.sim.faults.clear()

    assert len(spoiled) == len(before)
    assert spoiled != before
    assert meant == truth
    assert call(faulty) == before


def differing(found: list[object], before: list[object]) -> set[int]:
    pairs = zip(found, before, strict=True)
    return {place for place, (one, other) in enumerate(pairs) if one != other}


def test_the_same_orders_are_spoiled_each_time(faulty: Caller) -> None:
    before, by_id = search(faulty), detail(faulty)
    faulty.sim.faults.add(Fault("unknown_field", share=0.3))

    first, second, third = search(faulty), search(faulty), detail(faulty)

    places = differing(first, before)
    assert 4 < len(places) < 20
    assert first == second
    assert [first[place] for place in sorted(places)][::-1] == [
        third[place] for place in sorted(differing(third, by_id))
    ]


def test_a_count_is_a_number_of_orders(faulty: Caller) -> None:
    before = search(faulty)
    faulty.sim.faults.add(Fault("unknown_status", count=3))

    first, second = search(faulty), search(faulty)

    assert differing(first, before) == {0, 1, 2}
    assert second == before
    assert faulty.sim.faults.hits == {"unknown_status": 3}


def test_all_faults_of_content_can_be_on_at_once(faulty: Caller) -> None:
    for kind in SPOILS:
        faulty.sim.faults.add(Fault(kind, share=0.5))

    for _ in range(2):
        assert len(search(faulty)) == len(detail(faulty)) == 40
    assert set(faulty.sim.faults.hits) == set(SPOILS)


def test_what_no_database_stores_is_sent_as_escapes(faulty: Caller) -> None:
    faulty.sim.faults.add(Fault("unstorable"))

    shop = faulty.sim.shops[0]
    sent = faulty.send(shop, "POST", SEARCH, params={"page_size": "50"}).content

    assert b"\\u0000!" in sent
    assert b"\\ud83d!" in sent
    assert sent.decode()


def test_ids_are_sent_as_numbers_with_every_digit(faulty: Caller) -> None:
    faulty.sim.faults.add(Fault("number_ids"))

    shop = faulty.sim.shops[0]
    sent = faulty.send(shop, "POST", SEARCH, params={"page_size": "50"}).text

    assert all(f'"id":{order["id"]},' in sent for order in faulty.truth(shop))


@pytest.mark.parametrize("sort_order", ["ASC", "DESC"])
def test_a_row_slips_between_two_pages(faulty: Caller, sort_order: str) -> None:
    shop = faulty.sim.shops[0]
    quiet = [
        page["orders"]
        for page in faulty.pages(shop, page_size="15", sort_order=sort_order)
    ]
    faulty.sim.faults.add(Fault("moving_rows", count=1))

    moved = [
        page["orders"]
        for page in faulty.pages(shop, page_size="15", sort_order=sort_order)
    ]

    assert (moved[0], moved[2]) == (quiet[0], quiet[2])
    assert moved[1] == [quiet[0][-1], *quiet[1][:0:-1]]


def test_a_count_changes_between_pages(faulty: Caller) -> None:
    shop = faulty.sim.shops[0]
    faulty.sim.faults.add(Fault("changing_count"))

    counts = [page["total_count"] for page in faulty.pages(shop, page_size="10")]

    assert sorted(counts) == [39, 39, 41, 42]


def test_the_list_of_orders_is_left_out_and_paging_goes_on(faulty: Caller) -> None:
    shop = faulty.sim.shops[0]
    faulty.sim.faults.add(Fault("missing_orders", count=1))

    pages: list[Json] = list(faulty.pages(shop, page_size="10"))

    assert ["orders" in page for page in pages] == [False, True, True, True]
    assert {page["total_count"] for page in pages} == {40}
    assert pages[0]["next_page_token"]
