"""wide.py USE_CASES: writes a routing document with every kind of thing that a table can hold.

There are many of each: it is what a start has to check beside the plain rules of
`benchmarks/generate`.
"""

import sys
from collections.abc import Iterator

COUNTRIES = [a + b for a in "DFNPS" for b in "AEIO"]


def clusters(count: int) -> Iterator[str]:
    yield "clusters:"
    for c in range(count):
        if c % 2:
            yield f"  plain-{c:05}: {{ address: '10.{c >> 8 & 255}.{c & 255}.1:80' }}"
            continue
        yield f"  sharded-{c:05}:\n    when_down: {'siblings' if c % 4 else 'next'}\n    shards:"
        for s in range(6):
            address = f"10.{c >> 8 & 255}.{c & 255}.{s}:80"
            yield f"      s{s}: {{ address: '{address}', weight: {s + 1} }}"


def cluster(c: int, count: int) -> str:
    c %= count
    return f"{'plain' if c % 2 else 'sharded'}-{c:05}"


def models(count: int, clusters: int) -> Iterator[str]:
    yield "models:"
    for m in range(count):
        near = [cluster(m * 3 + i, clusters) for i in range(4)]
        yield f"  ranker-{m:05}:"
        yield f"    v1: {{ cluster: {near[0]}, config: {{ top_k: {m % 90}, depth: 3 }} }}"
        yield (
            f"    v2: {{ cluster: [{near[1]}, {near[2]}], otherwise: ranker-{m:05}@v1, "
            f"config: {{ top_k: {m}, deep: {{ a: [{m}, 2.5] }} }} }}"
        )
        yield f"    v3:\n      otherwise: ranker-{m:05}@v2\n      placement:"
        yield (
            f"        - {{ when: {{ country: {COUNTRIES[m % 20]} }}, "
            f"cluster: {{ split: {{ {near[0]}: 90, {near[1]}: 10 }}, then: [{near[2]}] }} }}"
        )
        yield f"        - {{ cluster: [{near[3]}, {near[0]}] }}"


def experiments(count: int, models: int) -> Iterator[str]:
    layers = (count + 9) // 10
    yield "layers:"
    for number in range(layers):
        yield f"  layer-{number:05}: {{}}"
    yield "holdouts:"
    yield "  all: { share: 1%, layers: all }"
    yield "  some: { share: 2%, layers: [layer-00000], traffic: [production, replay] }"
    yield "experiments:"
    for e in range(count):
        model = f"ranker-{e % models:05}"
        yield f"  experiment-{e:05}:\n    layer: layer-{e // 10:05}\n    share: 10%"
        yield (
            f"    when: {{ any: [ {{ segment: beta }}, {{ days: {{ '>=': {e % 40} }}, "
            f"version: {{ '>=': 1.{e % 30} }} }} ] }}"
        )
        yield f"    cells: {{ control: {{}}, a: {{ model: {model}@v2, config: {{ k: {e} }} }},"
        yield f"      b: {{ weight: 2, config: {{ k: {e + 1}, on: true }} }} }}"


def use_case(u: int, experiments: int, models: int) -> Iterator[str]:
    model = f"ranker-{u * 7 % models:05}"
    other = f"ranker-{(u * 11 + 1) % models:05}"
    first, second = u % experiments, (u * 13 + 5) % experiments
    used = [first] if first == second else [first, second]
    yield f"  UseCase{u:06}:"
    yield f"    config: {{ surface: s{u % 50}, limit: {u % 1000} }}\n    requires: [country]"
    yield "    overrides:"
    for unit in range(12):
        yield f"      tester_{u % 97}_{unit}: {model}@v{unit % 3 + 1}"
    for unit, cell in enumerate(["a", "b", "a"]):
        yield f"      cell_{u % 97}_{unit}: {{ experiment-{first:05}: {cell} }}"
    yield "    shadows:"
    yield f"      - {{ name: first, model: {other}@v1, sample: 5%,"
    yield f"          when: {{ country: {COUNTRIES[u % 20]} }} }}"
    yield f"      - {{ name: second, model: {other}@v2, by: request,"
    yield "          traffic: [production, replay] }"
    yield "    rules:"
    yield (
        f"      - {{ name: north, when: {{ segment: north, not: {{ kids: true }} }}, "
        f"route: {model}@v2, cluster: {{ split: {{ plain-00001: 1, sharded-00000: 1 }} }} }}"
    )
    for e in used:
        yield f"      - {{ experiment: experiment-{e:05} }}"
    routes = ", ".join(f"{country}: {model}@v{i % 3 + 1}" for i, country in enumerate(COUNTRIES))
    yield f"      - {{ name: partners, lookup: country, routes: {{ {routes} }} }}"
    yield (
        f"      - {{ when: {{ days: {{ in: [1, 2.5, {u + 3}] }}, version: {{ in: [1.2, 1.3-rc] }}, "
        f"device: {{ prefix: tv_{u % 9} }} }}, route: {other}@v3 }}"
    )
    yield f"      - {{ name: rest, split: {{ {model}@v1: 90, {model}@v2: 7, {model}@v3: 3 }} }}"


def document(use_cases: int) -> Iterator[str]:
    cluster_count = max(4, use_cases // 50)
    model_count = max(4, use_cases // 20)
    experiment_count = max(4, use_cases // 20)
    yield "turnout: 1\nunit: user"
    yield "attributes: { country: string, device: string, days: number, version: version,"
    yield "  kids: boolean }"
    yield "segments:\n  north: { country: [DA, DE] }"
    units = ", ".join(f"beta_{unit:08}" for unit in range(use_cases))
    yield f"  beta: {{ units: [{units}] }}"
    yield from clusters(cluster_count)
    yield from models(model_count, cluster_count)
    yield from experiments(experiment_count, model_count)
    yield "use_cases:"
    for u in range(use_cases):
        yield from use_case(u, experiment_count, model_count)


if __name__ == "__main__":
    if len(sys.argv) != 2 or not sys.argv[1].isdigit():
        sys.exit("usage: wide.py USE_CASES")
    for line in document(int(sys.argv[1])):
        print(line)
