"""Answers that were recorded or published, read as the table says."""

import re

import pytest

from tiktok_pipelines.api.decoding import as_object, as_text
from tiktok_pipelines.api.endpoints.endpoint import Endpoint
from tiktok_pipelines.api.endpoints.table import ENDPOINTS
from tiktok_pipelines.api.pages import head_of, records_of
from tiktok_pipelines_tests.recorded import SAMPLES, Sample, samples_of

# Samples that no call of the table gives as they are, each with its reason.
NOT_READ = {
    "derived_us_payments_statements": "pieces of several answers",
    "docsdk_statement_transactions_202309_202309": "a version that is not asked",
    "real_vn_snapshot_20250829": "a bare list, as an export wrote it",
    "real_vn_snapshot_20250903": "a bare list, as an export wrote it",
    "real_vn_snapshot_first": "a bare list, as an export wrote it",
}
OLDER = {one.older.name for one in ENDPOINTS if one.older}
NEWEST = [one for one in ENDPOINTS if one.name not in OLDER]
READ = [one for one in samples_of() if one.path.stem not in NOT_READ]


def any_version(call: str) -> str:
    return re.sub(r"/20\d{4}/", "/", call)


def endpoint_of(sample: Sample) -> Endpoint:
    """The call of the sample, in the newest version."""
    calls = {any_version(f"{one.method} {one.path}"): one for one in NEWEST}
    return calls[any_version(sample.call)]


def name_of(sample: Sample) -> str:
    return sample.path.stem


def test_every_sample_is_listed_with_its_source() -> None:
    files = {path.name for path in SAMPLES.glob("*.json")} - {"index.json"}

    assert {one.path.name for one in samples_of()} == files
    assert all(one.source and one.kind for one in samples_of())
    assert set(NOT_READ) <= {path.removesuffix(".json") for path in files}


def test_every_call_but_few_has_a_sample() -> None:
    without = {one.name for one in NEWEST} - {endpoint_of(s).name for s in READ}

    assert without == {
        *("token_get", "token_refresh", "webhook_set", "webhook_delete"),
        *("parcel_tracking", "order_transactions"),
        *("activity_search", "activity_detail", "coupon_search", "coupon_detail"),
    }


@pytest.mark.parametrize("sample", READ, ids=name_of)
def test_records_and_what_stands_beside_them_are_all_there(sample: Sample) -> None:
    endpoint, data = endpoint_of(sample), sample.data()

    records, head = records_of(endpoint, data), head_of(endpoint, data)

    key = endpoint.records_key
    beside = {"total_count", "next_page_token"}
    assert list(records) == ((data[key] or []) if key else [data])
    assert head == {k: v for k, v in data.items() if k not in {key, *beside} and key}


@pytest.mark.parametrize("sample", READ, ids=name_of)
def test_every_record_has_its_id_where_it_is_looked_for(sample: Sample) -> None:
    endpoint = endpoint_of(sample)
    records = [as_object(one) for one in records_of(endpoint, sample.data())]

    assert records or "null_lists" in name_of(sample)
    assert all(as_text(one.get(endpoint.id_key)) for one in records if endpoint.id_key)
