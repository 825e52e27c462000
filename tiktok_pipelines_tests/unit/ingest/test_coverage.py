"""What colour a day of a shop has, and why."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest

from tiktok_pipelines.ingest.coverage import (
    Coverage,
    Pull,
    Reach,
    ShopCoverage,
    State,
    judge_day,
    judge_days,
)
from tiktok_pipelines.ingest.coverage_picture import (
    COLOURS,
    data_uri,
    draw,
    draw_subjects,
    glance,
)
from tiktok_pipelines.ingest.coverage_text import gaps, markdown

NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)
TODAY = NOW.date()
HOUR = timedelta(hours=1)
SYNCED = Reach(NOW - timedelta(days=5), NOW - HOUR / 4, HOUR, first_sync_days=90)
NEVER = Reach(None, None, HOUR, first_sync_days=4)


def january(day: int) -> date:
    return date(2026, 1, day)


def pull(day: date, *, after: timedelta, note: str = "", closed: bool = True) -> Pull:
    """A pull that began so long after the day did."""
    start = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return Pull(closed, note, start + after)


@pytest.mark.parametrize(
    ("found", "reach", "state"),
    [
        (pull(january(8), after=25 * HOUR), NEVER, State.CLOSED),
        (pull(january(8), after=25 * HOUR, note="1 moved"), NEVER, State.EXPLAINED),
        (pull(january(8), after=25 * HOUR, closed=False), SYNCED, State.OPEN),
        (pull(january(8), after=20 * HOUR), NEVER, State.MISSING),
        (pull(january(8), after=20 * HOUR), SYNCED, State.CLOSED),
        (None, SYNCED, State.SYNCED),
        (None, NEVER, State.MISSING),
    ],
    ids=[
        "counted when it was over",
        "a difference that is explained",
        "open, though the syncs passed it",
        "counted before it was over, and nothing since",
        "counted before it was over, then synced",
        "synced only",
        "due, and nobody loaded it",
    ],
)
def test_a_day_that_is_over(found: Pull | None, reach: Reach, state: State) -> None:
    assert judge_day(january(8), found, reach, NOW) == state


@pytest.mark.parametrize(
    ("found", "reach", "state"),
    [
        (None, SYNCED, State.SYNCED),
        (pull(TODAY, after=6 * HOUR), NEVER, State.LATE),
        (pull(TODAY, after=6 * HOUR, closed=False), NEVER, State.LATE),
        (None, NEVER, State.MISSING),
    ],
    ids=["synced in time", "loaded this morning", "open this morning", "never loaded"],
)
def test_the_present_day(found: Pull | None, reach: Reach, state: State) -> None:
    assert judge_day(TODAY, found, reach, NOW) == state


def test_a_sync_that_stopped_leaves_its_days_missing_and_today_late() -> None:
    stopped = Reach(SYNCED.since, NOW - timedelta(days=2), HOUR, first_sync_days=90)

    states = judge_days({}, stopped, january(1), NOW)

    assert [states[january(day)] for day in (7, 8, 9)] == [
        State.SYNCED,
        State.MISSING,
        State.MISSING,
    ]
    assert states[TODAY] == State.LATE


def test_days_before_the_first_sync_are_not_asked_for() -> None:
    states = judge_days({}, SYNCED, january(1), NOW)

    # It began at noon of the fifth: of that day only a half was read.
    assert [day.day for day, state in states.items() if state == State.SYNCED] == [
        *range(6, 11)
    ]
    assert {states[january(day)] for day in range(1, 6)} == {State.NOT_ASKED}


def test_a_shop_that_was_never_synced_misses_what_its_first_sync_will_reach() -> None:
    states = judge_days({}, NEVER, january(1), NOW)

    missing = [day.day for day, state in states.items() if state == State.MISSING]
    assert missing == [7, 8, 9, 10]


def test_what_is_missing_while_the_shop_is_loaded_is_on_its_way() -> None:
    loading = Reach(None, None, HOUR, first_sync_days=4, is_loading=True)

    states = judge_days({}, loading, january(1), NOW)

    assert states[january(8)] == State.LOADING


@pytest.mark.parametrize(
    ("days", "state"), [(31, State.MISSING), (32, State.NOT_ASKED)]
)
def test_a_hole_of_up_to_a_month_between_loaded_days_is_missing(
    days: int, state: State
) -> None:
    first = january(5) - timedelta(days=days + 1)
    loaded = [first, *(january(day) for day in range(5, 11))]
    pulls = {day: pull(day, after=25 * HOUR) for day in loaded}

    states = judge_days(pulls, SYNCED, first - timedelta(days=9), NOW)

    assert {states[first + timedelta(days=n)] for n in range(1, days + 1)} == {state}
    assert states[first - timedelta(days=1)] == State.NOT_ASKED


def shop(
    days: Mapping[date, State], shop_id: str = "7400", name: str = "Mộc"
) -> ShopCoverage:
    notes = {day: "the API counts 5" for day in days if days[day] == State.OPEN}
    return ShopCoverage(shop_id, name, "VN", "", NOW, days, notes)


def month(*red: int, state: State = State.MISSING) -> dict[date, State]:
    """Ten closed days, but for some."""
    days = [january(day) for day in range(1, 11)]
    return {day: state if day.day in red else State.CLOSED for day in days}


def test_days_that_follow_each_other_are_one_gap_newest_first() -> None:
    found = gaps(shop(month(2, 3, 4, 9)))

    assert [gap.keys for gap in found] == [
        ("2026-01-09|7400", "2026-01-09|7400"),
        ("2026-01-02|7400", "2026-01-04|7400"),
    ]
    span = '--partition-range "2026-01-02|7400...2026-01-04|7400"'
    assert f"--select tiktok/orders \\\n  {span}" in found[1].command("orders")


def test_complete_counts_what_is_due_and_rounds_down() -> None:
    grey = {date(2025, 12, 31): State.NOT_ASKED}

    of_shop = shop({**grey, **month(9)})

    assert (of_shop.due, of_shop.complete_pct) == (10, 90)
    assert of_shop.first_day == january(1)


def test_the_text_names_the_newest_gaps_and_counts_the_others() -> None:
    told = markdown(Coverage("orders", NOW, [shop(month(1, 3, 5, 7, 8, 10))]))

    named = [line for line in told.splitlines() if line.startswith("# ")]
    assert named[0] == "# 2026-01-10|7400, 1 day, missing"
    assert len(named) == 5
    assert told.count("--partition-range") == 5
    assert told == told.replace("and 0 older", "")


def test_the_text_counts_older_gaps() -> None:
    told = markdown(
        Coverage(
            "orders",
            NOW,
            [
                shop(month(1, 2, 4, 6, 8, 9)),
            ],
        )
    )
    more = markdown(Coverage("orders", NOW, [shop(month(1, 3, 5, 7, 9))]))
    days = dict.fromkeys((january(n) for n in range(1, 11, 2)), State.MISSING)
    days |= {date(2025, 12, n): State.MISSING for n in (1, 2, 5)}
    every = dict.fromkeys((date(2025, 12, n) for n in range(1, 32)), State.CLOSED)
    most = markdown(Coverage("orders", NOW, [shop({**every, **month(), **days})]))

    assert "older gaps" not in told
    assert "older gaps" not in more
    assert "and 2 older gaps, 3 days." in most


def test_an_open_day_is_named_with_its_reason() -> None:
    told = markdown(Coverage("orders", NOW, [shop(month(9, state=State.OPEN))]))

    assert "# 2026-01-09|7400, 1 day, open: the API counts 5" in told


def test_a_name_cannot_break_the_table() -> None:
    told = markdown(Coverage("orders", NOW, [shop(month(), name="a|b\n[x](y)<img>")]))

    row = told.splitlines()[2]
    assert "a\\|b \\[x\\](y)\\<img\\>" in row


def colours(svg: str) -> set[str]:
    """The colours of the shops' rows; the legend holds all."""
    paths = ET.fromstring(svg).findall("{http://www.w3.org/2000/svg}path")  # noqa: S314 - our own
    return {path.get("fill", "") for path in paths[:-5]}


def test_the_picture_has_the_colour_of_each_day() -> None:
    missing = draw(Coverage("orders", NOW, [shop(month(9))]))
    good = draw(Coverage("orders", NOW, [shop(month())]))

    assert COLOURS[State.MISSING] in colours(missing)
    assert COLOURS[State.MISSING] not in colours(good)
    assert COLOURS[State.CLOSED] in colours(good)


def test_the_picture_names_shops_dates_and_shares() -> None:
    svg = draw(Coverage("orders", NOW, [shop(month(9))]))

    told = [text.text for text in ET.fromstring(svg) if text.tag.endswith("text")]  # noqa: S314 - our own
    assert {"VN Mộc", "90 %", "Jan 2026", "Orders: 90 % complete"} <= set(told)
    assert "2026-01-01 to 2026-01-10, as of 2026-01-10 12:00 UTC" in told


def test_one_picture_shows_several_subjects_each_with_its_shops() -> None:
    young = {january(10): State.SYNCED}
    packages = Coverage("packages", NOW, [shop(month(9)), shop(month(), name="Ăn")])
    payments = Coverage("payments", NOW, [shop(young, name="Ba")])

    svg = draw_subjects([packages, payments], last_days=91)

    told = [text.text for text in ET.fromstring(svg) if text.tag.endswith("text")]  # noqa: S314 - our own
    assert told.index("Packages: 95 %") < told.index("VN Mộc") < told.index("VN Ăn")
    assert told.index("VN Ăn") < told.index("Payments: 100 %") < told.index("VN Ba")
    assert "2026-01-01 to 2026-01-10, as of 2026-01-10 12:00 UTC" in told
    assert COLOURS[State.NOT_ASKED] in colours(svg)
    assert COLOURS[State.MISSING] in colours(svg)


def test_no_name_of_a_shop_breaks_the_picture() -> None:
    svg = draw(Coverage("orders", NOW, [shop(month(), name="<b>\x00 & 'x'\x1b")]))

    assert ET.fromstring(svg) is not None  # noqa: S314 - our own


def test_years_of_one_state_draw_as_small_as_a_week() -> None:
    first = date(2023, 1, 1)
    years = {first + timedelta(days=n): State.CLOSED for n in range(1100)}
    shops = [shop(years, shop_id=str(n)) for n in range(30)]

    assert len(draw(Coverage("orders", NOW, shops))) < 15_000


def test_a_picture_may_show_the_newest_days_alone() -> None:
    svg = draw(Coverage("orders", NOW, [shop(month())]), last_days=3)

    assert "2026-01-08 to 2026-01-10" in svg


def test_a_glance_is_short_enough_to_be_shown_in_place() -> None:
    shops = [shop(month(2, 5), shop_id=str(number)) for number in range(6)]

    svg = glance(Coverage("orders", NOW, shops), last_days=60)

    assert "M1 1h1" in svg
    assert {path.get("stroke") for path in ET.fromstring(svg)} == {  # noqa: S314 - our own
        COLOURS[State.CLOSED],
        COLOURS[State.MISSING],
    }
    assert len(data_uri(svg)) < 950


def test_without_shops_there_is_a_picture_still() -> None:
    assert "no shop is connected" in draw(Coverage("orders", NOW, []))
