"""``shops``: let sellers in, and say which of their shops are synced."""

from tiktok_pipelines.cli.group import CommandGroup, Place

_PLACES = (
    Place("connect", "shop_connect", "Print the consent link, or exchange its code."),
    Place("register", "shop_connect", "Add all shops as partitions to Dagster."),
    Place("list", "shop_list", "Tell every connected shop and how it is doing."),
    Place("callbacks", "shop_callbacks", "Consents that wait for a person."),
    Place("confirm", "shop_callbacks", "Let in the shops of such a consent."),
    Place("enable", "shop_switch", "Sync a shop."),
    Place("disable", "shop_switch", "Leave a shop alone; its rows stay."),
)


shops = CommandGroup("shops", "The shops: connect, list, switch.", places=_PLACES)
