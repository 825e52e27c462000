"""Pages that wait for their turn share a transaction, and nothing else."""

import time
from collections.abc import Callable, Generator, Sequence
from concurrent import futures
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from decimal import Decimal

import pytest

from tiktok_pipelines.errors import ConfigurationError
from tiktok_pipelines.ingest.group_commit import MOST_PAGES, GroupCommit, Parts
from tiktok_pipelines.ingest.pages import OrderPage
from tiktok_pipelines.ingest.target import ShopRun
from tiktok_pipelines.storage.database import Database, lock_in_transaction
from tiktok_pipelines_tests.integration.ingest.stored import count, rows
from tiktok_pipelines_tests.unit.ingest.pages import read
from tiktok_pipelines_tests.unit.transform.samples import order

SHOP = ShopRun("7490000000000000001", "run-1")
PAGES = MOST_PAGES + 3


@pytest.fixture
def commits(database: Database) -> GroupCommit:
    return GroupCommit(database, SHOP)


@contextmanager
def busy_shop(database: Database) -> Generator[None]:
    """Somebody else writes the shop's orders until the block ends."""
    with database.begin() as connection:
        lock_in_transaction(connection, f"orders {SHOP.shop_id}")
        yield


def wait_until(holds: Callable[[], bool]) -> None:
    give_up_at = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < give_up_at
        time.sleep(0.01)


def commit_together(
    commits: GroupCommit, pages: Sequence[OrderPage]
) -> Sequence["Future[Parts]"]:
    """The first page alone, the others as soon as its turn is over."""
    with ThreadPoolExecutor(len(pages)) as pool:
        with busy_shop(commits.database):
            first = pool.submit(commits.commit, pages[0])
            wait_until(lambda: is_in_turn(commits.database))
            others = [pool.submit(commits.commit, page) for page in pages[1:]]
            wait_until(lambda: commits.waiting == len(others))
        return [first, *others]


def is_in_turn(database: Database) -> bool:
    waiting = "SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    return len(rows(database, f"{waiting} AND pid <> pg_backend_pid()")) == 1


def transactions(database: Database) -> list[int]:
    """How many orders each transaction wrote, fewest first."""
    found = rows(
        database, "SELECT count(*) AS n FROM tiktok.orders GROUP BY xmin::text"
    )
    return sorted(row["n"] for row in found)


def test_pages_that_wait_are_written_at_once_up_to_a_limit(
    commits: GroupCommit,
) -> None:
    done = commit_together(commits, [read([order(n)]) for n in range(PAGES)])

    parts = [part for future in done for part in future.result()]
    assert [committed.orders_written for _, committed in parts] == [1] * PAGES
    assert all(committed.is_kept for _, committed in parts)
    assert transactions(commits.database) == sorted(
        [1, PAGES - 1 - MOST_PAGES, MOST_PAGES]
    )


def test_pages_gather_while_others_pull(commits: GroupCommit) -> None:
    with ExitStack() as pulling:
        for _ in range(4):
            pulling.enter_context(commits.pulling())
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(commits.commit, [read([order(1)]), read([order(2)])]))

    assert transactions(commits.database) == [2]


def test_a_page_does_not_wait_for_others_for_ever(commits: GroupCommit) -> None:
    with ExitStack() as pulling:
        for _ in range(4):
            pulling.enter_context(commits.pulling())
        ((_, committed),) = commits.commit(read([order(1)]))

    assert committed.orders_written == 1


def test_no_more_pages_are_in_memory_than_one_transaction_takes(
    commits: GroupCommit,
) -> None:
    with ExitStack() as rooms, ThreadPoolExecutor(1) as pool:
        for _ in range(MOST_PAGES):
            rooms.enter_context(commits.room())
        one_more = pool.submit(enter, commits)
        has_waited, _ = futures.wait([one_more], timeout=0.2)
        rooms.close()

    assert not has_waited
    assert one_more.result()


def enter(commits: GroupCommit) -> bool:
    with commits.room():
        return True


def test_each_page_is_told_what_became_of_it(commits: GroupCommit) -> None:
    pages = [read([order(n)]) for n in range(3)]
    commits.commit(pages[1])

    done = commit_together(commits, [*pages, read([order(7, id="")])])

    told = [future.result()[0][1] for future in done]
    assert [one.orders_written for one in told] == [1, 0, 1, 0]
    assert [one.is_kept for one in told] == [True, False, True, False]
    assert [len(one.new_bad) for one in told] == [0, 0, 0, 1]
    assert count(commits.database, "tiktok_raw.pages") == 3


def test_a_refused_value_harms_its_own_record_only(commits: GroupCommit) -> None:
    bad = order(1, seller_note=Decimal("1e200000"))

    done = commit_together(
        commits, [read([order(0)]), read([bad, order(2)]), read([order(3)])]
    )

    whole, parted, other = (future.result() for future in done)
    assert (len(whole), len(other)) == (1, 1)
    assert sum(len(committed.new_bad) for _, committed in parted) == 1
    assert count(commits.database, "tiktok.orders") == 3


def test_what_stops_one_page_stops_all_that_wait_with_it(commits: GroupCommit) -> None:
    purged = GroupCommit(commits.database, replace(SHOP, purges=1))  # there were none

    done = commit_together(purged, [read([order(n)]) for n in range(3)])

    for future in done:
        with pytest.raises(ConfigurationError, match="was purged"):
            future.result()
    assert count(commits.database, "tiktok.orders") == 0


def test_a_failure_leaves_the_line_open_for_the_next(commits: GroupCommit) -> None:
    purged = GroupCommit(commits.database, replace(SHOP, purges=1))
    with pytest.raises(ConfigurationError):
        purged.commit(read([order(0)]))

    with pytest.raises(ConfigurationError):
        purged.commit(read([order(1)]))

    assert purged.waiting == 0
