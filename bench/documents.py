"""What a run found, written into docs/performance.md between its markers, and the plot beside it."""

from pathlib import Path
from typing import Any, Final

from bench.figures import number

PAGE: Final = Path("docs/performance.md")
PLOT: Final = Path("docs/performance/growth.svg")
BEGIN, END = "<!-- bench: begin -->", "<!-- bench: end -->"
SHOWN: Final = 12
"""Lines of the plot: the lists whose cost grew most."""


def write(told: dict[str, Any]) -> None:
    """Write the table anew, and the plot if the run has measured more than one size."""
    text = PAGE.read_text()
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n{as_markdown(told)}\n{END}{after}")
    if growth := next((figure for figure in told["figures"] if figure["row"] == "growth-worst"), None):
        plot(growth["more"]["cpu_ms"])


def as_markdown(told: dict[str, Any]) -> str:
    """The table of a run."""
    generator = told["generator"]
    about = (
        f"Run of {told['at']} with {told['orders']:,} orders on {told['cores']} shared cores, {told['took_s']} s in all. The load"
        f" generator alone does {generator['per_second']:,.0f} requests/s at {generator['cpu_us']:.0f} µs of CPU each."
    )
    lines = [
        about,
        "",
        "| row | figure | pgbench | ratio | threshold | met | |",
        "|---|---:|---:|---:|---|---|---|",
        *[_line(figure) for figure in told["figures"]],
    ]
    return "\n".join(lines)


def _line(figure: dict[str, Any]) -> str:
    need, met, ratio, twin = figure["need"], figure["is_met"], figure["ratio"], figure["twin"]
    threshold = f"{need['sense']} {need['value']:g}{' x' if need['is_ratio'] else ''}" if need else ""
    cells = (
        figure["what"], f"{number(figure['value'])} {figure['unit']}", number(twin) if twin else "",
        f"{ratio:.2f}" if ratio else "", threshold, "" if met is None else "yes" if met else "**no**", figure["note"],
    )  # fmt: skip
    return "| " + " | ".join(cells) + " |"


def plot(by_size: dict[str, dict[str, float]]) -> None:
    """CPU of a list against the number of orders: flat lines are what is wanted."""
    import pygal

    sizes = sorted(by_size, key=int)
    first, last = by_size[sizes[0]], by_size[sizes[-1]]
    grown = sorted(first, key=lambda name: -last[name] / first[name] if first[name] else 0.0)
    chart = pygal.Line(
        js=(), title="CPU of web and database for one page, in ms, by orders in the database", width=1000, height=500,
        legend_box_size=10, truncate_legend=-1, x_title="orders", range=(0, max(last.values()) * 1.1), no_prefix=True,
    )  # fmt: skip
    chart.x_labels = [f"{int(size):,}" for size in sizes]
    for name in grown[:SHOWN]:
        chart.add(name, [round(by_size[size][name], 2) for size in sizes])
    PLOT.parent.mkdir(parents=True, exist_ok=True)
    PLOT.write_bytes(chart.render())
