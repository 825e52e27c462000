"""Every subject beside orders, declared: records, and how they are asked for.

A family has a module; its subjects stand in ``ALL`` below, and by name in
``tiktok_pipelines/subjects.py``, which a code server shows them by.
"""

from collections.abc import Mapping, Sequence

from tiktok_pipelines import subjects as facts
from tiktok_pipelines.ingest.records.subject import Subject
from tiktok_pipelines.ingest.subjects.aftersales import CANCELLATIONS, RETURNS
from tiktok_pipelines.ingest.subjects.warehouses import WAREHOUSES

ALL: Sequence[Subject] = (
    WAREHOUSES,
    CANCELLATIONS,
    RETURNS,
)

BY_NAME: Mapping[str, Subject] = {subject.name: subject for subject in ALL}


def subjects_of(sync: str) -> Sequence[Subject]:
    """The subjects of a sync, in the order in which they are loaded."""
    return [BY_NAME[each.name] for each in facts.subjects_of(sync)]
