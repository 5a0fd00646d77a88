"""The pictures of what is measured in Envoy."""

from collections.abc import Callable

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter
from pictures import BASELINE, ENGINE, INK, THIRD, start
from rows import Results, Table
from shown import plain

WAYS = {
    "library": "straight, by the library",
    "directory": "straight, by the directory",
    "envoy": "by way of Envoy,\nTurnout in it",
    "gateway": "by way of a gateway\nthat decodes",
}
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
        colour = BASELINE if key == "gateway" else ENGINE
        axes.barh(place, p50, 0.56, color=colour)
        axes.plot([p50, p99], [place, place], color=colour, lw=1.4)
        axes.plot([p99, p99], [place - 0.16, place + 0.16], color=colour, lw=1.4)
        axes.text(p99, place, f" {plain(p50)} / {plain(p99)}", va="center", fontsize=9)
    axes.set_xlabel("latency, ms: p50, p99")


def cpu(axes: Axes, table: Table, keys: list[str]) -> None:
    """CPU of client, hop and upstream, one after the other."""
    for place, key in enumerate(keys):
        left = 0.0
        for column, colour, words in (
            ("client_cpu_ms", THIRD, "client"),
            ("hop_cpu_ms", BASELINE if key == "gateway" else ENGINE, None),
            ("upstream_cpu_ms", ANSWERED, "model server"),
        ):
            wide = value(table, key, column)
            label = words if not place else None
            axes.barh(place, wide, 0.56, left=left, color=colour, label=label)
            left += wide
        hop = value(table, key, "hop_cpu_ms")
        axes.text(left, place, f" {plain(left)}, hop {plain(hop)}", va="center", fontsize=9)
    axes.set_xlabel("CPU a request, ms")
    axes.legend(loc="lower right", fontsize=8)


def hop(results: Results) -> Figure | None:
    """Operator against directory assistance."""
    table = results.get("envoy.hop")
    if not table:
        return None
    keys = [key for key in reversed(WAYS) if key in table.rows]
    figure = Figure(figsize=(7.4, 2.9), layout="constrained")
    left, right = figure.subplots(1, 2, sharey=True)
    figure.suptitle(
        "gRPC requests of 1 MB: operator, and directory assistance", x=0.01, ha="left", fontsize=11
    )
    latencies(left, table, keys)
    cpu(right, table, keys)
    left.set_yticks(range(len(keys)), [WAYS[key] for key in keys])
    for axes in (left, right):
        axes.grid(axis="y", visible=False)
        axes.set_xlim(0)
        axes.margins(x=0.42)
        axes.autoscale_view()
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
