"""Pages that wait for their turn share a transaction, and nothing else."""

import time
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest

from tiktok_pipelines.errors import ConfigurationError, TransportError
from tiktok_pipelines.ingest.group_commit import MOST_PAGES, GroupCommit, Handed
from tiktok_pipelines.ingest.order_commit import Committed
from tiktok_pipelines.ingest.pages import OrderPage
from tiktok_pipelines.ingest.target import ShopRun
from tiktok_pipelines.storage.database import Database, lock_in_transaction
from tiktok_pipelines_tests.integration.ingest.stored import count, rows
from tiktok_pipelines_tests.unit.ingest.pages import read
from tiktok_pipelines_tests.unit.transform.samples import NOON, order

SHOP = ShopRun("7490000000000000001", "run-1")
PAGES = MOST_PAGES + 3
ROOM = 2 * PAGES


@pytest.fixture
def commits(database: Database) -> GroupCommit:
    return GroupCommit(database, SHOP, ROOM)


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


@dataclass(frozen=True)
class Put:
    """A page that was put in line, and what was told of it so far."""

    done: "Future[None]"
    told: list[Committed]

    def committed(self) -> list[Committed]:
        """What became of it, in parts if it was not written whole."""
        self.done.result(60)
        return self.told


def put(commits: GroupCommit, page: OrderPage) -> Put:
    told: list[Committed] = []
    done = commits.put(lambda: page, lambda _, committed: told.append(committed))
    return Put(done, told)


def put_together(commits: GroupCommit, pages: Sequence[OrderPage]) -> Sequence[Put]:
    """The first page alone, the others as soon as its turn has begun."""
    with busy_shop(commits.database):
        first = put(commits, pages[0])
        wait_until(lambda: is_in_turn(commits.database))
        return [first, *(put(commits, page) for page in pages[1:])]


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
    done = put_together(commits, [read([order(n)]) for n in range(PAGES)])

    told = [committed for each in done for committed in each.committed()]
    assert [committed.orders_written for committed in told] == [1] * PAGES
    assert all(committed.is_kept for committed in told)
    assert transactions(commits.database) == sorted(
        [1, PAGES - 1 - MOST_PAGES, MOST_PAGES]
    )


def test_pages_gather_while_others_pull(commits: GroupCommit) -> None:
    with pulling(commits, 4):
        done = [put(commits, read([order(n)])) for n in range(2)]
        wait([each.done for each in done])

    assert transactions(commits.database) == [2]


def test_a_page_does_not_wait_for_others_for_ever(commits: GroupCommit) -> None:
    with pulling(commits, 4):
        (committed,) = put(commits, read([order(1)])).committed()

    assert committed.orders_written == 1


@contextmanager
def pulling(commits: GroupCommit, count: int) -> Generator[None]:
    """So many threads pull."""
    with ExitStack() as pullers:
        for _ in range(count):
            pullers.enter_context(commits.pulling())
        yield


def test_no_page_is_put_in_line_before_there_is_room_for_it(
    commits: GroupCommit,
) -> None:
    with ThreadPoolExecutor(1) as pool:
        with busy_shop(commits.database):
            done = [put(commits, read([order(n)])) for n in range(ROOM)]
            one_more = pool.submit(put, commits, read([order(ROOM)]))
            has_room, _ = wait([one_more], timeout=0.2)
        wait([each.done for each in done])

    assert not has_room
    assert one_more.result().committed()


def test_no_page_is_mapped_before_its_turn(commits: GroupCommit) -> None:
    mapped: list[int] = []

    def map_page(number: int) -> OrderPage:
        mapped.append(number)
        return read([order(number)])

    with busy_shop(commits.database):
        pages = [
            commits.put(partial(map_page, number), lambda _, __: None)
            for number in range(ROOM)
        ]
        wait_until(lambda: is_in_turn(commits.database))
        early = len(mapped)
    wait(pages)

    assert 1 <= early <= MOST_PAGES
    assert mapped == list(range(ROOM))


def test_a_page_that_cannot_be_mapped_is_told_and_takes_no_room(
    commits: GroupCommit,
) -> None:
    def fail() -> OrderPage:
        raise TransportError("odd", path="/orders")

    for _ in range(ROOM + 1):
        with pytest.raises(TransportError):
            commits.put(fail, lambda _, __: None).result(60)

    assert put(commits, read([order(1)])).committed()


def test_a_page_that_cannot_be_mapped_leaves_its_neighbours(
    commits: GroupCommit,
) -> None:
    def fail() -> OrderPage:
        raise ZeroDivisionError

    with busy_shop(commits.database):
        first = put(commits, read([order(1)]))
        wait_until(lambda: is_in_turn(commits.database))
        bad = commits.put(fail, lambda _, __: None)
        last = put(commits, read([order(2)]))

    assert first.committed()
    assert last.committed()
    with pytest.raises(ZeroDivisionError):
        bad.result(60)


def test_each_page_is_told_what_became_of_it(commits: GroupCommit) -> None:
    pages = [read([order(n)]) for n in range(3)]
    put(commits, pages[1]).committed()

    done = put_together(commits, [*pages, read([order(7, id="")])])

    told = [each.committed()[0] for each in done]
    assert [one.orders_written for one in told] == [1, 0, 1, 0]
    assert [one.is_kept for one in told] == [True, False, True, False]
    assert [len(one.new_bad) for one in told] == [0, 0, 0, 1]
    assert count(commits.database, "tiktok_raw.pages") == 3


def test_pages_that_repeat_an_order_are_written_one_after_the_other(
    commits: GroupCommit,
) -> None:
    later = NOON + timedelta(minutes=1)

    done = put_together(
        commits, [read([order(0)]), read([order(1)]), read([order(1), order(2)], later)]
    )

    told = [each.committed()[0] for each in done]
    assert [one.orders_written for one in told] == [1, 1, 1]
    assert transactions(commits.database) == [1, 1, 1]
    told_at = "SELECT synced_at FROM tiktok.orders ORDER BY order_id"
    assert [row["synced_at"] for row in rows(commits.database, told_at)] == [
        NOON,
        NOON,
        later,
    ]


def test_a_refused_value_harms_its_own_record_only(commits: GroupCommit) -> None:
    bad = order(1, seller_note=Decimal("1e200000"))

    done = put_together(
        commits, [read([order(0)]), read([bad, order(2)]), read([order(3)])]
    )

    whole, parted, other = (each.committed() for each in done)
    assert (len(whole), len(other)) == (1, 1)
    assert sum(len(committed.new_bad) for committed in parted) == 1
    assert count(commits.database, "tiktok.orders") == 3


def test_what_stops_one_page_stops_all_that_wait_with_it(commits: GroupCommit) -> None:
    purged = GroupCommit(commits.database, replace(SHOP, purges=1))  # there were none

    done = put_together(purged, [read([order(n)]) for n in range(3)])

    for each in done:
        with pytest.raises(ConfigurationError, match="was purged"):
            each.committed()
    assert count(commits.database, "tiktok.orders") == 0


def test_a_failure_leaves_the_line_open_for_the_next(commits: GroupCommit) -> None:
    purged = GroupCommit(commits.database, replace(SHOP, purges=1))
    with pytest.raises(ConfigurationError):
        put(purged, read([order(0)])).committed()

    with pytest.raises(ConfigurationError):
        put(purged, read([order(1)])).committed()

    assert purged.waiting == 0


class FailsWhenLookedAt(Future[None]):
    """Still at work when it is asked, and failed right after."""

    def done(self) -> bool:
        was_done = super().done()
        if not was_done:
            self.set_exception(ConfigurationError("gone"))
        return was_done


class TestHanded:
    def test_at_the_end_all_pages_are_on_disk(self, commits: GroupCommit) -> None:
        with Handed() as handed:
            for number in range(PAGES):
                handed.add(put(commits, read([order(number)])).done)

        assert count(commits.database, "tiktok.orders") == PAGES

    def test_a_page_that_was_not_written_is_told_at_the_end(
        self, commits: GroupCommit
    ) -> None:
        purged = GroupCommit(commits.database, replace(SHOP, purges=1))

        with pytest.raises(ConfigurationError), Handed() as handed:
            handed.add(put(purged, read([order(1)])).done)

    def test_a_page_that_was_not_written_is_told_with_a_later_one(
        self, commits: GroupCommit
    ) -> None:
        purged = GroupCommit(commits.database, replace(SHOP, purges=1))
        handed = Handed()
        first = put(purged, read([order(1)])).done
        handed.add(first)
        wait([first])

        later = put(commits, read([order(2)])).done
        with pytest.raises(ConfigurationError):
            handed.add(later)
        wait([later])

    def test_a_page_that_fails_while_it_is_looked_at_is_told_all_the_same(self) -> None:
        handed, failing = Handed(), FailsWhenLookedAt()
        handed.add(failing)
        handed.add(Future())

        with pytest.raises(ConfigurationError):
            handed.add(Future())

    def test_a_failure_is_told_when_nothing_is_being_written_any_more(self) -> None:
        slow, failed, last = Future[None](), Future[None](), Future[None]()
        last.set_result(None)

        def fail() -> None:
            with Handed() as handed:
                handed.add(slow)
                handed.add(failed)
                failed.set_exception(ConfigurationError("gone"))
                handed.add(last)

        with ThreadPoolExecutor(1) as pool:
            ended = pool.submit(fail)
            is_early = bool(wait([ended], timeout=0.2).done)
            slow.set_result(None)

        assert not is_early
        with pytest.raises(ConfigurationError):
            ended.result()

    def test_a_failure_of_the_puller_is_told_when_all_is_written(
        self, commits: GroupCommit
    ) -> None:
        def fail() -> None:
            with Handed() as handed:
                handed.add(put(commits, read([order(1)])).done)
                raise TransportError("away", path="/orders")

        with pytest.raises(TransportError):
            fail()

        assert count(commits.database, "tiktok.orders") == 1
