"""``privacy``: what is kept of buyers, and proof of what was deleted."""

from tiktok_pipelines.cli.group import CommandGroup, Place

_PLACES = (
    Place("list", "privacy_list", "Tell the rules, and what holds in each region."),
    Place("set", "privacy_rule", "Keep, mask, hash or drop a field from now on."),
    Place("unset", "privacy_rule", "Remove a rule."),
    Place("apply", "privacy_apply", "Apply the rules to what is stored already."),
    Place("erase", "privacy_erase", "Erase the data of one buyer or order for good."),
    Place("purge-shop", "privacy_purge", "Delete everything of a shop."),
    Place("audit", "privacy_audit", "Tell what was done, with the rows left."),
)


privacy = CommandGroup("privacy", "Buyer data: rules, erasure, proof.", places=_PLACES)
