"""The demo's second run, with the Dagster UI that it leaves open.

The tests share that run; the last one ends it.
"""

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tiktok_pipelines.storage.embedded import EmbeddedServer
from tiktok_pipelines.subjects import SYNCS
from tiktok_pipelines_tests.integration.demo.browser import CHROMIUM, Page, browser
from tiktok_pipelines_tests.integration.demo.conftest import Place, Running

# Partitions: thirty days of six shops, and one day more around midnight.
GREEN = 30 * 6
# The daemon starts runs of its own.
UNDER_WAY = {"QUEUED", "NOT_STARTED", "STARTING", "STARTED"}
REPOSITORY = """
{ repositoriesOrError { ... on RepositoryConnection { nodes {
    location { name }
    schedules { name scheduleState { status } }
    sensors { name sensorState { status } }
} } } }
"""
PARTITIONS = """
{ assetNodeOrError(assetKey: {path: ["tiktok", "TABLE"]}) { ... on AssetNode {
    partitionStats { numMaterialized numFailed numPartitions }
    partitionKeysByDimension { name partitionKeys }
    assetMaterializations(limit: 1) { partition }
} } }
"""
GLANCE = """
(() => {
    const image = document.querySelector("img[src^='data:image/svg']");
    return image?.naturalWidth ? image.getBoundingClientRect().width : null;
})()
"""
# The page draws itself anew while it loads: a click may be lost, so it is repeated. Of
# several texts the right one is found by opening one after the other.
PICTURE = """
(() => {
    const images = document.querySelectorAll("img[src^='data:image/svg']");
    const image = [...images].find(each => each.naturalWidth > 1000);
    if (!image) {
        const told = text => [...document.querySelectorAll("*")].filter(
            each => !each.children.length && each.textContent === text);
        window.looks = (window.looks ?? 0) + 1;
        const [close] = told("Close"), links = told("[Show Markdown]");
        if (close) { if (window.looks % 10 === 0) close.click(); }
        else if (links.length) links[(window.looks / 10 | 0) % links.length].click();
        return null;
    }
    const box = image.getBoundingClientRect();
    return box.width ? [box.width, box.height] : null;
})()
"""
RUNS = "{ runsOrError { ... on Runs { results { jobName status } } } }"


@pytest.fixture(scope="module")
def url(second_run: Running) -> str:
    return second_run.wait_for(r"Dagster UI: (\S+)")


def ask(url: str, query: str) -> Any:
    answer = httpx.post(f"{url}/graphql", json={"query": query}, timeout=240).json()
    assert "errors" not in answer
    return answer["data"]


def test_a_busy_port_is_told_and_the_next_one_taken(
    second_run: Running, url: str, busy_port: int
) -> None:
    assert f"Port {busy_port} is busy" in second_run.told.read_text()
    assert int(url.rpartition(":")[2]) > busy_port


def test_the_second_run_finds_everything_complete_again(second_run: Running) -> None:
    told = second_run.told.read_text()

    assert told.count("│ yes ") == 6
    assert "no:" not in told


@pytest.mark.parametrize("table", ["orders", "order_lines", "order_recipients"])
def test_thirty_days_of_six_shops_are_green(url: str, table: str) -> None:
    node = ask(url, PARTITIONS.replace("TABLE", table))["assetNodeOrError"]

    stats = node["partitionStats"]
    shops = {
        each["name"]: each["partitionKeys"] for each in node["partitionKeysByDimension"]
    }["shop"]
    assert len(shops) == 6
    assert stats["numMaterialized"] >= GREEN
    assert stats["numFailed"] == 0
    assert stats["numPartitions"] > 90 * 6


def test_every_run_of_both_demos_succeeded(url: str) -> None:
    runs = ask(url, RUNS)["runsOrError"]["results"]

    done = [run["jobName"] for run in runs if run["status"] == "SUCCESS"]
    assert {run["status"] for run in runs} - UNDER_WAY == {"SUCCESS"}
    assert done.count("__ASSET_JOB") == 12
    assert done.count("sync_orders") >= 2


def test_schedules_and_the_sensor_run(url: str) -> None:
    (code,) = ask(url, REPOSITORY)["repositoriesOrError"]["nodes"]

    schedules = {
        each["name"]: each["scheduleState"]["status"] for each in code["schedules"]
    }
    sensors = {each["name"]: each["sensorState"]["status"] for each in code["sensors"]}
    assert code["location"]["name"] == "tiktok_pipelines"
    names = {f"{sync.name}_schedule" for sync in SYNCS}
    names |= {"orders_schedule", "tidy_schedule", "tokens_schedule"}
    names |= {"compare_webhooks_schedule"}
    assert schedules == dict.fromkeys(names, "RUNNING")
    assert sensors == dict.fromkeys(("shops_sensor", "webhooks_sensor"), "RUNNING")


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine")
    with browser(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


def test_a_browser_shows_the_partitions_by_shop(url: str, page: Page) -> None:
    (shop_id, *_) = ask(url, PARTITIONS.replace("TABLE", "orders"))["assetNodeOrError"][
        "partitionKeysByDimension"
    ][1]["partitionKeys"]

    page.open(f"{url}/assets/tiktok/orders?view=partitions")
    told = page.wait_for_text(shop_id)

    (green,) = re.findall(r"Materialized \((\d+)\)", told)
    assert int(green) >= GREEN
    assert "Failed (0)" in told


def test_a_browser_shows_the_coverage_as_a_picture(url: str, page: Page) -> None:
    page.open(f"{url}/assets/tiktok_ops/coverage?view=overview")

    glance = page.wait_for(GLANCE)
    width, height = page.wait_for(PICTURE)

    assert glance > 300
    assert width > 800
    assert height > 6 * 16
    assert "of 90 days, 100 %" in page.text()


def test_a_browser_shows_what_a_table_is(url: str, page: Page) -> None:
    page.open(f"{url}/assets/tiktok/orders?view=overview")

    told = page.wait_for_text("raw_page_id")

    assert "A partition is a day (UTC, by order creation) of a shop." in told
    assert "TikTok's id of the order." in told
    assert "timestamptz" in told


@pytest.mark.usefixtures("second_run")
def test_every_command_works_with_the_demo_in_another_shell(place: Place) -> None:
    file = place.home / "env.sh"

    told = place.in_a_shell(f". '{file}' && tiktok-pipelines doctor")

    assert told.returncode == 0, told.stdout + told.stderr
    assert f"TIKTOK_HOME is {place.home}" in told.stdout
    assert f"DAGSTER_HOME is {place.home / 'dagster'}" in told.stdout
    assert file.stat().st_mode & 0o777 == 0o600  # the key is in it


def test_ctrl_c_ends_the_ui_and_all_the_rest(
    place: Place, second_run: Running, url: str
) -> None:
    before = place.processes()

    status = second_run.interrupt()

    assert status == 0
    assert len(before) > 5
    assert place.processes() == []
    assert not EmbeddedServer(place.home).status().is_running
    with pytest.raises(httpx.TransportError):
        httpx.get(url)
