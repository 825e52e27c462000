"""The command line's entry: which commands there are."""

import click

from tiktok_pipelines.cli.group import CommandGroup, Place

_PLACES = (
    Place("demo", "demo", "Everything at once, against the bundled simulator."),
    Place("up", "up", "Database, migrations, Dagster's UI and daemon."),
    Place("receiver", "receiver", "Take webhooks and consents on the public port."),
    Place("db", "db", "The database: start, stop, upgrade, back up."),
    Place("env", "env", "Print exports with which plain dagster works here."),
    Place("simulator", "simulator", "Run the bundled TikTok Shop; make it fail."),
    Place("shops", "shops", "The shops: connect, list, switch."),
    Place("orders", "orders", "Single orders, by hand."),
    Place("webhooks", "webhooks", "Events: subscribe, look, try again, send."),
    Place("coverage", "coverage", "Which days of which shop are in the tables."),
    Place("quarantine", "quarantine", "Records that could not become rows."),
    Place("drift", "drift", "Where TikTok's answers differ from its documents."),
    Place("rebuild", "rebuild", "Derive tables again from the pages kept."),
    Place("raw", "raw", "What TikTok said, as it was kept."),
    Place("privacy", "privacy", "Buyer data: rules, erasure, proof."),
    Place("doctor", "doctor", "Check every precondition."),
)


main = CommandGroup(
    "tiktok-pipelines",
    "TikTok Shop into PostgreSQL: complete, or said so.",
    places=_PLACES,
)
click.version_option(package_name="tiktok-pipelines")(main)
