"""The coverage of the subjects beside orders in words: what is red, and what pulls it.

What is red is read again by the next sync of the subject; its partition, the shop,
pulls at once all there is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tiktok_pipelines.ingest.coverage import RED, Coverage, ShopCoverage, State
from tiktok_pipelines.ingest.coverage_readings import Reading
from tiktok_pipelines.ingest.coverage_text import gaps, plain
from tiktok_pipelines.subjects import SYNCS, facts_of

_SHOWN = 10
_JOBS = {sync.name: sync.job for sync in SYNCS}


@dataclass(frozen=True, slots=True)
class Lack:
    """What a shop lacks of a subject, in words."""

    subject: str
    shop_id: str
    what: str

    @property
    def command(self) -> str:
        """What pulls it at once, to be pasted; two lines."""
        return pull_again(self.subject, self.shop_id)

    @property
    def job(self) -> str:
        """The job whose next run reads it again."""
        return _JOBS[facts_of(self.subject).sync]


def pull_again(subject: str, shop_id: str) -> str:
    """The command that materializes the partition of a shop in a subject's tables."""
    asset = facts_of(subject).tables[0].replace(".", "/")
    return (
        "dagster asset materialize -m tiktok_pipelines.definitions"
        f" --select {asset} \\\n  --partition {shop_id}"
    )


def commands(shop: ShopCoverage, subject: str) -> Sequence[str]:
    """What loads the days of a shop that are red: of orders a span of days each."""
    found = gaps(shop)
    if subject == "orders":
        return [gap.command(subject) for gap in found]
    return [pull_again(subject, shop.shop_id)] if found else []


def lacks_of_days(coverage: Coverage) -> Iterator[Lack]:
    """Days of a subject that are red, those that follow each other as one."""
    for shop in coverage.shops:
        for gap in gaps(shop):
            span = f"{gap.first}" if gap.days == 1 else f"{gap.first} to {gap.last}"
            note = shop.notes.get(gap.last)
            why = f"open: {note}" if note else "missing"
            yield Lack(coverage.stream, shop.shop_id, f"{span} {why}")


def lacks_of_readings(readings: Sequence[Reading]) -> Iterator[Lack]:
    """Readings that are open, that never were, or that are too old."""
    for each in readings:
        if each.state in RED:
            since = each.read_at
            why = f"last read {since:%Y-%m-%d %H:%M} UTC" if since else "never read"
            is_open = each.state == State.OPEN
            told = f"open: {each.note}" if is_open else why
            what = told if each.name == each.subject else f"pass {each.name} {told}"
            yield Lack(each.subject, each.shop_id, what)


def subjects_markdown(
    days: Sequence[Coverage], readings: Sequence[Reading], now: datetime
) -> str:
    """A line per subject, and below them what is red, with the command for it."""
    lacks = [lack for each in days for lack in lacks_of_days(each)]
    lacks += lacks_of_readings(readings)
    lines = [*_table(days), "", *_readings_table(readings, now), *_red(lacks)]
    return "\n".join(lines)


def _table(days: Sequence[Coverage]) -> Iterator[str]:
    yield "| by day | in the tables since | complete | to pull again |"
    yield "|---|---|---|---|"
    for each in days:
        firsts = [shop.first_day for shop in each.shops if shop.first_day]
        red = each.count(RED)
        cells = (
            named(each.stream),
            str(max(firsts)) if firsts else "never",
            f"{each.complete_pct} %",
            f"**{red} days**" if red else "nothing",
        )
        yield "| " + " | ".join(cells) + " |"


def _readings_table(readings: Sequence[Reading], now: datetime) -> Iterator[str]:
    yield "| read whole, or by id | shops | the oldest reading | |"
    yield "|---|---|---|---|"
    for name in dict.fromkeys(each.name for each in readings):
        found = [each for each in readings if each.name == name]
        told = ", ".join(_states(found))
        way = "whole" if found[0].is_whole else "by id"
        cells = (named(name), str(len(found)), oldest(found, now), told)
        yield f"| {cells[0]}, {way} | " + " | ".join(cells[1:]) + " |"


def _states(readings: Sequence[Reading]) -> Iterator[str]:
    """How many are in each state; the bad ones bold."""
    for state in State:
        count = sum(each.state == state for each in readings)
        if count:
            told = f"{count} {state.value}"
            yield f"**{told}**" if state in RED else told


def oldest(readings: Sequence[Reading], now: datetime) -> str:
    """The age of the oldest reading of several shops."""
    ages = [each.age(now) for each in readings]
    known = [age for age in ages if age is not None]
    return told_age(max(known) if len(known) == len(ages) else None)


def told_age(age: timedelta | None) -> str:
    """In the unit that says enough."""
    if age is None:
        return "never"
    minutes = age // timedelta(minutes=1)
    if minutes < 120:
        return f"{minutes} min ago"
    if minutes < 48 * 60:
        return f"{minutes // 60} h ago"
    return f"{minutes // 1440} d ago"


def named(subject: str) -> str:
    """As people say it."""
    return subject.replace("_", " ")


def _red(lacks: Sequence[Lack]) -> Iterator[str]:
    if not lacks:
        yield from ("", "Nothing is to be pulled again.")
        return
    yield from ("", "The next sync reads this again; at once, with all there is:", "")
    yield "```sh"
    for lack in lacks[:_SHOWN]:
        yield f"# {lack.subject} of {lack.shop_id}: {plain(lack.what)} ({lack.job})"
        yield lack.command
    yield "```"
    if len(lacks) > _SHOWN:
        left = len(lacks) - _SHOWN
        yield from ("", f"and {left} more: `tiktok-pipelines coverage --subject NAME`.")
