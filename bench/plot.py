"""Line charts as SVG, in two colours and little space; nothing to install."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

_WIDTH, _HEIGHT = 460, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 50, 40, 60, 45
_COLOURS = ("#1f6feb", "#d1571b", "#2da44e")


@dataclass(slots=True)
class Series:
    """A line: what was found at each place."""

    name: str
    points: list[tuple[float, float]] = field(default_factory=list[tuple[float, float]])

    def add(self, place: float, value: float) -> None:
        self.points.append((place, value))


@dataclass(frozen=True, slots=True)
class Chart:
    """Lines over a logarithmic axis; the other one begins at zero."""

    title: str
    across: str
    upwards: str
    series: Sequence[Series]

    @property
    def places(self) -> list[float]:
        return sorted({place for one in self.series for place, _ in one.points})

    @property
    def top(self) -> float:
        """A round number above all values."""
        most = max(value for one in self.series for _, value in one.points) or 1.0
        step = 10 ** math.floor(math.log10(most))
        return math.ceil(most / step) * step

    def x(self, place: float) -> float:
        low, high = math.log10(self.places[0]), math.log10(self.places[-1])
        share = (math.log10(place) - low) / (high - low) if high > low else 0.5
        return _LEFT + share * (_WIDTH - _LEFT - _RIGHT)

    def y(self, value: float) -> float:
        return _HEIGHT - _BOTTOM - value / self.top * (_HEIGHT - _TOP - _BOTTOM)


def write_charts(path: Path, charts: Sequence[Chart]) -> None:
    """Draw charts side by side into one file."""
    drawn = "".join(
        f'<g transform="translate({_WIDTH * number} 0)">{_draw(chart)}</g>\n'
        for number, chart in enumerate(charts)
    )
    size = f'width="{_WIDTH * len(charts)}" height="{_HEIGHT}"'
    style = "font:12px system-ui,sans-serif;fill:#333;background:#fff"
    path.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} style="{style}">\n'
        f'<rect width="100%" height="100%" fill="#fff"/>\n{drawn}</svg>\n'
    )


def _draw(chart: Chart) -> str:
    parts = [_text(_LEFT, 20, chart.title, "start", "font-weight:bold")]
    parts += [_grid_line(chart, chart.top * quarter / 4) for quarter in range(5)]
    parts += [
        _text(chart.x(place), _HEIGHT - _BOTTOM + 16, f"{place:,.0f}")
        for place in chart.places
    ]
    parts.append(_text((_LEFT + _WIDTH) / 2, _HEIGHT - 10, chart.across))
    parts.append(_text(_LEFT - 6, _TOP - 8, chart.upwards, "end"))
    for number, one in enumerate(chart.series):
        parts += _line(chart, one, number)
    return "\n".join(parts)


def _grid_line(chart: Chart, value: float) -> str:
    y = chart.y(value)
    line = f'<path d="M{_LEFT} {y:.1f}H{_WIDTH - _RIGHT}" stroke="#ddd"/>'
    return line + _text(_LEFT - 6, y + 4, f"{value:g}", "end")


def _line(chart: Chart, one: Series, number: int) -> list[str]:
    colour = _COLOURS[number % len(_COLOURS)]
    spots = [(chart.x(place), chart.y(value)) for place, value in one.points]
    path = "L".join(f"{x:.1f} {y:.1f}" for x, y in spots)
    name_at = _LEFT + number * 140
    return [
        f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2"/>',
        *(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>'
            for x, y in spots
        ),
        _text(name_at, 38, one.name, "start", f"fill:{colour}"),
    ]


def _text(
    x: float, y: float, content: str, anchor: str = "middle", style: str = ""
) -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
    return f'<text {place} style="{style}">{escape(content)}</text>'
