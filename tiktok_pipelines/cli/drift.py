"""``drift``: where TikTok's answers differ from what is documented."""

from tiktok_pipelines.cli.group import CommandGroup, Place

_PLACES = (
    Place("list", "drift_list", "Tell what TikTok sends otherwise than documented."),
)


drift = CommandGroup(
    "drift", "Where TikTok's answers differ from its documents.", places=_PLACES
)
