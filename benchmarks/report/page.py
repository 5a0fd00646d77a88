"""The results as a page for people."""

from rows import Results, Table, number
from shown import cell, plain, size, table

LINES = {
    "texts": "by name",
    "handles": "by handle",
    "view": "by name, through a view",
    "mixed": "by name, every context in turn",
}
BATCHES = {
    "units": "1,000 units of one use case",
    "use-cases": "one unit on 20 use cases",
}
LEVELS = {
    "instructions": "instructions",
    "beyond-L1": "beyond L1",
    "beyond-L2": "beyond L2",
    "beyond-L3": "beyond L3",
}
CUSTOM = {
    "machine", "resolve", "touched", "batch", "threads", "floor", "count", "parts", "chase",
    "cache",
    "latency", "store", "large.document", "large.resolve", "took",
}  # fmt: skip


def times(results: Results) -> list[str]:
    """Engine beside baseline, one by one."""
    body = []
    for key, row in results["resolve"].rows.items():
        scenario, use_cases, line = key.split("/")
        kind = {"texts": "", "handles": "-handles", "mixed": "-mixed"}.get(line)
        counted: list[str] = ["", ""]
        if use_cases == "100":
            ours = "view" if line == "view" else f"engine{kind}"
            theirs = "baseline" if line == "view" else f"baseline{kind}"
            counted = [
                cell(number(results, "count", f"{scenario}/100/{name}", "instructions"))
                for name in (ours, theirs)
            ]
        body.append(
            [
                scenario,
                size(use_cases),
                LINES.get(line, line),
                f"{cell(row['engine_ns'])} ({cell(row['engine_median_ns'])})",
                f"{cell(row['baseline_ns'])} ({cell(row['baseline_median_ns'])})",
                cell(row["ratio"]),
                cell(row["ratio_median"]),
                *counted,
            ]
        )
    head = ["routing", "use cases", "", "engine ns", "C baseline ns", "ratio", "median ratio"]
    return table([*head, "instructions", "baseline's"], body)


def batches(results: Results) -> list[str]:
    """Batches beside the same one by one."""
    body = []
    for key, row in results["batch"].rows.items():
        scenario, use_cases, line = key.split("/")
        body.append(
            [scenario, size(use_cases), BATCHES.get(line, line)]
            + [cell(row[c]) for c in ("engine_ns", "single_ns", "baseline_ns", "ratio")]
        )
    head = ["routing", "use cases", "in one call", "engine ns each", "engine one by one"]
    return table([*head, "C baseline one by one", "ratio"], body)


def threads(results: Results) -> list[str]:
    """Two threads beside one."""
    body = []
    for key, row in results["threads"].rows.items():
        scenario, use_cases, _ = key.split("/")
        one = number(results, "resolve", f"{scenario}/{use_cases}/texts", "engine_ns")
        body.append(
            [scenario, size(use_cases), cell(one)]
            + [cell(row[c]) for c in ("engine_ns", "baseline_ns", "ratio")]
        )
    head = ["routing", "use cases", "engine ns, one thread", "two threads, the slower"]
    return table([*head, "C baseline, two threads", "ratio"], body)


def parts(results: Results) -> list[str]:
    """Where instructions and misses go."""
    wanted = results["parts"]
    lines: list[str] = []
    groups: dict[str, dict[str, dict[str, object]]] = {}
    for key, row in wanted.rows.items():
        scenario, use_cases, who, what = key.split("/")
        groups.setdefault(f"{scenario}/{use_cases}", {})[f"{who}/{what}"] = dict(row)
    names = [c for c in wanted.columns() if c != "total"]
    for group, of_group in groups.items():
        scenario, use_cases = group.split("/")
        lines += [f"### {scenario}, {size(use_cases)} use cases", ""]
        body = []
        for who in ("engine", "baseline"):
            for what, words in LEVELS.items():
                row = of_group.get(f"{who}/{what}")
                if row is None or (what == "instructions" and use_cases != "100"):
                    continue
                shown = [cell(row.get(n)) if row.get(n) else "" for n in names]  # type: ignore[arg-type]
                body.append([f"{who}, {words}", cell(row["total"]), *shown])  # type: ignore[arg-type]
        lines += [*table(["a resolve", "all", *names], body), ""]
    return lines


def bound(results: Results) -> list[str]:
    """Misses times latency beside what was measured."""
    waits = [number(results, "chase", level, "load_ns") for level in ("L2", "L3", "DRAM")]
    if "parts" not in results or None in waits:
        return []
    body = []
    for key in results["resolve"].rows:
        scenario, use_cases, line = key.split("/")
        if line != "texts":
            continue
        for who in ("engine", "baseline"):
            where = f"{scenario}/{use_cases}/{who}"
            beyond = [
                number(results, "parts", f"{where}/beyond-{level}", "total")
                for level in ("L1", "L2", "L3")
            ]
            hot = number(results, "resolve", f"{scenario}/100/texts", f"{who}_ns")
            took = number(results, "resolve", key, f"{who}_ns")
            if None in beyond or hot is None or took is None:
                continue
            one, two, three = (n or 0.0 for n in beyond)
            served = [one - two, two - three, three]
            if_waited = sum(n * (w or 0.0) for n, w in zip(served, waits, strict=True))
            body.append(
                [
                    scenario,
                    size(use_cases),
                    who,
                    *(plain(round(n, 2)) for n in served),
                    plain(round(if_waited, 1)),
                    cell(took),
                    plain(round(took - hot, 1)),
                ]
            )
    head = ["routing", "use cases", "", "lines from L2", "from L3", "from DRAM"]
    return table([*head, "if each waited, ns", "measured ns", "above 100 use cases"], body)


def latencies(results: Results) -> list[str]:
    """Percentiles of single resolves."""
    columns = ["p50_ns", "p90_ns", "p99_ns", "p99.9_ns", "p99.99_ns", "max_ns"]
    body = []
    for key, row in results["latency"].rows.items():
        scenario, use_cases, who = key.split("/")
        body.append([scenario, size(use_cases), who, *(cell(row.get(c)) for c in columns)])
    return table(["routing", "use cases", "", *(c.removesuffix("_ns") for c in columns)], body)


def generic(of_suite: Table) -> list[str]:
    """A table of another suite as it is."""
    columns = of_suite.columns()
    body = [[key, *(cell(row.get(c)) for c in columns)] for key, row in of_suite.rows.items()]
    return table(["", *(c.replace("_", " ") for c in columns)], body)


def machine(results: Results) -> list[str]:
    """What it was measured on."""
    return [f"- {key}: {row['text']}" for key, row in results["machine"].rows.items()]


def of_suite(results: Results, date: str, words: str) -> str:
    """A page of a suite that is run by itself."""
    lines = [f"# {words}: benchmarks of {date}", "", *machine(results), ""]
    for name in results:
        _, _, rest = name.partition(".")
        if rest:
            head = rest.replace("_", " ").capitalize()
            lines += [f"## {head}", "", results[name].title, "", *generic(results[name]), ""]
    if "took" in results:
        lines += ["## How long the run took", "", *generic(results["took"])]
    return "\n".join(lines).rstrip() + "\n"


def page(results: Results, date: str) -> str:
    """All of it."""
    lines = [f"# Benchmarks of {date}", "", *machine(results), ""]
    lines += [
        "Routings: **simple** has three rules of two conditions over two attributes, then a split. "
        "**full** has five rules of two conditions over four attributes, among them an experiment "
        "of three cells in a layer and a split, and a sampled shadow. Unless said otherwise every "
        "condition is tested, and what stands last decides. All texts and lists are copied out, by "
        "engine and baseline alike; the run ends if any of their decisions differ. Times are the "
        "least, and in parentheses the median, of rounds taken in turn; ratios travel, absolute "
        "figures do not. How to make each: [benchmarks/README.md](../README.md).",
        "",
    ]

    def section(head: str, name: str, body: list[str], words: str = "") -> None:
        if name in results and body:
            lines.extend([f"## {head}", "", *([words, ""] if words else []), *body, ""])

    section("Resolve through the C API", "resolve", times(results) if "resolve" in results else [])
    floor = number(results, "floor", "simple/100/abi", "engine_ns")
    if floor is not None:
        lines += [f"An empty call (`turnout_abi_version`) takes {plain(floor)} ns.", ""]
    section("Many at once", "batch", batches(results) if "batch" in results else [])
    section("Two threads", "threads", threads(results) if "threads" in results else [])
    section(
        "Use cases that are asked for",
        "touched",
        generic(results["touched"]) if "touched" in results else [],
        "By name, of a table of the largest size.",
    )
    section(
        "Single resolves",
        "latency",
        latencies(results) if "latency" in results else [],
        "Nanoseconds, by HdrHistogram. Each has the reading of the clock in it, which `timer` "
        "shows alone; what stands far out is the machine's.",
    )
    section(
        "Where the rest goes",
        "parts",
        parts(results) if "parts" in results else [],
        "By callgrind: instructions, and loads and stores of lines that were not in a cache of "
        "that size, a resolve. It knows no prefetching.",
    )
    section(
        "Misses times latency",
        "chase",
        [*(generic(results["chase"]) if "chase" in results else []), "", *bound(results)],
        "What a load takes that waits for the one before it, measured in this run, and what the "
        "lines of the simulation would take if each waited so. Where less was measured, loads "
        "overlap.",
    )
    for name, head in (
        ("store", "Compile and publish"),
        ("large.document", "One large thing: its document"),
        ("large.resolve", "One large thing: a resolve that meets it"),
    ):
        section(head, name, generic(results[name]) if name in results else [])
    suites = {"field": "The field", "growth": "Growth", "processes": "Processes and threads"}
    rest_of = [name for name in results if name not in CUSTOM]
    for name in sorted(rest_of, key=lambda n: [*suites, n.split(".")[0]].index(n.split(".")[0])):
        suite, _, rest = name.partition(".")
        head = f"{suites.get(suite, suite)}: {rest.replace('_', ' ')}"
        section(head, name, generic(results[name]), results[name].title)
    section("How long the run took", "took", generic(results["took"]) if "took" in results else [])
    return "\n".join(lines).rstrip() + "\n"
