"""Versions of an order: the update time, then the time of fetching."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from tiktok_pipelines.transform.versions import Version

MOMENTS = st.datetimes(
    min_value=datetime(1971, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(2100, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    timezones=st.just(UTC),
)


@given(st.none() | MOMENTS, MOMENTS)
def test_a_version_gives_both_times_back(
    updated_at: datetime | None, fetched_at: datetime
) -> None:
    version = Version.of(updated_at, fetched_at)

    assert (version.updated_at, version.fetched_at) == (updated_at, fetched_at)


@given(MOMENTS, MOMENTS, MOMENTS, MOMENTS)
def test_the_update_time_counts_before_the_fetch(
    updated: datetime, fetched: datetime, other: datetime, later: datetime
) -> None:
    is_older = Version.of(updated, fetched) < Version.of(other, later)

    assert is_older == ((updated, fetched) < (other, later))
