"""``demo --exit``: what a newcomer sees, and that nothing is left behind."""

import re
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from tiktok_pipelines.assembly import Pipeline
from tiktok_pipelines.cli.demo_view import summary
from tiktok_pipelines.ingest.order_runs import OrderRuns
from tiktok_pipelines.simulator import Simulator
from tiktok_pipelines.storage.embedded import EmbeddedServer
from tiktok_pipelines_tests.integration.demo.conftest import (
    SIMULATOR_PORT,
    Place,
    make_place,
)

Done = subprocess.CompletedProcess[str]
ROW = re.compile(r"^│ ([A-Z]{2}) .+? │ +([\d,]+) │ +([\d,]+) │ (\w+)", re.MULTILINE)
REGIONS = ["MY", "SG", "TH", "VN", "PH", "ID"]


def test_the_demo_succeeds_whatever_is_set(first_run: Done) -> None:
    assert first_run.returncode == 0, first_run.stderr


def test_a_busy_port_of_the_simulator_is_told_and_the_next_one_taken(
    first_run: Done, held_ports: set[int]
) -> None:
    if SIMULATOR_PORT not in held_ports:
        pytest.skip(f"another program uses port {SIMULATOR_PORT}")

    assert f"Port {SIMULATOR_PORT} is busy" in first_run.stderr


def test_the_demo_prints_orders_lines_and_completeness_of_each_shop(
    first_run: Done,
) -> None:
    landed, _, _ = first_run.stdout.partition("GMV by day")
    rows = ROW.findall(landed)

    assert [region for region, *_ in rows] == REGIONS
    assert {complete for *_, complete in rows} == {"yes"}
    for _, orders, lines, _ in rows:
        assert 600 <= int(orders) <= int(lines.replace(",", ""))


def test_the_demo_prints_sales_by_day(first_run: Done) -> None:
    _, _, sales = first_run.stdout.partition("GMV by day")

    rows = re.findall(r"^│ ([A-Z]{2}) [A-Z]{3} *(│.*)$", sales, re.MULTILINE)

    assert [region for region, _ in rows] == REGIONS
    assert all(re.search(r"│ *[1-9][\d,]*k? *│", amounts) for _, amounts in rows)


def test_runs_print_what_people_read(place: Place, first_run: Done) -> None:
    assert first_run.returncode == 0

    printed = (place.home / "logs" / "load.log").read_text()

    assert " - INFO - " in printed
    assert " - DEBUG - " not in printed


def test_the_demo_leaves_no_process(place: Place, first_run: Done) -> None:
    assert first_run.returncode == 0
    assert place.processes() == []
    assert not EmbeddedServer(place.home).status().is_running


def test_the_demo_touches_nothing_but_its_home(place: Place, first_run: Done) -> None:
    assert first_run.returncode == 0
    assert [file for trap in place.traps for file in trap.rglob("*")] == []
    found = {entry.name for entry in place.folder.iterdir()} - {"told.txt"}
    ours = {".env", *(trap.name for trap in place.traps)}
    assert found - ours == {place.home.name}


def test_ctrl_c_in_the_middle_of_the_load_ends_all_that_was_started(
    tmp_path: Path,
) -> None:
    place = make_place(tmp_path)
    with place.running() as running:
        before = place.wait_for_process("demo_load")

        status = running.interrupt()

    assert status == 0
    assert any("simulator" in line for line in before)
    assert place.processes() == []
    assert not EmbeddedServer(place.home).status().is_running


def test_reset_starts_from_nothing(tmp_path: Path) -> None:
    place = make_place(tmp_path)
    old = [place.home / "encryption.key", place.home / "dagster" / "old.txt"]
    for file in old:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("old")

    with place.running("--reset") as running:
        running.wait_for("(PostgreSQL started)")

    assert "starts from nothing" in running.told.read_text()
    assert [file for file in old if file.exists() and file.read_text() == "old"] == []


@pytest.fixture
def landed(pipeline: Pipeline, simulator: Simulator) -> Pipeline:
    """Every order of three shops, by a sync and by a backfill."""
    shop_ids = [shop.id for shop in simulator.shops]
    runs = OrderRuns(pipeline.shops, "first", log=lambda _: None)
    today = pipeline.clock.now().date()
    days = {shop_id: [today - timedelta(days=1), today] for shop_id in shop_ids}
    runs.backfill(days).raise_if_failed()
    runs.sync(shop_ids, first_sync_days=10).raise_if_failed()
    return pipeline


def truth(simulator: Simulator) -> dict[str, int]:
    return {shop.id: simulator.count(shop.id) for shop in simulator.shops}


def test_the_demo_is_good_when_all_landed(
    landed: Pipeline, simulator: Simulator, capsys: pytest.CaptureFixture[str]
) -> None:
    since = landed.clock.now() - timedelta(days=7)

    assert summary(landed, truth(simulator), since)
    assert "no:" not in capsys.readouterr().out


def test_the_demo_is_bad_when_orders_are_missing(
    landed: Pipeline, simulator: Simulator, capsys: pytest.CaptureFixture[str]
) -> None:
    since = landed.clock.now() - timedelta(days=7)
    more = {shop_id: count + 5 for shop_id, count in truth(simulator).items()}

    assert not summary(landed, more, since)
    assert "no: TikTok" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("UPDATE tiktok_ops.sync_windows SET verdict = 'open'", "complete: "),
        ("UPDATE tiktok_ops.sync_cursors SET watermark = '2026-01-01Z'", "fresh: "),
        ("UPDATE tiktok_ops.shops SET sync_status = 'error'", "state error"),
    ],
    ids=["open window", "late shop", "failed shop"],
)
def test_the_demo_is_bad_when_a_check_fails(
    landed: Pipeline,
    simulator: Simulator,
    capsys: pytest.CaptureFixture[str],
    change: str,
    told: str,
) -> None:
    with landed.database.begin() as connection:
        connection.execute(text(change))

    since = landed.clock.now() - timedelta(days=7)
    is_good = summary(landed, truth(simulator), since)

    assert not is_good
    assert told in " ".join(capsys.readouterr().out.split())
