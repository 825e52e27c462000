"""Golden samples of every subject that a ``RecordMap`` describes.

To have a subject tested, name its map and what ``golden/samples/index.json`` calls its
objects; ``whole`` where the answer as a whole is the record.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from tiktok_pipelines.api.endpoints import table
from tiktok_pipelines.api.endpoints.endpoint import Endpoint
from tiktok_pipelines.transform.cancellations import CANCELLATIONS
from tiktok_pipelines.transform.parts import RecordMap
from tiktok_pipelines.transform.returns import RETURNS
from tiktok_pipelines.transform.warehouses import WAREHOUSES
from tiktok_pipelines_tests.recorded import Sample, samples_of

Json = dict[str, Any]


@dataclass(frozen=True)
class Golden:
    """How one subject's samples are read; ``given`` is what a call was asked with."""

    mapping: RecordMap
    endpoint: Endpoint
    objects: tuple[str, ...]
    given: Mapping[str, object] = field(default_factory=dict[str, object])


GOLDEN = (
    Golden(RETURNS, table.RETURN_SEARCH, ("return",)),
    Golden(CANCELLATIONS, table.CANCELLATION_SEARCH, ("cancellation",)),
    Golden(WAREHOUSES, table.WAREHOUSES, ("warehouse",)),
)


@dataclass(frozen=True)
class GoldenRecord:
    """One record of a sample, as received."""

    golden: Golden
    received: Json

    @property
    def mapping(self) -> RecordMap:
        """How it becomes rows."""
        return self.golden.mapping


def golden_records() -> dict[str, GoldenRecord]:
    """Every record of the samples, by stream, file and place."""
    return {
        f"{golden.mapping.stream}-{sample.path.stem}-{place}": GoldenRecord(golden, one)
        for golden in GOLDEN
        for sample in samples_of(*golden.objects)
        for place, one in enumerate(_records(golden, sample))
    }


def _records(golden: Golden, sample: Sample) -> Iterator[Json]:
    data = sample.data()
    if golden.mapping.is_whole or not golden.endpoint.records_key:
        yield data
        return
    for whole in cast("list[Json]", data if isinstance(data, list) else [data]):
        found = whole.get(golden.endpoint.records_key, whole)
        yield from found if isinstance(found, list) else [found]
