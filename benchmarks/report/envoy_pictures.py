"""The pictures of what is measured in Envoy."""

from collections.abc import Callable

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter
from pictures import BASELINE, ENGINE, INK, THIRD, start
from rows import Results, Table
from shown import plain

WAYS = {
    "library": "straight, by the library",
    "directory": "straight, by the directory",
    "envoy": "through Envoy with Turnout",
    "gateway": "through a gateway that decodes",
}
SHAPES = {"packed": "plain numbers", "named": "numbers with names"}
CHOICES = {
    "static-headers": "constant headers",
    "weighted": "weighted_clusters",
    "specifier": "Turnout, cluster only",
    "specifier-all": "Turnout, everything",
    "filter": "filter, cluster only",
    "filter-all": "filter, everything",
    "routes-500": "1,000 routes, the 500th",
    "routes-1000": "1,000 routes, the last",
}
ANSWERED = "#8b6fc4"


def value(table: Table, key: str, column: str) -> float:
    """A number that is there."""
    found = table.rows[key][column]
    assert isinstance(found, float)
    return found


def latencies(axes: Axes, table: Table, keys: list[str]) -> None:
    """p50 as a bar, p99 as the end of a line."""
    for place, key in enumerate(keys):
        p50, p99 = value(table, key, "p50_ms"), value(table, key, "p99_ms")
        colour = BASELINE if key.startswith("gateway") else ENGINE
        axes.barh(place, p50, 0.62, color=colour)
        axes.plot([p50, p99], [place, place], color=colour, lw=1.4)
        axes.plot([p99, p99], [place - 0.16, place + 0.16], color=colour, lw=1.4)
        axes.text(p99, place, f" {plain(p50)} / {plain(p99)}", va="center", fontsize=8)


def cpu(axes: Axes, table: Table, keys: list[str]) -> None:
    """CPU of client, hop and model server, one after the other."""
    for place, key in enumerate(keys):
        left = 0.0
        for column, colour in (
            ("client_cpu_ms", THIRD),
            ("hop_cpu_ms", BASELINE if key.startswith("gateway") else ENGINE),
            ("upstream_cpu_ms", ANSWERED),
        ):
            wide = value(table, key, column)
            axes.barh(place, wide, 0.62, left=left, color=colour)
            left += wide
        hop = value(table, key, "hop_cpu_ms")
        # The median of the sums, as in the tables; the bar is of the medians.
        total = value(table, key, "total_cpu_ms")
        words = f" {plain(total)}" + (f", hop {plain(hop)}" if hop else "")
        axes.text(left, place, words, va="center", fontsize=8)


def hop(results: Results) -> Figure | None:
    """Operator against directory assistance."""
    table = results.get("envoy.hop")
    if not table:
        return None
    figure = Figure(figsize=(7.8, 4.2), layout="constrained")
    grid = figure.subplots(2, 2, sharey=True)
    figure.suptitle(
        "gRPC requests of 1 MB: operator and directory assistance", x=0.01, ha="left", fontsize=11
    )
    for (left, right), (shape, words) in zip(grid, SHAPES.items(), strict=True):
        keys = [f"{way} {shape}" for way in reversed(WAYS) if f"{way} {shape}" in table.rows]
        latencies(left, table, keys)
        cpu(right, table, keys)
        left.set_yticks(range(len(keys)), [WAYS[key.split()[0]] for key in keys])
        left.set_title(f"{words}: p50 and p99, ms", loc="left", fontsize=9)
        right.set_title("CPU a request, ms", loc="left", fontsize=9)
        for axes in (left, right):
            axes.grid(axis="y", visible=False)
            widest = max(part.get_x() + part.get_width() for part in axes.patches)
            ends = [line.get_xdata()[-1] for line in axes.lines]
            axes.set_xlim(0, 1.55 * max([widest, *(float(end) for end in ends)]))
    handles = [
        Patch(color=colour, label=words)
        for colour, words in (
            (THIRD, "client"), (ENGINE, "Envoy"), (BASELINE, "gateway"), (ANSWERED, "model server"),
        )
    ]  # fmt: skip
    figure.legend(handles=handles, loc="outside lower right", ncols=4, fontsize=8)
    return figure


def cost(results: Results) -> Figure | None:
    """What choosing a cluster adds to a request."""
    table = results.get("envoy.cost")
    if not table or "plain" not in table.rows:
        return None
    keys = [key for key in CHOICES if key in table.rows][::-1]
    figure, axes = start("CPU of Envoy a request, beside a plain route = 1", height=3.2)
    for place, key in enumerate(keys):
        ratio = value(table, key, "ratio")
        low, high = value(table, key, "low"), value(table, key, "high")
        colour = ENGINE if key.startswith(("specifier", "filter")) else BASELINE
        axes.barh(place, ratio - 1, 0.62, left=1, color=colour)
        axes.plot([low, high], [place, place], color=INK, lw=1.6)
        axes.text(max(ratio, high), place, f" {ratio:.2f}", va="center", fontsize=9)
    axes.set_yticks(range(len(keys)), [CHOICES[key] for key in keys])
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: plain(x)))
    axes.axvline(1, color=INK, lw=0.8)
    axes.set_xlabel("the line across a bar's end holds the ratio in 95 of 100 resamples")
    axes.grid(axis="y", visible=False)
    axes.margins(x=0.1)
    return figure


PICTURES: dict[str, Callable[[Results], Figure | None]] = {"envoy-cost": cost, "envoy-hop": hop}
