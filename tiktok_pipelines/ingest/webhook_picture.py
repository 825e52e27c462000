"""The comparison of polling and webhooks as a picture: SVG, a bar for each day."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from tiktok_pipelines.ingest.webhook_compare import Comparison

_ANNOUNCED, _MISSED, _IDLE = "#2e9e5b", "#d63d3d", "#f2b134"
_LEGEND = (
    (_ANNOUNCED, "changes that an event announced"),
    (_MISSED, "changes that polling alone found"),
    (_IDLE, "events for nothing"),
)
_INK, _FAINT = "#1f2937", "#6b7280"
_FONT = "font-family='Geist,Inter,Helvetica,Arial,sans-serif'"
_LEFT, _TOP, _HEIGHT, _WIDTH = 56, 48, 160, 900
_BOTTOM = _TOP + _HEIGHT


@dataclass(slots=True)
class _Day:
    announced: int = 0
    missed: int = 0
    idle: int = 0
    delay_s: float = 0.0

    @property
    def total(self) -> int:
        return self.announced + self.missed + self.idle


def draw(rows: Sequence[Comparison]) -> str:
    """All shops and subjects together: bars of counts, a dot for the delay at 95 %."""
    days = _by_day(rows)
    most = max((day.total for day in days.values()), default=0) or 1
    slowest = max((day.delay_s for day in days.values()), default=0.0) or 1.0
    width = _LEFT + _WIDTH + 60
    size = f"width='{width}' height='{_BOTTOM + 76}'"
    opening = (
        f"<svg xmlns='http://www.w3.org/2000/svg' {size} {_FONT} font-size='12'"
        f" fill='{_INK}'><rect {size} rx='8' fill='#fff'/>"
    )
    parts = [
        opening,
        _text(12, 24, "Webhooks and polling, by day of the change", bold=True),
        _text(_LEFT - 8, _TOP + 8, f"{most:,}", anchor="end"),
        _text(_LEFT + _WIDTH + 6, _TOP + 8, f"{slowest:,.0f} s"),
        f"<path stroke='#cbd5e1' d='M{_LEFT} {_BOTTOM}h{_WIDTH}'/>",
    ]
    step = _WIDTH / max(len(days), 1)
    for place, (name, day) in enumerate(sorted(days.items())):
        left = _LEFT + place * step
        parts += _bar(left, min(step * 0.8, 60), day, most)
        y = _BOTTOM - _HEIGHT * day.delay_s / slowest
        parts.append(f"<circle cx='{left + step * 0.4:.1f}' cy='{y:.1f}' r='3'/>")
        if place % max(1, len(days) // 12) == 0:
            parts.append(_text(left, _BOTTOM + 18, f"{name:%m-%d}"))
    return "".join([*parts, *_legend(), "</svg>"])


def _by_day(rows: Sequence[Comparison]) -> dict[date, _Day]:
    days: dict[date, _Day] = {}
    for row in rows:
        day = days.setdefault(row.day, _Day())
        day.announced += row.announced
        day.missed += row.unannounced
        day.idle += row.for_nothing
        day.delay_s = max(day.delay_s, float(row.delay_p95_s or 0))
    return days


def _bar(left: float, width: float, day: _Day, most: int) -> Iterator[str]:
    top = float(_BOTTOM)
    pieces = (
        (day.announced, _ANNOUNCED),
        (day.missed, _MISSED),
        (day.idle, _IDLE),
    )
    for count, colour in pieces:
        if count:
            height = _HEIGHT * count / most
            top -= height
            box = f"x='{left:.1f}' y='{top:.1f}' width='{width:.1f}'"
            yield f"<rect {box} height='{height:.1f}' fill='{colour}'/>"


def _legend() -> Iterator[str]:
    x, y = _LEFT, _BOTTOM + 48
    for colour, words in _LEGEND:
        yield f"<rect x='{x}' y='{y - 10}' width='12' height='12' fill='{colour}'/>"
        yield _text(x + 18, y, words)
        x += 40 + 6 * len(words)
    yield f"<circle cx='{x + 6}' cy='{y - 4}' r='3'/>"
    yield _text(x + 18, y, "delay of 95 in 100")


def _text(
    x: float, y: float, words: str, *, bold: bool = False, anchor: str = "start"
) -> str:
    weight = " font-size='15' font-weight='600'" if bold else f" fill='{_FAINT}'"
    place = f"x='{x:.0f}' y='{y:.0f}' text-anchor='{anchor}'"
    return f"<text {place}{weight}>{words}</text>"
