"""``quarantine replay``: try records again."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial

import click

from tiktok_pipelines.assembly import Pipeline, open_pipeline, open_store
from tiktok_pipelines.cli.group import say
from tiktok_pipelines.cli.output import print_json
from tiktok_pipelines.clock import SystemClock
from tiktok_pipelines.errors import QuarantinedRecords
from tiktok_pipelines.ingest.findings import reasons_of_run
from tiktok_pipelines.ingest.order_runs import OrderRuns
from tiktok_pipelines.ingest.privacy_rules import load_policy
from tiktok_pipelines.ingest.quarantine import BadEntry, find_bad, list_bad
from tiktok_pipelines.ingest.quarantine_replay import Outcome, ask_again, land_kept
from tiktok_pipelines.ingest.records.replay import (
    ask_subjects_again,
    land_kept_records,
)
from tiktok_pipelines.ingest.records.runs import SubjectRuns
from tiktok_pipelines.settings import Settings
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.tokens.store import TokenStore


@click.command()
@click.argument("quarantine_ids", metavar="[ID...]", nargs=-1, type=int)
@click.option("--all", "every", is_flag=True, help="Every record that waits.")
@click.option("--shop", "shop_id", help="Every record of this shop that waits.")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def replay(
    quarantine_ids: tuple[int, ...], *, every: bool, shop_id: str | None, as_json: bool
) -> None:
    """Try records again: orders by id, records without one by their window.

    Those of other subjects are read again by a sync of their subject.
    """
    if bool(quarantine_ids) == (every or shop_id is not None):
        raise click.UsageError("name either records by ID, or --all, or --shop")
    settings = Settings.from_environment()
    run_id = f"quarantine replay {SystemClock().now():%Y-%m-%dT%H:%M:%SZ}"
    with open_store(settings) as store:
        wanted = _wanted(store.database, quarantine_ids, shop_id)
        outcomes = [*_replayed(settings, store, wanted, run_id)]
        new_bad = reasons_of_run(store.database, run_id)
    _tell(outcomes, as_json=as_json)
    _raise_if_left(outcomes, new_bad)


def _replayed(
    settings: Settings, store: TokenStore, wanted: Sequence[BadEntry], run_id: str
) -> Iterator[Outcome]:
    """Try the records; settings of the app are asked for only if TikTok must be."""
    left = {entry.quarantine_id: entry for entry in wanted if not entry.resolved_at}
    for entry in wanted:
        if entry.resolved_at:
            yield Outcome(entry, "resolved", "it was resolved before")
    now = SystemClock().now()
    policy_of = partial(load_policy, store.database, store.cipher, now=now)
    orders, others = _parted(left.values())
    landed = [
        *land_kept(store.database, orders, policy_of=policy_of, run_id=run_id),
        *land_kept_records(store.database, others, policy_of=policy_of, run_id=run_id),
    ]
    for outcome in landed:
        left.pop(outcome.entry.quarantine_id, None)
    yield from landed
    if left:
        with open_pipeline(settings, run_id=run_id) as pipeline:
            yield from _asked(pipeline, list(left.values()), run_id)


def _parted(
    entries: Iterable[BadEntry],
) -> tuple[Sequence[BadEntry], Sequence[BadEntry]]:
    """Records of orders, and of other subjects."""
    known = list(entries)
    return (
        [entry for entry in known if entry.is_of_orders],
        [entry for entry in known if not entry.is_of_orders],
    )


def _asked(
    pipeline: Pipeline, entries: Sequence[BadEntry], run_id: str
) -> Iterator[Outcome]:
    """Ask TikTok for what did not land from what was kept."""
    orders, others = _parted(entries)
    runs = OrderRuns(pipeline.shops, run_id, say)
    yield from ask_again(runs, orders, pipeline.clock)
    settings = pipeline.settings
    subject_runs = SubjectRuns(
        pipeline.shops, run_id, say, settings.start_date, settings.first_sync_days
    )
    yield from ask_subjects_again(
        subject_runs, pipeline.database, others, pipeline.clock
    )


def _wanted(
    database: Database, ids: Sequence[int], shop_id: str | None
) -> Sequence[BadEntry]:
    if ids:
        return find_bad(database, list(dict.fromkeys(ids)))
    return list_bad(database, shop_id=shop_id)


def _tell(outcomes: Sequence[Outcome], *, as_json: bool) -> None:
    ordered = sorted(outcomes, key=lambda outcome: outcome.entry.quarantine_id)
    if as_json:
        print_json([_for_machines(outcome) for outcome in ordered])
        return
    for outcome in ordered:
        entry = outcome.entry
        state = outcome.state.replace("_", " ")
        click.echo(f"{entry.quarantine_id}  {entry.key}  {state}: {outcome.told}")
    if not ordered:
        say("No record is in quarantine.")


def _for_machines(outcome: Outcome) -> dict[str, object]:
    entry = outcome.entry
    return {
        "quarantine_id": entry.quarantine_id,
        "shop_id": entry.shop_id,
        "stream": entry.stream,
        "record_key": entry.key,
        "state": outcome.state,
        "told": outcome.told,
    }


def _raise_if_left(outcomes: Sequence[Outcome], new_bad: Sequence[str]) -> None:
    """Say that records stay, or came.

    Raises:
        QuarantinedRecords: not all are resolved, or the answers held new ones.
    """
    left = sum(outcome.state != "resolved" for outcome in outcomes)
    told = [f"{left} of {len(outcomes)} record(s) stay in quarantine"] if left else []
    if new_bad:
        named = "; ".join(new_bad[:5])
        told.append(f"the answers held {len(new_bad)} new bad record(s): {named}")
    if told:
        raise QuarantinedRecords(
            f"{'; '.join(told)}: see tiktok-pipelines quarantine list"
        )
