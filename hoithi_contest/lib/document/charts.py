"""Charts of the summary report, as PNG pictures for Word and PDF. No database.

Their titles stand below them in the report, and in the pictures only as what is told of
the file.

Figures are drawn on a canvas of their own, not through `pyplot`, which keeps every
figure for the life of the process; each is freed when its picture is there.
"""

import functools
import textwrap
from collections.abc import Sequence
from datetime import date
from io import BytesIO
from threading import Lock

import matplotlib
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager
from matplotlib.ticker import FuncFormatter, MaxNLocator

from . import nd30

#: The document's font or the one with its measures, else what comes with matplotlib and
#: has every letter of Vietnamese, whatever the server lacks.
FONTS = ("Times New Roman", "Liberation Serif", "DejaVu Sans")
WIDTH = 6.3  # inches, the text width of the decree's page
DPI = 150
COLOR = "#2f6f9f"
SECOND_COLOR = "#e08e2b"
#: Longer names of units, on two lines, would leave no room for the bars.
LABEL_LENGTH = 32

_STYLE = {
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
}
#: Text layout of matplotlib isn't made for several threads at once.
_lock = Lock()


def draw_bars(title: str, rows: Sequence[tuple[str, float]], unit: str = "") -> bytes:
    """Return horizontal bars, one a row, with their values.

    :param rows: name and value, the first on top
    :param unit: printed after each value, as “%”
    """
    with _lock, matplotlib.rc_context(_get_style()):
        figure, axes = _start(height=0.9 + 0.38 * max(len(rows), 1))
        labels = [_shorten(label) for label, _value in rows]
        values = [value for _label, value in rows]
        bars = axes.barh(range(len(rows)), values, color=COLOR, height=0.62)
        axes.set_yticks(range(len(rows)), labels)
        axes.invert_yaxis()
        axes.bar_label(bars, [f"{_number(value)}{unit}" for value in values], padding=3)
        axes.margins(x=0.12)
        axes.set_xlim(left=0)
        if not any(values):
            axes.set_xlim(0, 1)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=6))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda v, _pos: _number(v)))
        axes.grid(axis="x", color="#dddddd", linewidth=0.6)
        axes.set_axisbelow(True)
        return _finish(figure, title)


def draw_timeline(
    title: str, points: Sequence[tuple[date, int]], period_label: str, total_label: str
) -> bytes:
    """Return columns for each period with the sum up to it as a line.

    :param points: first day of a period and the number in it, oldest first
    :param period_label: legend of the columns
    :param total_label: legend of the line
    """
    with _lock, matplotlib.rc_context(_get_style()):
        figure, axes = _start(height=2.6)
        places = range(len(points))
        counts = [count for _day, count in points]
        totals, total = [], 0
        for count in counts:
            total += count
            totals.append(total)
        axes.bar(places, counts, color=COLOR, width=0.6, label=period_label)
        axes.plot(
            places,
            totals,
            color=SECOND_COLOR,
            marker="o",
            markersize=3.5,
            linewidth=1.6,
            label=total_label,
        )
        for place, total in zip(places, totals, strict=True):
            axes.annotate(
                _number(total),
                (place, total),
                textcoords="offset points",
                xytext=(0, 5),
                ha="center",
                fontsize=8,
            )
        step = max(1, -(-len(points) // 12))
        axes.set_xticks(
            list(places)[::step],
            [f"{day:%m/%Y}" for day, _count in points][::step],
            fontsize=8,
        )
        axes.set_ylim(0, max(totals, default=0) * 1.18 or 1)
        axes.yaxis.set_major_locator(MaxNLocator(integer=True, nbins=6))
        axes.grid(axis="y", color="#dddddd", linewidth=0.6)
        axes.set_axisbelow(True)
        axes.legend(frameon=False, fontsize=8, loc="upper left")
        return _finish(figure, title)


def draw_distribution(
    title: str,
    values: Sequence[float],
    highest: float,
    x_label: str,
    y_label: str,
    mark: tuple[str, float] | None = None,
) -> bytes:
    """Return how often scores fall into each tenth of the scale.

    :param highest: end of the scale
    :param mark: name and value of a line across, as the pass mark
    """
    with _lock, matplotlib.rc_context(_get_style()):
        figure, axes = _start(height=2.6)
        width = highest / 10 or 1
        counts = [0] * 10
        for value in values:
            counts[min(max(int(value / width), 0), 9)] += 1
        edges = [index * width for index in range(10)]
        bars = axes.bar(edges, counts, width=width * 0.92, align="edge", color=COLOR)
        axes.bar_label(bars, [str(count) if count else "" for count in counts])
        axes.set_xticks([*edges, 10 * width])
        axes.xaxis.set_major_formatter(FuncFormatter(lambda v, _pos: _number(v)))
        axes.yaxis.set_major_locator(MaxNLocator(integer=True, nbins=6))
        # room for the legend above the columns
        axes.set_ylim(0, max(counts) * 1.4 or 1)
        axes.set_xlabel(x_label)
        axes.set_ylabel(y_label)
        if mark:
            name, value = mark
            axes.axvline(value, color=SECOND_COLOR, linewidth=1.4, label=name)
            axes.legend(frameon=False, fontsize=8, loc="upper left")
        axes.grid(axis="y", color="#dddddd", linewidth=0.6)
        axes.set_axisbelow(True)
        return _finish(figure, title)


@functools.cache
def _get_font() -> str:
    known = {font.name for font in fontManager.ttflist}
    return next((name for name in FONTS if name in known), FONTS[-1])


def _get_style() -> dict:
    return {**_STYLE, "font.family": _get_font()}


def _start(height: float):
    figure = Figure(figsize=(WIDTH, height), dpi=DPI, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    return figure, axes


def _finish(figure: Figure, title: str) -> bytes:
    buffer = BytesIO()
    # without the software's name and version the same data give the same bytes
    figure.savefig(buffer, format="png", metadata={"Software": None, "Title": title})
    figure.clear()
    return buffer.getvalue()


def _number(value: float) -> str:
    return nd30.decimal(round(float(value), 2))


def _shorten(label: str) -> str:
    """Return a label on at most two lines."""
    return "\n".join(textwrap.wrap(label, LABEL_LENGTH, max_lines=2, placeholder="…"))
