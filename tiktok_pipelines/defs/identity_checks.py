"""Whether the money adds up: the checks of the published identities.

They warn: what does not add up is in TikTok's own books, or follows a rule of theirs
that nobody has told. The rows are as received.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

import dagster as dg

from tiktok_pipelines.defs.checks import listed, result_of
from tiktok_pipelines.ingest.identities import mismatches
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.subjects import IDENTITIES, IdentityFacts


def after_subject(name: str) -> Sequence[IdentityFacts]:
    """The identities that are looked at after the load of a subject."""
    return [identity for identity in IDENTITIES if identity.subject == name]


def of_table(name: str) -> Sequence[IdentityFacts]:
    """The identities whose figures stand in a table."""
    return [identity for identity in IDENTITIES if identity.table == name]


def identity_results(
    database: Database, now: datetime, identities: Iterable[IdentityFacts]
) -> Sequence[dg.AssetCheckResult]:
    """The checks of some identities, as of now."""
    return [_result(database, now, identity) for identity in identities]


def _result(
    database: Database, now: datetime, identity: IdentityFacts
) -> dg.AssetCheckResult:
    found = mismatches(database, identity.name, now)
    waiting = [one.in_words(now) for one in found if one.waits]
    good = "All adds up"
    if waiting:
        good += f", but {len(waiting)} figure(s) wait for what TikTok tells late"
    result = result_of(
        dg.AssetKey(identity.table.split(".")),
        identity.name,
        [one.in_words(now) for one in found if not one.waits],
        good=good,
        bad="figure(s) are not the sum of their parts; compare with Seller Center",
        severity=dg.AssetCheckSeverity.WARN,
    )
    if not waiting:
        return result
    told = {**(result.metadata or {}), "waiting": dg.MetadataValue.md(listed(waiting))}
    return result._replace(metadata=told)
