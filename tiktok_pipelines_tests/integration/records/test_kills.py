"""Loads of every subject are killed while they write; nothing is lost by it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

import pytest

from tiktok_pipelines.ingest.subjects import subjects_of
from tiktok_pipelines.simulator import SimulatorConfig
from tiktok_pipelines.storage.embedded import EmbeddedServer
from tiktok_pipelines.subjects import SYNCS
from tiktok_pipelines_tests.integration.conftest import LIMITLESS, NOW, new_database
from tiktok_pipelines_tests.integration.ingest.machine.lives import Death
from tiktok_pipelines_tests.integration.records.cases import (
    CASES,
    Case,
    given_back,
    truth_of,
)
from tiktok_pipelines_tests.integration.records.deaths import BROUGHT_BY, Target
from tiktok_pipelines_tests.integration.records.stories import (
    World,
    raise_all,
    world,
)

EACH = pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
CONFIG = SimulatorConfig(
    shops=3,
    markets=("GB", "GB", "MY"),
    orders=60,
    days=40,
    now=NOW,
    products=8,
    future_days=3,
    rate_per_second=LIMITLESS,
    domestic=(2,),
)
BEFORE, AFTER = Death("landing", 1), Death("landing", 2)


@dataclass
class Story:
    """Shops whose loads were killed, and where that hit them."""

    world: World
    hits: dict[str, set[Death]] = field(default_factory=dict[str, set[Death]])

    def kill(self, target: Target, death: Death) -> None:
        """Let a load die."""
        if target.load(target.life(death)) is None:
            self._note(target, death)

    def kill_one_of_two(self, target: Target, death: Death) -> None:
        """Let one of two loads at the same time die."""
        lives = [target.life(each, dwells_s=0.002) for each in (death, None)]
        ended, other = target.load_together(lives)
        if ended is None:
            self._note(target, death)
        raise_all(other or ended)

    def _note(self, target: Target, death: Death) -> None:
        self.hits.setdefault(target.name, set()).add(death)


@pytest.fixture(scope="module")
def story(
    postgres: EmbeddedServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Story]:
    """Shops whose loads were killed again and again, then loaded in quiet."""
    home = tmp_path_factory.mktemp("killed")
    with new_database(postgres) as url, world(url, home, CONFIG) as opened:
        told = Story(opened)
        opened.sync_orders()
        for name in LOADED:
            for number, shop_id in enumerate(opened.shop_ids):
                load_and_die(told, number, shop_id, name)
        opened.simulator.clock.advance(timedelta(hours=1))
        opened.sync_orders()
        opened.sync("quiet")
        yield told


LOADED = [
    subject.name
    for sync in SYNCS
    for subject in subjects_of(sync.name)
    if subject.loads
]


def load_and_die(story: Story, number: int, shop_id: str, name: str) -> None:
    """Kill loads of a subject, each shop's at other moments, then let one live."""
    chance = Random(f"{number} {name}")
    target = Target(story.world, shop_id, name)
    brought = [one for one, by in BROUGHT_BY.items() if by == name]
    targets = [target, *(Target(story.world, shop_id, one) for one in brought)]
    for each in targets:
        if number == 0:
            story.kill(each, BEFORE)
            story.kill(each, Death("writing", chance.randint(1, 5)))
        elif number == 1:
            story.kill(each, AFTER)
            story.kill(each, Death("commit", chance.randint(1, 20)))
        else:
            story.kill_one_of_two(each, Death("writing", chance.randint(1, 5)))
    raise_all(target.load(target.life()))


@EACH
def test_loads_were_killed_before_and_after_the_commit_of_their_rows(
    story: Story, case: Case
) -> None:
    assert story.hits[case.name] >= {BEFORE, AFTER}


@EACH
def test_after_kills_the_tables_equal_what_the_shops_hold(
    story: Story, case: Case
) -> None:
    for shop_id in story.world.shop_ids:
        held = truth_of(story.world.simulator, case, shop_id)
        assert given_back(story.world.pipeline.database, case, shop_id) == held


def test_after_kills_nothing_failed(story: Story) -> None:
    raise_all(story.world.reports[0])


def test_after_kills_and_a_quiet_load_another_one_writes_nothing(story: Story) -> None:
    report = story.world.sync("again")

    assert {result.subject for result in report.results if result.rows_written} == set()
