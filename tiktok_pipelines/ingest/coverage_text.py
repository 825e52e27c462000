"""The grid of shop by day in words: what is missing, and what loads it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tiktok_pipelines.ingest.coverage import COMPLETE, RED, Coverage, ShopCoverage

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Gap:
    """Days of a shop that follow each other and are to be loaded, both included."""

    shop_id: str
    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days."""
        return (self.last - self.first).days + 1

    @property
    def keys(self) -> tuple[str, str]:
        """The first and the last partition."""
        return f"{self.first}|{self.shop_id}", f"{self.last}|{self.shop_id}"

    def command(self, stream: str) -> str:
        """What loads the days, to be pasted; two lines, as one is too long to read."""
        first, last = self.keys
        return (
            "dagster asset materialize -m tiktok_pipelines.definitions"
            f' --select tiktok/{stream} \\\n  --partition-range "{first}...{last}"'
        )


def gaps(shop: ShopCoverage) -> Sequence[Gap]:
    """What is to be backfilled, newest first."""
    found: list[Gap] = []
    for day in shop.in_state(RED):
        if found and day - found[-1].last == timedelta(days=1):
            found[-1] = Gap(shop.shop_id, found[-1].first, day)
        else:
            found.append(Gap(shop.shop_id, day, day))
    return found[::-1]


def markdown(coverage: Coverage) -> str:
    """A line per shop, and below it the commands that close the newest gaps."""
    if not coverage.shops:
        return "No shop is connected: `tiktok-pipelines shops connect`."
    lines = [
        "| shop | id | in the tables since | complete | to backfill |",
        "|---|---|---|---|---|",
        *(_line(shop) for shop in coverage.shops),
    ]
    return "\n".join([*lines, "", *_errors(coverage), *_commands(coverage)])


def _line(shop: ShopCoverage) -> str:
    done = f"{len(shop.in_state(COMPLETE))} of {shop.due} days, {shop.complete_pct} %"
    red = len(shop.in_state(RED))
    name = f"{shop.region} {shop.name}".strip()
    cells = (
        name,
        shop.shop_id,
        str(shop.first_day or "never"),
        done,
        f"{red} days" if red else "nothing",
    )
    return "| " + " | ".join(plain(cell) for cell in cells) + " |"


def _errors(coverage: Coverage) -> Iterator[str]:
    for shop in coverage.shops:
        if shop.error:
            yield f"**{plain(shop.name or shop.shop_id)}** failed last: "
            yield from (plain(shop.error), "")


def plain(words: str) -> str:
    """Text that stays one cell of a table, and means nothing in Markdown."""
    clean = "".join(letter if letter.isprintable() else " " for letter in words)
    return re.sub(r"([\\`*_<>\[\]|])", r"\\\1", clean)


def _commands(coverage: Coverage) -> Iterator[str]:
    missing = [(shop, gaps(shop)) for shop in coverage.shops]
    if not any(found for _, found in missing):
        yield "Nothing is to be backfilled."
        return
    yield "To backfill, newest first:"
    for shop, found in missing:
        if not found:
            continue
        yield from ("", f"**{plain(shop.name or shop.shop_id)}**", "", "```sh")
        for gap in found[:_SHOWN]:
            yield f"# {_told(gap, shop)}"
            yield gap.command(coverage.stream)
        yield "```"
        if len(found) > _SHOWN:
            left = sum(gap.days for gap in found[_SHOWN:])
            yield from ("", f"and {len(found) - _SHOWN} older gaps, {left} days.")


def _told(gap: Gap, shop: ShopCoverage) -> str:
    """A gap in words, with what the ledger says of its newest day."""
    note = shop.notes.get(gap.last)
    days = "1 day" if gap.days == 1 else f"{gap.days} days"
    why = f"open: {note}" if note else "missing"
    return f"{gap.keys[0]}, {days}, {why}"
