"""The grid of shop by day as a picture: SVG, small whatever the number of days."""

from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from html import escape
from itertools import groupby

from tiktok_pipelines.ingest.coverage import Coverage, ShopCoverage, State

COLOURS = {
    State.CLOSED: "#2e9e5b",
    State.SYNCED: "#9ad7b2",
    State.EXPLAINED: "#f2b134",
    State.LATE: "#f2b134",
    State.LOADING: "#f2b134",
    State.OPEN: "#d63d3d",
    State.MISSING: "#d63d3d",
    State.NOT_ASKED: "#e7eaee",
}
LEGEND = (
    (State.CLOSED, "closed: counted, all there"),
    (State.SYNCED, "synced: all there by its changes, not counted by day"),
    (State.LATE, "late, being loaded, or a difference is explained"),
    (State.MISSING, "missing or open: backfill it"),
    (State.NOT_ASKED, "not asked for"),
)
_INK, _FAINT = "#1f2937", "#6b7280"
_FONT = "font-family='Geist,Inter,Helvetica,Arial,sans-serif'"
_LABELS, _GRID, _PERCENT = 210, 910, 60
_TOP, _ROW, _CELL = 66, 22, 16
_WIDEST, _SEPARABLE = 12.0, 5.0


@dataclass(frozen=True, slots=True)
class _Canvas:
    """Where days and rows lie: ``step`` is the width of a day."""

    days: Sequence[date]
    step: float

    def x(self, index: int) -> float:
        return _LABELS + index * self.step

    @property
    def right(self) -> float:
        return self.x(len(self.days))


@dataclass(frozen=True, slots=True)
class _Line:
    """A row of the picture: a shop, or the name of the subject of those below it."""

    shop: ShopCoverage | None
    title: str = ""


def draw(coverage: Coverage, *, last_days: int | None = None) -> str:
    """Draw all days, or the newest ones, a row for each shop.

    Days of one state that follow each other are one shape: years of green cost
    no more than a week.
    """
    days = coverage.days[-last_days:] if last_days else coverage.days
    title = f"{coverage.stream}: {coverage.complete_pct} % complete"
    lines = [_Line(shop) for shop in coverage.shops]
    return _drawn(_heading(title, coverage.as_of, days), days, lines)


def draw_subjects(coverages: Sequence[Coverage], *, last_days: int) -> str:
    """Draw the newest days of several subjects, each under its name.

    A shop that is shown since later has no cells before.
    """
    all_days = max((each.days for each in coverages), key=len)
    days = all_days[-last_days:]
    lines: list[_Line] = []
    for each in coverages:
        named = each.stream.replace("_", " ").capitalize()
        lines.append(_Line(None, f"{named}: {each.complete_pct} %"))
        lines += [_Line(shop) for shop in each.shops]
    heading = _heading("What is pulled by windows", coverages[0].as_of, days)
    return _drawn(heading, days, lines)


def _drawn(heading: Iterable[str], days: Sequence[date], lines: Sequence[_Line]) -> str:
    canvas = _Canvas(days, min(_WIDEST, _GRID / max(len(days), 1)))
    height = _TOP + _ROW * len(lines) + 44
    width = _LABELS + _GRID + _PERCENT
    size = f"width='{width}' height='{height}'"
    opening = (
        f"<svg xmlns='http://www.w3.org/2000/svg' {size} {_FONT} font-size='12'"
        f" fill='{_INK}' viewBox='0 0 {width} {height}'>"
    )
    back = f"<rect {size} rx='8' fill='#fff'/>"
    parts = [opening, back, *heading, *_scale(canvas)]
    for number, line in enumerate(lines):
        top = _TOP + number * _ROW
        if line.shop is None:
            parts.append(_text(12, top + 12, line.title, font_weight=600))
        else:
            parts += _row(canvas, line.shop, top)
    parts += _separators(canvas, len(lines))
    parts += _legend(height - 20)
    return "".join([*parts, "</svg>"])


def glance(coverage: Coverage, *, last_days: int) -> str:
    """The newest days without a word, in a few hundred letters.

    A line per shop, in the order of ``draw``; two units high with the gap below.
    """
    days = coverage.days[-last_days:]
    lines: dict[str, str] = {}
    for row, shop in enumerate(coverage.shops):
        start = 0
        for colour, run in groupby(days, key=lambda day: COLOURS[shop.days[day]]):
            length = len(list(run))
            lines[colour] = lines.get(colour, "") + f"M{start} {2 * row + 1}h{length}"
            start += length
    size = f"{len(days)} {2 * len(coverage.shops)}"
    paths = "".join(f"<path stroke='{c}' d='{d}'/>" for c, d in lines.items())
    told = f"viewBox='0 0 {size}' width='{8 * len(days)}' stroke-width='1.6'"
    return f"<svg xmlns='http://www.w3.org/2000/svg' {told}>{paths}</svg>"


def data_uri(svg: str) -> str:
    """A picture as an address, which needs no server."""
    return "data:image/svg+xml;base64," + b64encode(svg.encode()).decode()


def _heading(title: str, as_of: datetime, days: Sequence[date]) -> Iterator[str]:
    span = f"{days[0]} to {days[-1]}" if days else "no shop is connected"
    yield _text(12, 24, title.capitalize(), font_size=15, font_weight=600)
    told = f"{span}, as of {as_of:%Y-%m-%d %H:%M} UTC"
    right = _LABELS + _GRID + _PERCENT - 12
    yield _text(right, 24, told, fill=_FAINT, text_anchor="end")


def _scale(canvas: _Canvas) -> Iterator[str]:
    """Months, and days of the month where there is room; years when there is none."""
    is_wide = canvas.step >= _SEPARABLE
    free_from, is_first = 0.0, True
    for index, day in enumerate(canvas.days):
        x = canvas.x(index)
        begins = day.day == 1 or (index == 0 and day.day < 22)
        if begins and x >= free_from:
            shown = f"{day:%b %Y}" if is_first or day.month == 1 else f"{day:%b}"
            yield _text(x, _TOP - 20, shown, fill=_FAINT)
            free_from, is_first = x + 8 * len(shown) + 8, False
        if is_wide and day.day in {1, 8, 15, 22}:
            yield _text(x, _TOP - 6, str(day.day), fill=_FAINT, font_size=9)


def _row(canvas: _Canvas, shop: ShopCoverage, top: int) -> Iterator[str]:
    name = f"{shop.region} {shop.name or shop.shop_id}".strip()
    yield _text(12, top + 12, name if len(name) <= 28 else name[:27] + "…")
    for state, path in _shapes(canvas, shop.days, top).items():
        yield f"<path fill='{COLOURS[state]}' d='{path}'/>"
    yield from _dots(canvas, shop.days, top)
    colour = _INK if shop.complete_pct == 100 else COLOURS[State.MISSING]
    told = f"{shop.complete_pct} %"
    yield _text(canvas.right + 10, top + 12, told, fill=colour)


def _shapes(
    canvas: _Canvas, states: Mapping[date, State], top: int
) -> Mapping[State, str]:
    """A path for each state: one rectangle for neighbours of the same state."""
    shapes: dict[State, str] = {}
    found = groupby(enumerate(canvas.days), key=lambda one: _state(states, one[1]))
    for state, run in found:
        indexes = [index for index, _ in run]
        x, width = canvas.x(indexes[0]), len(indexes) * canvas.step
        box = f"M{x:.1f} {top}h{width:.1f}v{_CELL}h-{width:.1f}z"
        shapes[state] = shapes.get(state, "") + box
    return shapes


def _state(states: Mapping[date, State], day: date) -> State:
    """Of a day before those that are shown, nobody asked."""
    return states.get(day, State.NOT_ASKED)


def _dots(canvas: _Canvas, states: Mapping[date, State], top: int) -> Iterator[str]:
    """A white dot on red, for those who do not see red."""
    if canvas.step < _SEPARABLE:
        return
    path = "".join(
        f"M{canvas.x(index) + canvas.step / 2 - 2:.1f} {top + 6}h3v4h-3z"
        for index, day in enumerate(canvas.days)
        if COLOURS[_state(states, day)] == COLOURS[State.MISSING]
    )
    if path:
        yield f"<path fill='#fff' d='{path}'/>"


def _separators(canvas: _Canvas, rows: int) -> Iterator[str]:
    """White lines between days, where they are wide enough to be told apart."""
    if canvas.step < _SEPARABLE:
        return
    lines = "".join(
        f"M{canvas.x(index):.1f} {_TOP}v{_ROW * rows}"
        for index in range(1, len(canvas.days))
    )
    yield f"<path stroke='#fff' d='{lines}'/>"


def _legend(y: int) -> Iterator[str]:
    x = 12
    for state, words in LEGEND:
        yield f"<path fill='{COLOURS[state]}' d='M{x} {y - 10}h12v12h-12z'/>"
        yield _text(x + 18, y, words, fill=_FAINT, font_size=11)
        x += 38 + round(len(words) * 5.5)


def _text(x: float, y: float, words: str, **style: object) -> str:
    """A text; what XML forbids is left out, or one shop's name would hide them all."""
    told = "".join(f" {name.replace('_', '-')}='{style[name]}'" for name in style)
    clean = "".join(letter for letter in words if letter.isprintable())
    return f"<text x='{x:.0f}' y='{y:.0f}'{told}>{escape(clean)}</text>"
