"""Plots uncached tiles as SVG: time by zoom, one panel per number of records."""

from __future__ import annotations

import math
from dataclasses import dataclass
from html import escape
from typing import Any

from setup import ZOOMS

INK, QUIET, GRID, PAPER = "#1B1F24", "#5B6570", "#E3E7EB", "#FFFFFF"


@dataclass(frozen=True)
class Series:
    key: str
    label: str
    colour: str
    dash: str
    place: str


# The colours of the map: detected, neutralised, and greys.
SERIES = (
    Series("table", "Martin, plain table", "#8A939C", "2 4", "above"),
    Series("function", "Martin + PostGIS function", "#D55E00", "", "above"),
    Series("stale", "Martin, precomputed cells", "#5B6570", "6 4", "over"),
    Series("clearline", "Clearline", "#0072B2", "", "below"),
)

WIDTH, HEIGHT = 980, 560
TOP, BOTTOM, LEFT, RIGHT, BETWEEN = 116, 474, 64, 24, 36
LEAST_MS, MOST_MS = 0.01, 100_000.0
TICKS = {
    0.01: "0.01 ms",
    0.1: "0.1 ms",
    1: "1 ms",
    10: "10 ms",
    100: "100 ms",
    1_000: "1 s",
    10_000: "10 s",
    100_000: "100 s",
}


def text(
    x: float, y: float, words: str, size: int = 13, colour: str = INK, anchor: str = "start", weight: int = 400
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{colour}" text-anchor="{anchor}"'
        f' font-weight="{weight}" paint-order="stroke" stroke="{PAPER}" stroke-width="4">{escape(words)}</text>'
    )


def line(x1: float, y1: float, x2: float, y2: float, colour: str, dash: str = "") -> str:
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}"{dashed}/>'


def height(ms: float) -> float:
    share = math.log10(ms / LEAST_MS) / math.log10(MOST_MS / LEAST_MS)
    return BOTTOM - share * (BOTTOM - TOP)


def ratio(row: dict[str, Any]) -> str:
    times = row["function"]["median_ms"] / row["clearline"]["median_ms"]
    if times < 10:
        return f"{times:.1f}×"
    digits = 1 - math.floor(math.log10(times))
    return f"{round(times, digits):,.0f}×"


def label_at(series: Series, points: list[tuple[float, float]]) -> tuple[float, float, str]:
    """The position of its label: beside the first point, or above all of them."""
    if series.place == "over":
        return points[len(points) // 2][0], min(y for _, y in points) - 12, "middle"
    x, y = points[0]
    return x - 6, y + (20 if series.place == "below" else -12), "start"


def panel(left: float, width: float, title: str, rows: dict[str, Any]) -> list[str]:
    def across(nth: int) -> float:
        return left + 28 + nth * (width - 56) / (len(ZOOMS) - 1)

    parts = [text(left, TOP - 20, title, 15, weight=600)]
    parts += [line(left, height(ms), left + width, height(ms), GRID) for ms in TICKS]
    for nth, zoom in enumerate(ZOOMS):
        parts.append(text(across(nth), BOTTOM + 20, str(zoom), colour=INK, anchor="middle"))
        parts.append(
            text(across(nth), BOTTOM + 58, ratio(rows[str(zoom)]), colour="#0072B2", anchor="middle", weight=600)
        )
    for series in SERIES:
        points = [
            (across(nth), height(rows[str(zoom)][series.key]["median_ms"]))
            for nth, zoom in enumerate(ZOOMS)
            if series.key in rows[str(zoom)]
        ]
        if not points:
            continue
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        dashed = f' stroke-dasharray="{series.dash}"' if series.dash else ""
        strong = 3 if series.key == "clearline" else 2
        parts.append(
            f'<polyline points="{path}" fill="none" stroke="{series.colour}" stroke-width="{strong}"'
            f' stroke-linejoin="round" stroke-linecap="round"{dashed}/>'
        )
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{strong + 0.5}" fill="{series.colour}"/>' for x, y in points]
        x, y, anchor = label_at(series, points)
        parts.append(text(x, y, series.label, colour=series.colour, anchor=anchor, weight=600))
    return parts


def draw(sizes: dict[str, dict[str, Any]]) -> str:
    """Draws the plot. `sizes` maps each title to rows by zoom, each with figures by series."""
    width = (WIDTH - LEFT - RIGHT - BETWEEN * (len(sizes) - 1)) / len(sizes)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
        " font-family=\"Inter, 'Noto Sans', 'DejaVu Sans', sans-serif\" role=\"img\""
        ' aria-label="Median time of a tile by zoom, Clearline and Martin with PostGIS, on a logarithmic scale">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{PAPER}"/>',
        text(LEFT, 32, "An uncached tile", 20, weight=600),
        text(
            LEFT,
            52,
            "Median time over HTTP, one client, full tiles of each zoom; logarithmic scale",
            13,
            QUIET,
        ),
    ]
    parts += [text(LEFT - 10, height(ms) + 4, label, 12, QUIET, "end") for ms, label in TICKS.items()]
    for nth, (title, rows) in enumerate(sizes.items()):
        left = LEFT + nth * (width + BETWEEN)
        parts += panel(left, width, title, rows)
        parts.append(text(left + width / 2, BOTTOM + 38, "zoom", 12, QUIET, "middle"))
        parts.append(text(left + width / 2, BOTTOM + 76, "times faster than the function", 12, QUIET, "middle"))
    return "\n".join([*parts, "</svg>"]) + "\n"
