"""The machine: what may happen in a story, and what must hold after each step of it."""

import re
import sys
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import ClassVar

from hypothesis import currently_in_test_context, event
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from tiktok_pipelines.ingest.health import closed_days, open_days
from tiktok_pipelines_tests.integration.ingest.compared import (
    customers_counted,
    lines_by_column,
    order_keys,
    orders_by_column,
    orders_given_back,
)
from tiktok_pipelines_tests.integration.ingest.machine import (
    content,
    invariants,
    ledger,
)
from tiktok_pipelines_tests.integration.ingest.machine.acts import Errand, Prelude
from tiktok_pipelines_tests.integration.ingest.machine.lives import Death
from tiktok_pipelines_tests.integration.ingest.machine.story import Story
from tiktok_pipelines_tests.integration.ingest.machine.strategies import (
    deaths,
    loads,
    preludes,
    some_days,
    times,
)
from tiktok_pipelines_tests.integration.ingest.machine.world import Worlds


def count(what: str) -> None:
    """For hypothesis's statistics; stories told by hand have none."""
    if currently_in_test_context():
        event(what)


class Loads(RuleBasedStateMachine):
    """Whatever happens to one shop's loads, in any order.

    No rule has a precondition: which ones apply can depend on threads, and hypothesis
    wants the same choices each time. One that does not apply does nothing.
    """

    worlds: ClassVar[Worlds]

    def __init__(self) -> None:
        super().__init__()
        self.story = Story(self.worlds)

    @rule(which=st.none() | st.integers(0, 9))
    def something_is_mended(self, which: int | None) -> None:
        """One kind of fault, or all but for what hides buyers."""
        kinds = sorted({*self.story.faults})
        if kinds and which is not None:
            kinds = [kinds[which % len(kinds)]]
        for kind in kinds:
            self.story.mend(kind)

    @rule(errand=loads, prelude=preludes)
    def a_load(self, errand: Errand, prelude: Prelude) -> None:
        self.story.begin(prelude)
        may_fail = bool(self.story.faults)

        ended = self.story.load(errand)

        count(f"a load: {self.told}")
        assert ended is not None
        assert may_fail or not ended.report.failures
        assert not ended.report.resumed

    @rule(errand=loads, ends=st.lists(deaths, min_size=1, max_size=2), prelude=preludes)
    def a_load_is_killed_again_and_again(
        self, errand: Errand, ends: Sequence[Death], prelude: Prelude
    ) -> None:
        self.story.begin(prelude)

        for death in ends:
            self.everything_holds()
            ended = self.story.load(errand, death)
            count(f"killed by {death.moment}: {ended is None}, {self.told}")

    @rule()
    def a_backfill_that_broke_off_goes_on(self) -> None:
        errand, self.story.broken_off = self.story.broken_off, None
        if errand is None:
            return
        held = self.story.step.after.ledger.values()
        closed = {
            row["window_start"]
            for row in held
            if (row["run_id"], row["verdict"]) == (errand.run_id, "closed")
        }

        ended = self.story.load(errand)

        assert ended is not None
        assert {window.start for _, window in ended.report.resumed} == closed

    @rule(days=some_days, death=st.none() | deaths, prelude=preludes)
    def two_syncs_and_a_backfill_at_once(
        self, days: Sequence[date], death: Death | None, prelude: Prelude
    ) -> None:
        self.story.begin(prelude)
        may_fail = death is not None or bool(self.story.faults)
        errands = [Errand(), Errand(days=days, workers=2), Errand()]

        self.story.load_together(errands, death)

        count(f"together: {self.told}")
        assert may_fail or self.story.step.went_well

    @rule(errand=loads, after=times)
    def the_same_load_again_writes_nothing(
        self, errand: Errand, after: timedelta
    ) -> None:
        if self.story.faults:
            return
        self.story.begin(Prelude(after))

        first, second, step = self.story.load_twice(errand)

        assert first is not None
        assert second is not None
        assert not first.report.failures
        assert not second.report.failures
        done = (*second.report.syncs.values(), *(r for _, r in second.report.windows))
        assert {(each.rows_written, each.pages_kept) for each in done} == {(0, 0)}
        assert step.after.tables == step.before.tables
        assert step.after.xmins == step.before.xmins
        assert step.after.pages == step.before.pages

    @rule(death=st.none() | st.none() | deaths, is_dry=st.booleans())
    def a_rebuild_finds_the_tables_equal(
        self, *, death: Death | None, is_dry: bool
    ) -> None:
        if not self.story.has_news_to_rebuild:
            return

        is_equal = self.story.rebuild(death, is_dry=is_dry)

        count(f"rebuild: {is_equal}")
        assert is_equal or (death and is_equal is None)

    @rule(death=st.none() | deaths)
    def quarantine_is_replayed(self, death: Death | None) -> None:
        if not self.story.step.after.quarantine:
            return

        self.story.replay_quarantine(death)

        count(f"quarantine replayed: {self.told}")

    @rule(number=st.integers(0, 99))
    def an_old_answer_arrives_late(self, number: int) -> None:
        if not self.story.world.archive:
            return

        self.story.arrive_late(number)

        count(f"arrived late: {self.told}")

    @rule(first=st.integers(0, 99), second=st.integers(0, 99))
    def two_old_answers_arrive_at_once(self, first: int, second: int) -> None:
        if not self.story.world.archive:
            return

        self.story.arrive_at_once(first, second)

        count(f"arrived at once: {self.told}")

    @rule(number=st.integers(0, 99))
    def an_order_changes_silently(self, number: int) -> None:
        self.story.change(number)

    @property
    def told(self) -> str:
        """How a step went, for hypothesis's statistics."""
        step = self.story.step
        went = "went well" if step.went_well else "failed"
        is_new = step.after.tables != step.before.tables
        return f"{went}, {'wrote rows' if is_new else 'wrote nothing'}"

    @invariant()
    def a_1_closed_ledger_row_is_true(self) -> None:
        step = self.story.step
        assert ledger.closed_rows_that_do_not_agree(step) == []
        assert ledger.lost_from_closed_days(step) == []
        assert ledger.reports_that_call_open_windows_closed(step) == []
        assert ledger.days_closed_twice_by_a_run(step) == []

    @invariant()
    def a_1_day_whose_newest_verdict_is_open_does_not_count_as_closed(self) -> None:
        step, world = self.story.step, self.story.world
        if step.after is step.before:
            return
        days = ledger.days_whose_newest_verdict_is_open(step.after)
        assert days <= {day.day for day in open_days(world.database)}
        assert not days & closed_days(world.database, world.shop_id)

    @invariant()
    def a_1_watermark_moves_over_closed_windows_only(self) -> None:
        step = self.story.step
        assert ledger.watermarks_that_went_back(step) == []
        assert ledger.watermark_over_windows_not_closed(step) == []
        assert ledger.lost_before_the_watermark(step) == []

    @invariant()
    def a_2_row_never_becomes_older(self) -> None:
        step, told = self.story.step, self.story.world.witness.told
        assert invariants.sunk_versions(step) == []
        assert invariants.rows_that_vanished(step) == []
        assert content.lines_taken_away(step, told) == []
        assert invariants.statuses_seen_later_than_they_were(step) == []
        assert invariants.customers_counted_wrong(step) == []

    @invariant()
    def a_2_clear_buyer_never_fades(self) -> None:
        assert content.faded_buyers(self.story.step) == []
        assert content.buyers_worse_than_told(self.story.step, self.story.buyers) == []

    @invariant()
    def a_3_committed_page_stays(self) -> None:
        step = self.story.step
        assert invariants.pages_lost_or_changed(step) == []
        assert invariants.rows_without_their_page(step) == []

    @invariant()
    def a_4_bad_record_harms_itself_only(self) -> None:
        step = self.story.step
        assert invariants.bad_records_that_are_nowhere(step) == []
        assert invariants.bad_lines_that_are_nowhere(step) == []
        assert invariants.bad_records_that_no_run_named(step) == []
        assert invariants.told_orders_that_did_not_land(step) == []

    @invariant()
    def a_5_row_gives_back_what_was_told(self) -> None:
        story = self.story
        assert content.orders_never_told(story.step, story.world.witness.told) == []
        assert content.buyers_never_told(story.step, story.buyers) == []

    @invariant()
    def a_6_load_holds_a_page_a_worker_and_those_in_line(self) -> None:
        assert invariants.crowds(self.story.step) == []
        assert self.story.step.left == 0

    @invariant()
    def a_7_row_that_says_the_same_is_not_rewritten(self) -> None:
        assert invariants.rewritten_rows(self.story.step) == []

    def tell(self, plot: Callable[["Loads"], None]) -> None:
        """A story told by hand, to its end."""
        try:
            plot(self)
        finally:
            self.teardown()

    def teardown(self) -> None:
        try:
            if sys.exc_info()[0] is None:
                self.one_quiet_sync_makes_the_tables_equal_to_the_truth()
        finally:
            self.story.end()

    def one_quiet_sync_makes_the_tables_equal_to_the_truth(self) -> None:
        ended = self.story.fall_silent()

        assert ended is not None
        assert not ended.report.failures
        self.everything_holds()
        assert self.story.rebuild(is_dry=True)
        assert self.differences() == []

    def everything_holds(self) -> None:
        """All invariants, for steps that hypothesis does not see."""
        for name in filter(_IS_INVARIANT.match, dir(self)):
            getattr(self, name)()

    def differences(self) -> list[str]:
        """Where the tables are not as the shop is, but for what TikTok insisted on."""
        database = self.story.world.database
        truth = self.story.world.witness.truth()
        doubts = self.story.step.after.doubts
        assert all(doubt["is_believed"] for doubt in doubts.values())
        compared = (order_keys,) if doubts else COMPARED
        pairs = {each.__name__: each(database, truth) for each in compared}
        return [name for name, pair in pairs.items() if pair.found != pair.expected]


_IS_INVARIANT = re.compile(r"a_\d_")
COMPARED = (
    order_keys,
    orders_given_back,
    orders_by_column,
    lines_by_column,
    customers_counted,
)
