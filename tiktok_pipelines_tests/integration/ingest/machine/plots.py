"""Stories told by hand: what chance would not bring about, or not each time.

Each one is built around a guard of the loads, and says by asserts of its own that it
came to the point.
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from tiktok_pipelines.simulator import Fault
from tiktok_pipelines_tests.integration.ingest.answers import Json
from tiktok_pipelines_tests.integration.ingest.machine.acts import (
    DAYS,
    Errand,
    Jump,
    Prelude,
)
from tiktok_pipelines_tests.integration.ingest.machine.lives import Death
from tiktok_pipelines_tests.integration.ingest.machine.rules import Loads
from tiktok_pipelines_tests.integration.ingest.machine.world import PAGE_SIZE

Plot = Callable[[Loads], None]

HOUR = timedelta(hours=1)
PAST_DAYS = DAYS[:2]
OLDEST_FIRST = Errand(PAST_DAYS)
CHANGED_FIRST = Errand()
SECOND_PAGE = 2
STATEMENTS_OF_A_PAGE = 20  # at least
UNTIL_AN_ORDER_MOVES = Jump(SECOND_PAGE, None)


def sync(
    machine: Loads,
    hours: float = 0,
    fault: Fault | None = None,
    jump: Jump | None = None,
) -> None:
    prelude = Prelude(timedelta(hours=hours), fault, jump)
    machine.a_load(errand=Errand(), prelude=prelude)
    machine.everything_holds()


def backfill(machine: Loads, days: Sequence[date], fault: Fault | None = None) -> None:
    machine.a_load(errand=Errand(days), prelude=Prelude(fault=fault))
    machine.everything_holds()


def killed(machine: Loads, errand: Errand, death: Death, hours: float = 0) -> None:
    prelude = Prelude(timedelta(hours=hours))
    machine.a_load_is_killed_again_and_again(
        errand=errand, ends=[death], prelude=prelude
    )
    machine.everything_holds()


def mend(machine: Loads) -> None:
    machine.something_is_mended(which=None)


def read_and_lost(
    machine: Loads, hours: float = 0, errand: Errand = OLDEST_FIRST
) -> int:
    """A page is read and never written; its number in the archive."""
    killed(machine, errand, Death("answer", 1), hours)
    return len(machine.story.world.archive) - 1


def late(machine: Loads, number: int) -> None:
    machine.an_old_answer_arrives_late(number=number)
    machine.everything_holds()


def orders_changed(machine: Loads) -> bool:
    step = machine.story.step
    return step.after.orders != step.before.orders


def a_backfill_that_broke_off_and_goes_on(machine: Loads) -> None:
    """The run that goes on leaves closed days alone; another one reads them again."""
    killed(machine, Errand(PAST_DAYS), Death("answer", 3))
    assert len(machine.story.step.after.ledger) == 1

    machine.a_backfill_that_broke_off_goes_on()
    machine.everything_holds()

    machine.the_same_load_again_writes_nothing(errand=Errand(PAST_DAYS), after=HOUR)
    machine.everything_holds()


def an_older_answer_that_comes_late(machine: Loads) -> None:
    """It changes nothing of the order, of its lines or of when a status was seen."""
    sync(machine)
    old = read_and_lost(machine)
    between = read_and_lost(machine, hours=10)
    sync(machine, hours=10)
    assert orders_changed(machine)

    for number in (old, between):
        late(machine, number)


def lines_that_a_newer_answer_lacked(machine: Loads) -> None:
    """They stay, and have a version of their own: the newest list of lines counts."""
    sync(machine)
    old = read_and_lost(machine)
    between = [
        read_and_lost(machine, hours, errand)
        for hours, errand in ((10, OLDEST_FIRST), (0, CHANGED_FIRST))
    ]
    sync(machine, hours=10, fault=Fault("missing_lists"))
    assert orders_changed(machine)

    for number in (*between, old):
        late(machine, number)


def two_answers_that_are_written_at_once(machine: Loads) -> None:
    """The one waits for the other, or it would write what it knew before."""
    sync(machine)
    for _ in range(3):  # in ten hours not every page of orders changes
        first = read_and_lost(machine, hours=10)
        second = read_and_lost(machine, hours=10)
        machine.two_old_answers_arrive_at_once(first=first, second=second)
        machine.everything_holds()
        if orders_changed(machine):
            break
    assert orders_changed(machine)


def an_order_that_leaves_while_a_page_moves(machine: Loads) -> None:
    """The count agrees: one order left the window, and one was never read."""
    sync(machine)

    sync(machine, 20, Fault("moving_rows", count=1), UNTIL_AN_ORDER_MOVES)
    assert max(row["attempts"] for row in machine.story.step.after.ledger.values()) == 2


def a_record_without_an_id_that_a_page_repeats(machine: Loads) -> None:
    """The count agrees if the record counts twice: one order was never read."""
    witness, shop_id = machine.story.world.witness, machine.story.world.shop_id
    orders = sorted(witness.truth()[shop_id].values(), key=_age)
    witness.nameless.add(orders[PAGE_SIZE - 1]["id"])

    sync(machine, fault=Fault("moving_rows", count=1))
    assert len(machine.story.step.bad) > 1

    witness.nameless.clear()


def _age(order: Json) -> tuple[int, str]:
    return order["update_time"], order["id"]


def orders_that_change_silently(machine: Loads) -> None:
    """Customers are counted again, both of them; a line that is gone goes."""
    sync(machine)
    before = machine.story.step.after

    for number in range(0, 100, 11):
        machine.an_order_changes_silently(number=number)
    sync(machine, hours=25)

    after = machine.story.step.after
    assert before.tables["customers"].keys() - after.tables["customers"].keys()
    assert before.tables["order_lines"].keys() - after.tables["order_lines"].keys()


def counts_that_never_agree(machine: Loads) -> None:
    """Days stay open, the newest verdict counts, and the watermark stays."""
    wrong = Fault("changing_count")
    backfill(machine, PAST_DAYS)
    sync(machine, fault=wrong)
    backfill(machine, PAST_DAYS)
    assert not machine.story.step.ended[0].report.closed

    mend(machine)
    machine.a_backfill_that_broke_off_goes_on()
    machine.everything_holds()
    sync(machine)
    sync(machine, hours=10, fault=wrong)


def a_page_killed_at_each_statement_of_its_writing(machine: Loads) -> None:
    """All of it is there, or nothing: rows, page, doubts and quarantine.

    The rows were good before: what the page tells is no news for a sync.
    """
    sync(machine)
    for kind in ("unknown_status", "bad_lines"):
        machine.story.begin(Prelude(fault=Fault(kind)))
    witness, pages = machine.story.world.witness, len(machine.story.step.after.pages)
    oldest = next(iter(witness.truth()[machine.story.world.shop_id]))
    witness.nameless.add(oldest)

    number = 0
    while len(machine.story.step.after.pages) == pages:
        number += 1
        killed(machine, Errand(PAST_DAYS), Death("writing", number))

    assert number > STATEMENTS_OF_A_PAGE
    assert machine.story.step.bad
    witness.nameless.clear()


def odd_answers(machine: Loads) -> None:
    """They are asked for again as soon as answers are good."""
    for kind in ("unknown_status", "nulls", "bad_lines"):
        sync(machine, hours=5, fault=Fault(kind))
        mend(machine)
        sync(machine)
        assert not machine.story.step.after.doubts


def bad_records(machine: Loads) -> None:
    """They wait in quarantine, and come when answers are good."""
    malformed = Fault("malformed", share=0.5)
    sync(machine, fault=malformed)
    backfill(machine, PAST_DAYS)
    machine.quarantine_is_replayed(death=None)
    machine.everything_holds()


def buyers_that_are_masked_after_they_were_clear(machine: Loads) -> None:
    """What is clear stays."""
    sync(machine)
    sync(machine, hours=25, fault=Fault("masked_buyers"))
    sync(machine, hours=20, fault=Fault("emptied_recipients"))


def the_same_again_after_a_day(machine: Loads) -> None:
    """Nothing is written that is there already."""
    sync(machine)
    for errand in (Errand(), Errand(PAST_DAYS)):
        machine.the_same_load_again_writes_nothing(errand=errand, after=20 * HOUR)
        machine.everything_holds()


PLOTS: tuple[Plot, ...] = (
    a_backfill_that_broke_off_and_goes_on,
    an_older_answer_that_comes_late,
    lines_that_a_newer_answer_lacked,
    two_answers_that_are_written_at_once,
    an_order_that_leaves_while_a_page_moves,
    a_record_without_an_id_that_a_page_repeats,
    orders_that_change_silently,
    counts_that_never_agree,
    a_page_killed_at_each_statement_of_its_writing,
    odd_answers,
    bad_records,
    buyers_that_are_masked_after_they_were_clear,
    the_same_again_after_a_day,
)
