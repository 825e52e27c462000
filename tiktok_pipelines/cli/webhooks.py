"""``webhooks``: what TikTok announces, and whether it may."""

from tiktok_pipelines.cli.group import CommandGroup, Place

_PLACES = (
    Place("list", "webhook_subscriptions", "What each shop is subscribed to."),
    Place("subscribe", "webhook_subscriptions", "Have events sent to the receiver."),
    Place("unsubscribe", "webhook_subscriptions", "Have them sent no longer."),
    Place("verify", "webhook_subscriptions", "Compare with the settings."),
    Place("events", "webhook_events", "Events that came, and what became of them."),
    Place("replay", "webhook_events", "Work on events again."),
    Place("compare", "webhook_compare", "What polling and webhooks each missed."),
    Place("send-test", "webhook_send", "Send a signed event to a receiver."),
)


webhooks = CommandGroup(
    "webhooks", "Events: subscribe, look, try again, send.", places=_PLACES
)
