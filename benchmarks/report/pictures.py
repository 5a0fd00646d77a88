"""The results as pictures: SVG that reads on light and dark, equal for equal results."""

from collections.abc import Callable
from io import StringIO
from pathlib import Path

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator
from rows import Results, Table, number
from shown import plain, size

matplotlib.use("svg")

INK = "#7f8894"
FAINT = "#7f889455"
ENGINE, BASELINE, THIRD = "#3b82d6", "#d48a1f", "#3f9f6c"
matplotlib.rcParams.update(
    {
        "svg.fonttype": "none",
        "svg.hashsalt": "turnout",
        "font.family": "sans-serif",
        "font.sans-serif": ["DejaVu Sans", "sans-serif"],
        "font.size": 10,
        "text.color": INK,
        "axes.facecolor": "none",
        "axes.edgecolor": INK,
        "axes.labelcolor": INK,
        "axes.titlecolor": INK,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.grid": True,
        "axes.axisbelow": True,
        "grid.color": FAINT,
        "grid.linewidth": 0.6,
        "xtick.color": INK,
        "ytick.color": INK,
        "xtick.minor.bottom": False,
        "legend.frameon": False,
    }
)


PLAIN = FuncFormatter(lambda value, _: plain(value))


def start(title: str, width: float = 7.4, height: float = 3.8) -> tuple[Figure, Axes]:
    """A picture with its title at the left."""
    figure = Figure(figsize=(width, height), layout="constrained")
    axes = figure.add_subplot()
    axes.set_title(title, loc="left", fontsize=11)
    axes.yaxis.set_major_formatter(PLAIN)
    return figure, axes


def pair(title: str) -> tuple[Figure, tuple[Axes, Axes]]:
    """Two above one another that share their x."""
    figure = Figure(figsize=(7.4, 4.6), layout="constrained")
    above, below = figure.subplots(2, 1, sharex=True)
    above.set_title(title, loc="left", fontsize=11)
    for axes in (above, below):
        axes.yaxis.set_major_formatter(PLAIN)
    return figure, (above, below)


def save(figure: Figure, folder: Path, name: str, twin: Path | None) -> None:
    """Writes the SVG, and a PNG for who wants to look at it here."""
    nothing = {"Date": None, "Creator": None}
    drawn = StringIO()
    figure.savefig(drawn, format="svg", transparent=True, metadata=nothing)
    lines = [line.rstrip() for line in drawn.getvalue().splitlines()]
    (folder / f"{name}.svg").write_text("\n".join(lines) + "\n")
    if twin:
        figure.savefig(twin / f"{name}.png", facecolor="white", dpi=90)
        figure.savefig(twin / f"{name}-dark.png", facecolor="#0d1117", dpi=90)


def numbers(table: Table, column: str) -> list[float]:
    """A column that every row has, as numbers."""
    return [value for row in table.rows.values() if isinstance(value := row.get(column), float)]


def log_ticks(axes: Axes, axis: str, ticks: list[float]) -> None:
    """Numbers as people write them, on a scale of powers."""
    which = axes.xaxis if axis == "x" else axes.yaxis
    (axes.set_xscale if axis == "x" else axes.set_yscale)("log")
    which.set_minor_locator(NullLocator())
    which.set_major_locator(FixedLocator(ticks))
    which.set_major_formatter(PLAIN)


def engine_and_baseline(results: Results) -> Figure | None:
    """Bars of both, by routing and number of use cases."""
    if "resolve" not in results:
        return None
    keys = [key for key in results["resolve"].rows if key.endswith("/texts")]
    figure, axes = start("A resolve by name beside hand-written C of the same work, ns")
    for place, key in enumerate(keys):
        row = results["resolve"].rows[key]
        engine, baseline = row["engine_ns"], row["baseline_ns"]
        assert isinstance(engine, float) and isinstance(baseline, float)
        axes.bar(place - 0.2, engine, 0.38, color=ENGINE, label="Turnout" if not place else None)
        axes.bar(place + 0.2, baseline, 0.38, color=BASELINE, label="C" if not place else None)
        axes.text(
            place, max(engine, baseline), f"{engine / baseline:.2f}\u00d7", ha="center", va="bottom"
        )
    axes.set_xticks(
        range(len(keys)),
        [f"{key.split('/')[0]}\n{size(key.split('/')[1])}" for key in keys],
    )
    axes.set_xlabel("routing and use cases in the table, asked for at random")
    axes.grid(axis="x", visible=False)
    axes.legend(loc="upper left")
    return figure


def by_use_cases(results: Results) -> Figure | None:
    """The cost by how many use cases are asked for, and where their tables outgrow a cache."""
    if "touched" not in results:
        return None
    figure, axes = start("The cost of a resolve by the use cases that are asked for, ns")
    kinds = [
        ("full", "engine_ns", ENGINE, "-", "full"),
        ("full", "baseline_ns", BASELINE, "-", "full, C"),
        ("simple", "engine_ns", ENGINE, "--", "simple"),
        ("simple", "baseline_ns", BASELINE, "--", "simple, C"),
    ]
    largest, top = 0.0, 0.0
    for scenario, column, colour, line, words in kinds:
        points = [
            (float(key.split("/")[2]), row[column])
            for key, row in results["touched"].rows.items()
            if key.startswith(scenario + "/")
        ]
        if not points:
            continue
        axes.plot(*zip(*points, strict=True), line, color=colour, marker="o", ms=3.5, label=words)
        largest = max(largest, float(next(iter(results["touched"].rows)).split("/")[1]))
        top = max(top, *(float(y) for _, y in points))
    log_ticks(axes, "x", [10.0**i for i in range(2, 6)])
    axes.set_xlabel("use cases asked for, without a pattern")
    axes.set_ylim(0)
    bytes_each = number(results, "store", f"full/{int(largest)}", "table_bytes")
    for level in ("L2", "L3"):
        cache = number(results, "cache", level, "bytes")
        if cache and bytes_each and largest:
            holds = cache / (bytes_each / largest)
            axes.axvline(holds, color=INK, lw=0.8, ls=":")
            axes.annotate(
                f"tables of full\noutgrow {level}",
                (holds, 0.5 if level == "L2" else 0.04),
                xytext=(3, 0),
                xycoords=axes.get_xaxis_transform(),
                textcoords="offset points",
                fontsize=8,
            )
    axes.legend(loc="upper left", ncols=2)
    return figure


def parts(results: Results) -> Figure | None:
    """Instructions by part of a resolve."""
    rows = results["parts"].rows if "parts" in results else {}
    engine = rows.get("full/100/engine/instructions")
    baseline = rows.get("full/100/baseline/instructions")
    if not engine or not baseline:
        return None
    names = [name for name in engine if name != "total"]
    figure, axes = start("Instructions of a resolve by what they do, full", height=4.2)
    for offset, row, colour, words in (
        (0.2, engine, ENGINE, "Turnout"),
        (-0.2, baseline, BASELINE, "C"),
    ):
        places = [len(names) - 1 - i + offset for i in range(len(names))]
        axes.barh(places, [float(row.get(n, 0)) for n in names], 0.38, color=colour, label=words)
    axes.set_yticks(range(len(names)), names[::-1])
    axes.grid(axis="y", visible=False)
    axes.legend(loc="lower right")
    return figure


def fragmentation(results: Results) -> Figure | None:
    """What many publishes leave behind."""
    table = results.get("growth.fragmentation")
    if not table or not numbers(table, "intervals"):
        return None
    x = [float(key) for key in table.rows]
    figure, (above, below) = pair("Intervals of a split, and a resolve that draws from it")
    shades = [ENGINE, THIRD, BASELINE, INK]
    for column in (c for c in table.columns() if c.endswith("intervals")):
        kind = column.removesuffix("intervals").replace("_", " ").strip() or "10 arms"
        colour = shades[len(above.lines) % len(shades)]
        times = "resolve_ns" if column == "intervals" else column.replace("intervals", "ns")
        dash = ":" if kind == "worst" else "-"
        for axes, y in ((above, numbers(table, column)), (below, numbers(table, times))):
            if len(y) == len(x):
                axes.plot(x, y, dash, color=colour, marker="o", ms=3, label=kind)
    below.set_xlabel("publishes, each changing all weights at random")
    above.set_ylabel("intervals")
    below.set_ylabel("ns")
    below.set_ylim(0)
    log_ticks(above, "y", [10.0**i for i in range(1, 6)])
    above.legend(loc="best", fontsize=8, ncols=2)
    return figure


def publishing(results: Results) -> Figure | None:
    """Percentiles of a resolve while nothing happens and while revisions change."""
    table = results.get("processes.publish")
    columns = ["p50_ns", "p90_ns", "p99_ns", "p99.9_ns", "p99.99_ns", "max_ns"]
    if not table:
        return None
    figure, axes = start("A resolve while head moves as fast as it can, ns")
    colours = {"quiet": THIRD, "burning": BASELINE, "publishing": ENGINE}
    for key, row in table.rows.items():
        points = [(i, row[c]) for i, c in enumerate(columns) if c in row]
        if len(points) > 2:
            colour = colours.get(key, INK)
            axes.plot(*zip(*points, strict=True), color=colour, marker="o", ms=3.5, label=key)
    if not axes.lines:
        return None
    axes.set_yscale("log")
    axes.yaxis.set_major_formatter(PLAIN)
    axes.set_xticks(range(len(columns)), [c.removesuffix("_ns") for c in columns])
    axes.set_xlabel("percentile of single resolves, the clock's own time in it")
    axes.legend(loc="upper left")
    return figure


def field(results: Results) -> Figure | None:
    """Peers on a scale of powers."""
    table = results.get("field.evaluation")
    columns = (
        [c for c in table.columns() if c.endswith("_us") and "median" not in c] if table else []
    )
    if not table or not columns:
        return None
    column = columns[-1]
    bars = sorted((float(row[column]), key) for key, row in table.rows.items() if column in row)
    flags = f"{int(column.split('_')[0]):,}" if column[0].isdigit() else ""
    figure, axes = start(f"One evaluation, µs, {flags} flags", height=0.9 + 0.28 * len(bars))
    for place, (took, key) in enumerate(bars[::-1]):
        colour = ENGINE if key.startswith("turnout") else BASELINE
        if key.startswith(("a dict", "an empty")):
            colour = INK
        axes.barh(place, took, 0.7, color=colour)
        axes.text(took, place, f" {plain(took)}", va="center", fontsize=9)
    axes.set_yticks(range(len(bars)), [key for _, key in bars[::-1]])
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter(PLAIN)
    axes.margins(x=0.12)
    axes.grid(axis="y", visible=False)
    return figure


def starting(results: Results) -> Figure | None:
    """From nothing to the first answer, by the table's size."""
    tables = [t for name, t in results.items() if name.endswith(".start")]
    found = tables[0] if tables else None
    if not found or not numbers(found, "start_ms"):
        return None
    points = {
        key: (float(row["table_bytes"]) / 1e6, float(row["start_ms"]))
        for key, row in found.rows.items()
        if "table_bytes" in row and "start_ms" in row
    }
    figure, axes = start("From opening a store to the first answer, ms")
    if "wide" in points:
        wide = points.pop("wide")
        axes.plot(
            *wide, "s", color=BASELINE, ms=4, label="a table with many of every kind of thing"
        )
    line = zip(*sorted(points.values()), strict=True)
    axes.plot(*line, color=ENGINE, marker="o", ms=3.5, label="simple")
    axes.legend(loc="best", fontsize=8)
    axes.set_xlabel("table, MB")
    axes.set_xlim(0)
    axes.set_ylim(0)
    return figure


PICTURES: dict[str, Callable[[Results], Figure | None]] = {
    "engine-and-baseline": engine_and_baseline,
    "use-cases": by_use_cases,
    "parts": parts,
    "fragmentation": fragmentation,
    "publishing": publishing,
    "field": field,
    "start": starting,
}


def draw(
    results: Results,
    folder: Path,
    twin: Path | None,
    wanted: dict[str, Callable[[Results], Figure | None]],
) -> None:
    """The pictures of which there are results; others stay as they are."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, made in wanted.items():
        figure = made(results)
        if figure:
            save(figure, folder, name, twin)
