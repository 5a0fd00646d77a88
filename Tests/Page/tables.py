"""Documents whose difference the pages show: a usual change, a large one, hostile texts."""

from __future__ import annotations

HEAD = """\
turnout: 1
unit: user
units: { session: { missing: user } }
attributes: { country: string, device: string }
clusters:
  watch: { address: "10.0.1.1:8080" }
  watch-next: { address: "10.0.1.2:8080" }
  spare: { address: "10.0.1.9:8080" }
  chat:
    unit: session
    shards:
      g0: { address: "10.3.0.1:9000", weight: %(weight)s }
      g1: { address: "10.3.0.2:9000" }
models:
  ranker:
    v1: { cluster: [watch, spare], config: { top_k: 40 } }
    v2: { cluster: { split: { watch-next: 80, watch: 20 } }, config: { top_k: 60 } }
    v3: { cluster: spare }
  talker: { v1: { cluster: chat } }
layers: { ranking: {} }
experiments:
  depth:
    layer: ranking
    share: 20%%
    cells:
      control: { weight: %(control)s, model: ranker@v1 }
      deeper: { weight: 1, model: ranker@v2 }
use_cases:
"""

USE_CASES = """\
  ContinueWatching:
    rules:
      - { name: canary, split: { ranker@v1: %(rest)s, ranker@v2: %(share)s } }
  Trailers:
    rules:
      - { name: canary, split: { ranker@v1: %(rest)s, ranker@v2: %(share)s } }
  Home:
    rules:
      - { name: partners, when: { country: %(country)s }, route: ranker@%(partner)s }
      - { experiment: depth }
      - { route: ranker@v1 }
    shadows: [ { name: dark, model: ranker@v3, sample: %(sample)s } ]
  Chat: { rules: [ { route: talker@v1 } ] }
  Kids: { rules: [ { route: ranker@v1 } ] }
  %(new)s: { rules: [ { route: ranker@v1 } ] }
"""

BEFORE = {
    "weight": "2",
    "control": "1",
    "rest": "95",
    "share": "5",
    "country": "[DE, FR]",
    "partner": "v1",
    "sample": "5%",
    "new": "Previews",
}
AFTER = BEFORE | {
    "weight": "1",
    "control": "3",
    "rest": "50",
    "share": "50",
    "partner": "v2",
    "sample": "20%",
    "new": "Billboard",
}
# Markup, quotes, marks that turn the direction of writing, ends of elements, a control.
HOSTILE = "<img src=x onerror=alert(1)>'\\\"&amp;</script></style>\\u202E\\u2067\\u0007\\u00e9"
HOSTILE_FILE = "<script>alert('a')<\u2044script>\"&\u202efdp.yaml"


def usual(change: dict[str, str]) -> str:
    return (HEAD + USE_CASES) % change


def hostile(change: dict[str, str]) -> str:
    return usual(change | {"country": f'"{HOSTILE}"'})


def large(count: int, moved: bool) -> str:
    """Use cases of which each moves another share, in a dozen ways."""
    lines = []
    for number in range(count):
        share = (5 + number % 90 if moved else 5) + number % 7
        lines.append(
            f"  UseCase{number}: {{ rules: [ {{ name: canary, split: "
            f"{{ ranker@v1: {100 - share}, ranker@v2: {share} }} }} ] }}"
        )
    return HEAD % BEFORE + "\n".join(lines) + "\n"
