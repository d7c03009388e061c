"""The measured part of ``docs/benchmarks.md`` and its Chinese edition: tables and charts."""

from __future__ import annotations

import subprocess
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Literal

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from peers.race import Runs
from phases import Phases

from olive.native.this_machine import this_machine

Language = Literal["en", "zh"]
Growth = Sequence[tuple[int, Runs]]

DOCS = Path(__file__).parents[1] / "docs"
PAGES: dict[Language, Path] = {
    "en": DOCS / "benchmarks.md",
    "zh": DOCS / "benchmarks.zh-CN.md",
}
BEGIN, END = "<!-- measured by make bench-peers -->", "<!-- end of what was measured -->"
WORDS: dict[str, tuple[str, str]] = {
    "engine": ("engine", "引擎"),
    "version": ("version", "版本"),
    "seconds": ("seconds, median", "秒（中位数）"),
    "fastest": ("fastest", "最快"),
    "processor": ("processor seconds", "处理器秒"),
    "times": ("× olive", "× olive"),
    "memory": ("peak memory, MB", "内存峰值（MB）"),
    "hash": ("hash of the figures", "结果摘要"),
    "difference": ("largest difference", "最大相对差"),
    "households": ("households", "户数"),
    "per_million": ("seconds a million households", "每百万户秒数"),
    "slope": (
        """Slope of the logarithm of time on that of households, by least squares (1: proportional):
{whole}; from 100,000 households up {upper}; of processor time {processor}.""",
        "时间对户数的双对数斜率（最小二乘，1即成正比）：{whole}；10万户以上{upper}；处理器时间{processor}。",
    ),
    "affine": (
        """A fixed time and a time a household (least squares of relative differences): {fixed:.2f}
ms a run and {each:.1f} ns a household; slope without the fixed time: {slope}.""",
        "固定时间加每户时间（相对差的最小二乘）：每次{fixed:.2f}毫秒，每户{each:.1f}纳秒；减去固定时间后的斜率：{slope}。",
    ),
    "phase": ("olive's run", "olive的一次运行"),
    "milliseconds": ("milliseconds, fastest of 7", "毫秒（7次中最快）"),
    "share": ("share", "占比"),
    "tables": ("columns taken in", "读入各列"),
    "rules": ("rules 1 to 13, both policies", "第1至13条规则，两种政策"),
    "figures": ("figures of both policies", "两种政策的指标"),
    "limit": (
        """The rules take {multiple:.1f} times the memory limit of {limit:.1f} ms, the least time in
which the columns can be read and the results written at all.""",
        "规则的时间是内存极限的{multiple:.1f}倍；内存极限{limit:.1f}毫秒，是读入各列、写出结果至少需要的时间。",
    ),
    "machine": (
        """{processor}, {cores} cores, {memory:.0f} GiB of memory, {system}, {python}; commit
`{commit}`, {day}; `make bench-peers`: {households:,} households, {rounds} rounds, {threads}
threads; load average of the machine before and after: {load}.""",
        """{processor}，{cores}核，内存{memory:.0f} GiB，{system}，{python}；\
提交`{commit}`，{day}；\
`make bench-peers`：{households:,}户，{rounds}轮，{threads}线程；测前、测后的系统负载{load}。""",
    ),
    "peers_title": (
        "Fourteen rules with figures, baseline + reform, {households:,} households",
        "十四条规则及指标，基线加改革，{households:,}户",
    ),
    "seconds_axis": ("seconds (log scale)", "秒（对数刻度）"),
    "memory_axis": ("peak memory of the process, MB", "进程内存峰值（MB）"),
    "growth_title": ("olive: time and size of the city", "olive：时间与城市规模"),
    "linear": ("proportional", "成正比"),
    "peers_alt": ("Time and memory of each engine", "各引擎的时间与内存"),
    "growth_alt": ("Time over the number of households", "时间与户数"),
}


@dataclass(frozen=True, slots=True)
class Measured:
    """What one run of the command measured.

    Attributes
    ----------
    runs : sequence of Runs
        Of each peer on the same city; the first is olive.
    phases : Phases
        Of olive's run on that city.
    growth : sequence of (int, Runs)
        Of olive on cities of growing size.
    households, threads : int
        Of the runs.
    commit : str
        What was measured, as the run began.
    loads : sequence of float
        The machine's load average before and after, which tells a busy machine.
    """

    runs: Sequence[Runs]
    phases: Phases
    growth: Growth
    households: int
    threads: int
    commit: str
    loads: Sequence[float]


def word(key: str, language: Language, **values: object) -> str:
    """Return a text of the page in a language."""
    return WORDS[key][language == "zh"].format(**values)


def table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table whose first column is text and whose others are numbers."""
    lines = [columns, ["---", *["---:"] * (len(columns) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def peers_table(runs: Sequence[Runs], language: Language) -> str:
    """Return times, memory and hash of each peer beside those of the first, which is olive."""
    keys = ("engine", "version", "seconds", "times", "fastest", "processor", "times")
    columns = [word(key, language) for key in (*keys, "memory", "times", "hash", "difference")]
    own = runs[0]
    return table(
        columns,
        [
            [
                name(each, language),
                each.version,
                f"{each.median:.3f}",
                f"{each.median / own.median:.1f}",
                f"{min(each.seconds):.3f}",
                f"{each.processor_median:.3f}",
                f"{each.processor_median / own.processor_median:.1f}",
                f"{each.peak_bytes / 1e6:,.0f}",
                f"{each.peak_bytes / own.peak_bytes:.1f}",
                f"`{each.digest()}`",
                f"{each.largest_difference(own):.0e}",
            ]
            for each in runs
        ],
    )


def phases_table(phases: Phases, language: Language) -> str:
    """Return where olive's time goes, and how far its rules are from the memory limit."""
    parts = {key: getattr(phases, key) for key in ("tables", "rules", "figures")}
    whole = sum(parts.values())
    rows = [
        [word(key, language), f"{1e3 * seconds:.1f}", f"{seconds / whole:.0%}"]
        for key, seconds in parts.items()
    ]
    columns = [word(key, language) for key in ("phase", "milliseconds", "share")]
    multiple = phases.rules / phases.limit
    limit = word("limit", language, multiple=multiple, limit=1e3 * phases.limit)
    return f"{table(columns, rows)}\n\n{limit}"


def growth_table(growth: Growth, language: Language) -> str:
    """Return olive's times over the ladder of sizes, and the fitted slope."""
    keys = ("households", "seconds", "per_million", "processor", "memory")
    rows = [
        [
            f"{size:,}",
            f"{runs.median:.4f}",
            f"{runs.median / size * 1e6:.3f}",
            f"{runs.processor_median:.4f}",
            f"{runs.peak_bytes / 1e6:,.0f}",
        ]
        for size, runs in growth
    ]
    columns = [word(key, language) for key in keys]
    fitted = word(
        "slope",
        language,
        whole=slope([(size, runs.median) for size, runs in growth]),
        upper=slope([(size, runs.median) for size, runs in growth if size >= 100_000]),
        processor=slope([(size, runs.processor_median) for size, runs in growth]),
    )
    seconds = [(size, runs.median) for size, runs in growth]
    if len(growth) > 2:  # two points lie on a line, whatever they are
        fixed, each = affine(seconds)
        without = slope([(size, time - fixed) for size, time in seconds])
        told = word("affine", language, fixed=fixed * 1e3, each=each * 1e9, slope=without)
        fitted = f"{fitted}\n\n{told}"
    return f"{table(columns, rows)}\n\n{fitted}"


def affine(times: Sequence[tuple[int, float]]) -> tuple[float, float]:
    """Return the fixed seconds and the seconds a household that fit best, relative to each time."""
    sizes, seconds = np.array(times, dtype=np.float64).T
    each, fixed = np.polyfit(sizes, seconds, 1, w=1.0 / seconds).tolist()
    return fixed, each


def slope(times: Sequence[tuple[int, float]]) -> str:
    """Return the exponent with which time grows, 1 when it is proportional to size; or a dash."""
    if len(times) < 2 or any(seconds <= 0.0 for _, seconds in times):
        return "–"
    sizes, seconds = np.log(np.array(times, dtype=np.float64)).T
    return f"{np.polyfit(sizes, seconds, 1)[0]:.2f}"


def machine_line(measured: Measured, language: Language) -> str:
    """Return what was measured on what, how, and at which commit."""
    machine = this_machine()
    return word(
        "machine",
        language,
        processor=machine.processor,
        cores=machine.cores,
        memory=machine.memory or float("nan"),
        system=machine.system,
        python=machine.python,
        commit=measured.commit,
        day=datetime.now(UTC).date(),
        households=measured.households,
        rounds=len(measured.runs[0].seconds),
        threads=measured.threads,
        load=", ".join(f"{load:.1f}" for load in measured.loads),
    )


def write(measured: Measured) -> None:
    """Put tables and charts into both editions of the page."""
    runs, growth = measured.runs, measured.growth
    for language, page in PAGES.items():
        pictures = {
            "peers": peers_chart(runs, measured.households, language),
            "growth": growth_chart(growth, language),
        }
        parts = [machine_line(measured, language), peers_table(runs, language)]
        for key, drawn in pictures.items():
            path = DOCS / "pictures" / f"benchmarks_{key}.{language}.svg"
            path.parent.mkdir(exist_ok=True)
            path.write_text(drawn, encoding="utf-8")
            parts.append(f"![{word(f'{key}_alt', language)}](pictures/{path.name})")
        parts += [phases_table(measured.phases, language), growth_table(growth, language)]
        page.write_text(replaced(page.read_text(encoding="utf-8"), parts), encoding="utf-8")
        print(f"written: {page.name}", flush=True)


def replaced(text: str, parts: Sequence[str]) -> str:
    """Return a page with new parts between its two marks."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return "\n\n".join([f"{before}{BEGIN}", *parts, f"{END}{after}"])


def peers_chart(runs: Sequence[Runs], households: int, language: Language) -> str:
    """Return bars of time and of memory as SVG."""
    figure = Figure(figsize=(9, 4.2), layout="constrained")
    times, memory = figure.subplots(1, 2, sharey=True, width_ratios=(3, 2))
    ordered = sorted(runs, key=lambda each: each.median, reverse=True)
    names = [name(each, language) for each in ordered]
    colours = ["#4f7942" if each.peer.key.startswith("olive") else "#9aa5ad" for each in ordered]
    seconds = [each.median for each in ordered]
    megabytes = [each.peak_bytes / 1e6 for each in ordered]
    for axes, values, shown in ((times, seconds, "{:.2f}"), (memory, megabytes, "{:,.0f}")):
        bars = axes.barh(names, values, color=colours)
        axes.bar_label(bars, fmt=shown, padding=3, fontsize=8)
    times.set_xscale("log")
    times.set_xlim(min(seconds) / 2, max(seconds) * 3)
    memory.set_xlim(0, max(megabytes) * 1.2)
    times.set_xlabel(word("seconds_axis", language))
    memory.set_xlabel(word("memory_axis", language))
    figure.suptitle(word("peers_title", language, households=households), fontsize=11)
    return _svg(figure, (times, memory))


def growth_chart(growth: Growth, language: Language) -> str:
    """Return time over size on two log scales as SVG, beside what is proportional."""
    figure = Figure(figsize=(6, 4), layout="constrained")
    axes = figure.subplots()
    sizes = [size for size, _ in growth]
    seconds = [runs.median for _, runs in growth]
    axes.loglog(sizes, seconds, "o-", color="#4f7942", label="olive")
    line = [seconds[-1] * size / sizes[-1] for size in sizes]
    axes.loglog(sizes, line, "--", color="#9aa5ad", label=word("linear", language))
    axes.set_xlabel(word("households", language))
    axes.set_ylabel(word("seconds", language))
    axes.set_title(word("growth_title", language), fontsize=11)
    axes.legend(frameon=False)
    return _svg(figure, (axes,))


def name(runs: Runs, language: Language) -> str:
    """Return the name of a peer in a language."""
    return runs.peer.zh if language == "zh" else runs.peer.label


def _svg(figure: Figure, every: Sequence[Axes]) -> str:
    """Return a figure as SVG with letters as text, which the reader's own fonts draw."""
    for axes in every:
        axes.spines[["top", "right"]].set_visible(False)
    stream = StringIO()
    with (
        mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "olive"}),
        warnings.catch_warnings(),
    ):
        warnings.filterwarnings("ignore", message="Glyph .* missing")  # of Chinese, while laid out
        figure.savefig(stream, format="svg", metadata={"Date": None})
    return stream.getvalue()


def commit() -> str:
    """Return the commit of this work tree, and whether it has changes."""

    def git(*words: str) -> str:
        done = subprocess.run(
            ["git", "-C", DOCS, *words], capture_output=True, text=True, check=False
        )
        return done.stdout.strip()

    changed = git("status", "--porcelain", "--untracked-files=no")
    return (git("rev-parse", "--short", "HEAD") or "?") + (" + changes" if changed else "")
