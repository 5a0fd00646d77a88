"""How numbers are written for people."""

from rows import Value


def plain(value: float) -> str:
    """Up to four digits that say something, thousands set apart."""
    if value == int(value) and abs(value) < 1e15:
        return f"{int(value):,}"
    size = abs(value)
    if size >= 1000:
        return f"{value:,.0f}"
    if size >= 10:
        return f"{value:.1f}"
    return f"{value:.2f}" if size >= 0.1 else f"{value:.3g}"


def cell(value: Value | None) -> str:
    """A cell of a table."""
    if value is None:
        return ""
    return value if isinstance(value, str) else plain(value)


def table(head: list[str], body: list[list[str]]) -> list[str]:
    """A table in Markdown, numbers to the right."""
    aligned = ["---"] + [
        "---:" if all(not r[i] or r[i][0] in "-0123456789" for r in body) else "---"
        for i in range(1, len(head))
    ]
    return [f"| {' | '.join(line)} |" for line in [head, aligned, *body]]


def size(count: str) -> str:
    """A count in a key."""
    return f"{int(count):,}" if count.isdigit() else count
