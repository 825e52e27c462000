"""Processes are killed at their work while all goes wrong; nothing is lost.

One story is told once for the module, at the end of it one quiet sync. The tests look
at what it left.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.storage.embedded import EmbeddedServer
from tiktok_pipelines_tests.integration.chaos.aftermath import (
    buyer_values_never_told,
    buyers_behind,
    ids_by_page,
    rows_not_on_their_page,
    statuses_held,
    statuses_told,
    statuses_true,
    windows_not_true,
)
from tiktok_pipelines_tests.integration.chaos.door import Told
from tiktok_pipelines_tests.integration.chaos.invariants import (
    Buyers,
    Newest,
    buyers_of,
    contradictions,
    faded,
    lost_before_the_watermark,
)
from tiktok_pipelines_tests.integration.chaos.lives import Life
from tiktok_pipelines_tests.integration.chaos.trouble import (
    kinds_of_trouble,
    make_trouble,
)
from tiktok_pipelines_tests.integration.chaos.worker import BACKFILL, SYNC
from tiktok_pipelines_tests.integration.chaos.world import (
    World,
    clean_load,
    open_world,
)
from tiktok_pipelines_tests.integration.ingest.compared import (
    Pair,
    Truth,
    customers_counted,
    lines_by_column,
    order_keys,
    orders_by_column,
    orders_given_back,
    truth_of,
)
from tiktok_pipelines_tests.integration.ingest.stored import contents

KILLS = 20
TEAMS = [(SYNC,), (BACKFILL,), (SYNC, BACKFILL), (SYNC, SYNC, BACKFILL)]


@dataclass
class Story:
    """What was done to the world, and what was seen meanwhile."""

    world: World
    kills: list[Life] = field(default_factory=list[Life])
    oddities: list[Any] = field(default_factory=list[Any])
    buyers: Buyers = field(default_factory=dict[str, Any])
    newest: Newest = field(default_factory=Newest)
    quiet: str = ""
    told_last: list[Told] = field(default_factory=list[Told])
    truth: Truth = field(default_factory=dict[str, Any])

    @property
    def database(self) -> Database:
        return self.world.database

    @property
    def trouble_left(self) -> set[str]:
        """The kinds of trouble that have not struck yet."""
        hits = self.world.simulator.faults.hits
        return {kind for kind in kinds_of_trouble() if not hits.get(kind)}


@pytest.fixture(scope="module")
def story(
    postgres: EmbeddedServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Story]:
    with open_world(postgres, tmp_path_factory.mktemp("kills")) as world:
        yield tell(Story(world))


def tell(story: Story) -> Story:
    for number in range(3 * KILLS):
        if len(story.kills) >= KILLS and not story.trouble_left:
            break
        make_trouble(story.world.simulator, number)
        play_round(story, TEAMS[number % len(TEAMS)])
    fall_silent(story)
    return story


def play_round(story: Story, team: tuple[str, ...]) -> None:
    """Let a team work, and kill it at its work, but for one now and then."""
    world, chance = story.world, story.world.chance
    world.flow.jump(timedelta(minutes=chance.uniform(15, 40)))
    lives = [world.start(action) for action in team]
    world.wait_for_rows(lives, patience_s=20)
    world.flow.jump(timedelta(minutes=chance.uniform(5, 15)))
    spared = chance.choice([*[None] * 7, lives[0]])
    for life in chance.sample(lives, len(lives)):
        if life is not spared:
            strike(story, life)
    if spared is not None:
        spared.wait()
    world.see_to_consent()
    look(story)


def strike(story: Story, life: Life) -> None:
    """Kill it; it counts if it was at work: calling, and writing rows."""
    story.world.wait_for_rows([life], patience_s=1)
    time.sleep(story.world.chance.uniform(0, 0.2))
    if life.kill() and story.world.wrote(life):
        story.kills.append(life)


def look(story: Story) -> None:
    """What must hold at every moment."""
    world = story.world
    world.wait_for_sessions_to_end()
    truth, buyers = truth_of(world.simulator), buyers_of(world.database)
    story.oddities += contradictions(world.database)
    story.oddities += lost_before_the_watermark(world.database, truth)
    story.newest.read_on(world.database)
    story.oddities += story.newest.stepped_back(world.database)
    story.oddities += faded(story.buyers, buyers)
    story.oddities += [life.errand.run_id for life in world.lives.all if life.crashed]
    story.buyers = buyers


def fall_silent(story: Story) -> None:
    """Nothing goes wrong any more; then one sync of all shops."""
    world = story.world
    world.simulator.faults.clear()
    world.see_to_consent()
    world.flow.jump(timedelta(hours=25))  # open orders are due to be read again
    while changed_lately(world):
        world.flow.jump(timedelta(minutes=3))
    world.flow.stand_still()
    told = len(world.door.told)
    story.quiet = world.start(SYNC, "quiet").wait()
    story.told_last = world.door.told[told:]
    story.truth = truth_of(world.simulator)
    look(story)


def changed_lately(world: World) -> bool:
    since = world.flow.clock.now() - timedelta(minutes=2)
    return any(
        order["update_time"] >= since.timestamp()
        for orders in truth_of(world.simulator).values()
        for order in orders.values()
    )


def test_twenty_processes_were_killed_while_they_wrote_rows(story: Story) -> None:
    assert len(story.kills) >= KILLS
    assert {life.errand.action for life in story.kills} == {SYNC, BACKFILL}
    assert all(story.world.called(life) for life in story.kills)


def test_every_kind_of_trouble_struck(story: Story) -> None:
    assert story.trouble_left == set()


def test_the_quiet_sync_went_well(story: Story) -> None:
    assert story.quiet == "done"


def test_at_no_moment_did_rows_contradict_each_other_or_get_lost(story: Story) -> None:
    assert story.oddities == []


def test_every_order_is_there_and_no_other(story: Story) -> None:
    keys = order_keys(story.database, story.truth)

    assert keys.differences == []


def test_every_field_is_given_back_exactly(story: Story) -> None:
    told = orders_given_back(story.database, story.truth)

    assert told.differences == []


def test_every_order_column_is_right(story: Story) -> None:
    orders = orders_by_column(story.database, story.truth)

    assert orders.differences == []


def test_every_line_column_is_right(story: Story) -> None:
    lines = lines_by_column(story.database, story.truth)

    assert lines.differences == []


def test_customers_are_counted_right(story: Story) -> None:
    customers = customers_counted(story.database, story.truth)

    assert customers.differences == []


def test_the_tables_equal_those_of_one_clean_load(
    story: Story, postgres: EmbeddedServer
) -> None:
    found = contents(story.database)

    with clean_load(postgres, story.world) as database:
        expected = contents(database)

    for name, key in (("orders", "order_id"), ("order_lines", "line_id")):
        pair = Pair(
            *({row[key]: row for row in held[name]} for held in (found, expected))
        )
        assert pair.differences == []
    assert found["customers"] == expected["customers"]


def test_the_history_holds_every_true_status_and_none_that_was_not_told(
    story: Story,
) -> None:
    held = statuses_held(story.database)

    assert statuses_true(story.truth) - held == set()
    assert held - statuses_told(story.world.door.told) == set()


def test_buyers_are_as_clear_and_as_new_as_the_last_answers(story: Story) -> None:
    assert buyers_behind(story.buyers, story.told_last) == []
    assert len(story.told_last) > 100


def test_no_buyer_holds_what_was_never_told(story: Story) -> None:
    assert buyer_values_never_told(story.buyers, story.world.door.told) == []


def test_every_row_stands_on_its_page_and_every_page_in_rows(story: Story) -> None:
    on_page = ids_by_page(story.database)

    assert rows_not_on_their_page(story.database, on_page) == []
    assert {name for names in on_page.values() for name in names} == {
        name for orders in story.truth.values() for name in orders
    }


def test_the_days_that_the_ledger_closed_were_complete(story: Story) -> None:
    assert windows_not_true(story.database, story.truth) == []
