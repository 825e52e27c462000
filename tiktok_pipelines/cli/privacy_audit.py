"""``privacy audit``: what was done, with proof."""

import click

from tiktok_pipelines.assembly import open_database
from tiktok_pipelines.cli.group import say
from tiktok_pipelines.cli.output import print_json
from tiktok_pipelines.ingest.privacy_audit import ProvenAct, proven_acts
from tiktok_pipelines.settings import Settings


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def audit(*, as_json: bool) -> None:
    """Tell every privacy act, the oldest first; subjects are keyed hashes."""
    with open_database(Settings.from_environment()) as database:
        acts = proven_acts(database)
    if as_json:
        print_json([_for_machines(each) for each in acts])
        return
    for each in acts:
        click.echo(_line(each))
    if not acts:
        say("Nothing was done yet.")


def _line(each: ProvenAct) -> str:
    of_whom = f" {each.subject_kind} {_hex(each)[:12]}…" if each.subject else ""
    before, after = sum(each.rows_before.values()), sum(each.rows_after.values())
    rows = f"rows before {before:,}, after {after:,}" if each.rows_before else ""
    told = "; ".join(f"{name}: {value}" for name, value in each.details.items())
    place = each.shop_id or "every shop"
    return (
        f"{each.audit_id}  {each.finished_at:%F %T}  {each.act}{of_whom}  {place}  "
        f"{rows}  {told}"
    ).rstrip()


def _hex(each: ProvenAct) -> str:
    return (each.subject or b"").hex()


def _for_machines(each: ProvenAct) -> dict[str, object]:
    return {
        "audit_id": each.audit_id,
        "act": each.act,
        "shop_id": each.shop_id,
        "subject_kind": each.subject_kind,
        "subject": _hex(each) or None,
        "details": dict(each.details),
        "rows_before": dict(each.rows_before),
        "rows_after": dict(each.rows_after),
        "started_at": each.started_at.isoformat(),
        "finished_at": each.finished_at.isoformat(),
    }
