"""``privacy list``: the rules, and what they come to."""

from collections.abc import Iterator, Sequence

import click

from tiktok_pipelines.assembly import open_store
from tiktok_pipelines.cli.group import say
from tiktok_pipelines.cli.output import print_json, print_table
from tiktok_pipelines.ingest.privacy_rules import StoredRule, stored_rules
from tiktok_pipelines.settings import Settings
from tiktok_pipelines.transform.privacy import ANY, KNOWN_FIELDS, PrivacyPolicy


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def list(*, as_json: bool) -> None:  # noqa: A001 - the command's name
    """Tell the rules, and what holds for every buyer field in each region."""
    with open_store(Settings.from_environment()) as store:
        rules = stored_rules(store.database)
        regions = {shop.region.upper() for shop in store.shops() if shop.region}
    policies = [*_policies(rules, regions)]
    if as_json:
        print_json(
            {
                "rules": [*map(_for_machines, rules)],
                "in_effect": [*_in_effect(policies)],
            }
        )
        return
    for stored in rules:
        region, name, action = stored.rule
        click.echo(f"{action:4}  {name} in {_told(region)}  {stored.changed_at:%F %R}")
    if not rules:
        say("There is no rule: buyer data is kept as received.")
    _print_effects(policies)


def _policies(
    rules: Sequence[StoredRule], regions: set[str]
) -> Iterator[PrivacyPolicy]:
    """One for each region with a shop or a rule; that of all others comes first."""
    known = {stored.rule.region for stored in rules} | regions
    held = frozenset(stored.rule for stored in rules)
    yield PrivacyPolicy(held, ANY)
    yield from (PrivacyPolicy(held, region) for region in sorted(known - {ANY}))


def _in_effect(policies: Sequence[PrivacyPolicy]) -> Iterator[dict[str, str]]:
    for policy in policies:
        for name in (*KNOWN_FIELDS, ANY):
            action = policy.action_of(name)
            yield {"region": policy.region, "field": name, "action": action}


def _for_machines(stored: StoredRule) -> dict[str, str]:
    return {**stored.rule._asdict(), "changed_at": stored.changed_at.isoformat()}


def _told(region: str) -> str:
    return "every region" if region == ANY else region


def _print_effects(policies: Sequence[PrivacyPolicy]) -> None:
    names = ["buyer field", *(_told(policy.region) for policy in policies)]
    rows = (
        [
            "any other" if name == ANY else name,
            *(policy.action_of(name) for policy in policies),
        ]
        for name in (*KNOWN_FIELDS, ANY)
    )
    print_table(names, rows, whole=0)
