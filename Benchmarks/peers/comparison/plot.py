"""The plot: rows a second on a logarithmic axis, bytes a row, readable in light and dark."""

from html import escape
import math

from .results import CaseResult, cases
from .table import millions

WIDTH, ROW, TOP = 960, 26, 64
# Where labels end, and where each axis begins and ends.
LABELS, RATE, BYTES = 290, (310, 640), (730, 890)

STYLE = """
    .background { fill: #ffffff } text { fill: #1f2328; font: 13px Helvetica, Arial, sans-serif }
    .muted { fill: #59636e } .head { font-weight: bold } .grid { stroke: #d1d9e0 }
    .spillway { fill: #d1491b; stroke: #d1491b } .exact { fill: #0969da; stroke: #0969da }
    .other { fill: #818b98; stroke: #818b98 } .strong { font-weight: bold }
    @media (prefers-color-scheme: dark) {
      .background { fill: #0d1117 } text { fill: #f0f6fc }
      .muted { fill: #9198a1 } .grid { stroke: #3d444d }
      .spillway { fill: #ff8352; stroke: #ff8352 } .exact { fill: #58a6ff; stroke: #58a6ff }
      .other { fill: #9198a1; stroke: #9198a1 }
    }"""


def svg(document: dict) -> str:
    results = [result for result in cases(document) if result.measured]
    results.sort(key=lambda result: -result.rows_per_second.median)
    bottom = TOP + ROW * len(results)
    rate, size = RateAxis(results), BytesAxis(results)
    parts = [*rate.drawn(bottom), *size.drawn(bottom)]
    for index, result in enumerate(results):
        parts += drawn(result, TOP + ROW * index + ROW / 2, rate, size)
    parts += legend(bottom + 46)
    height = bottom + 62
    body = "\n  ".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">\n'
        f"  <title>Spillway and its peers: rows a second, bytes a row</title>\n  <style>{STYLE}\n  </style>\n"
        f'  <rect class="background" width="{WIDTH}" height="{height}"/>\n  {body}\n</svg>\n'
    )


class RateAxis:
    """Millions of rows a second, a power of ten at each line."""

    def __init__(self, results: list[CaseResult]):
        rates = [result.rows_per_second for result in results]
        least = min((rate.least for rate in rates), default=1e6)
        greatest = max((rate.greatest for rate in rates), default=1e6)
        self.first, self.last = math.floor(math.log10(least)), math.ceil(math.log10(greatest))
        if self.first == self.last:
            self.last += 1

    def x(self, rate: float) -> float:
        share = (math.log10(rate) - self.first) / (self.last - self.first)
        return RATE[0] + (RATE[1] - RATE[0]) * share

    def drawn(self, bottom: float) -> list[str]:
        parts = [text(RATE[0], 22, "million rows a second: median and range, logarithmic", "head")]
        for power in range(self.first, self.last + 1):
            x = self.x(10**power)
            parts += [
                line(x, TOP - 6, x, bottom, "grid"),
                text(x, TOP - 12, f"{10 ** (power - 6):g}", "muted", "middle"),
            ]
        return parts


class BytesAxis:
    """From zero: lengths may be compared."""

    def __init__(self, results: list[CaseResult]):
        self.greatest = max((result.bytes_per_row for result in results), default=1)

    def x(self, size: float) -> float:
        return BYTES[0] + (BYTES[1] - BYTES[0]) * size / self.greatest

    def drawn(self, bottom: float) -> list[str]:
        return [
            text(BYTES[0], 22, "bytes a row on disk", "head"),
            line(BYTES[0], TOP - 6, BYTES[0], bottom, "grid"),
        ]


def drawn(result: CaseResult, y: float, rate: RateAxis, size: BytesAxis) -> list[str]:
    kind = kind_of(result)
    strong = "strong" if kind == "spillway" else ""
    speed = result.rows_per_second
    baseline = y + 4.5
    return [
        text(LABELS, baseline, result.title.replace("*", "").replace("`", ""), strong, "end"),
        line(rate.x(speed.least), y, rate.x(speed.greatest), y, kind, 2),
        f'<circle class="{kind}" cx="{rate.x(speed.median):.1f}" cy="{y}" r="5"/>',
        *value(rate.x(speed.greatest) + 12, baseline, millions(speed.median), strong),
        f'<rect class="{kind}" x="{BYTES[0]}" y="{y - 7}" width="{size.x(result.bytes_per_row) - BYTES[0]:.1f}" '
        f'height="14"/>',
        *value(size.x(result.bytes_per_row) + 8, baseline, f"{result.bytes_per_row:.1f}", strong),
    ]


def kind_of(result: CaseResult) -> str:
    if result.name == "spillway":
        return "spillway"
    return "exact" if result.dedup == "exact" else "other"


def legend(y: float) -> list[str]:
    entries = (
        ("spillway", "Spillway: exact, durable per batch"),
        ("exact", "exact deduplication"),
        ("other", "none, later, or only within the run"),
    )
    parts, x = [], 60
    for kind, label in entries:
        parts += [f'<circle class="{kind}" cx="{x}" cy="{y - 4.5}" r="5"/>', text(x + 12, y, label, "muted")]
        x += 290 if kind == "spillway" else 230
    return parts


def value(x: float, y: float, content: str, kind: str) -> list[str]:
    """With ground of its own, so that no line of the grid runs through it."""
    ground = f'<rect class="background" x="{x - 3:.1f}" y="{y - 12:.1f}" width="{8 * len(content) + 6}" height="15"/>'
    return [ground, text(x, y, content, kind)]


def text(x: float, y: float, content: str, kind: str = "", anchor: str = "start") -> str:
    return f'<text class="{kind.strip()}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(content)}</text>'


def line(x1: float, y1: float, x2: float, y2: float, kind: str, width: float = 1) -> str:
    return f'<path class="{kind}" d="M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}" stroke-width="{width}"/>'
