"""What the checks promise, in words; a run that loads asks the ledger when it ends."""

from collections.abc import Mapping, Sequence

import dagster as dg

from tiktok_pipelines.subjects import SubjectFacts

ORDERS = dg.AssetKey(["tiktok", "orders"])

_ALIKE = {
    "fresh": "Every enabled shop was synced lately: within three of its intervals and"
    " a quarter of an hour. Warns, and names the shops that are late.",
    "no_new_quarantine": "No record came in the last day that could not become a row."
    " Warns, and names shop and reason; its neighbours are in the tables.",
    "no_new_drift": "TikTok's answers of the last day hold nothing that they never"
    " held before and the documentation does not foresee. Warns; all is kept.",
}
_OF_ORDERS = {
    "complete": "Every day and every change that was pulled is there: TikTok's count,"
    " the orders fetched and the rows agree. Fails while the ledger holds an open"
    " window, and names it.",
    **_ALIKE,
}
_OF_SUBJECTS = {
    "complete": "What was pulled last is there, shop by shop: TikTok's count, where it"
    " gives one, the records fetched and the rows agree. Fails while the newest row of"
    " the ledger is open, and names it.",
    **_ALIKE,
}


def _specs(
    asset: dg.AssetKey, promises: Mapping[str, str]
) -> Sequence[dg.AssetCheckSpec]:
    return [
        dg.AssetCheckSpec(name, asset=asset, description=promise)
        for name, promise in promises.items()
    ]


SPECS = _specs(ORDERS, _OF_ORDERS)
"""The checks of the orders; the run that loads them asks the ledger at its end."""


def checked_key(subject: SubjectFacts) -> dg.AssetKey:
    """The asset that a subject's checks belong to: the table of its records."""
    return dg.AssetKey(subject.tables[0].split("."))


def subject_specs(subject: SubjectFacts) -> Sequence[dg.AssetCheckSpec]:
    """The checks of one subject."""
    return _specs(checked_key(subject), _OF_SUBJECTS)
