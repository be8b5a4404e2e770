"""What a bench gives back: both sides measured beside each other, their spread, and the machine they ran on."""

from __future__ import annotations

import os
import platform
import statistics
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil


@dataclass(frozen=True, slots=True)
class Run:
    """One run of one side: how long it took, and the most memory that its process held."""

    seconds: float
    peak_rss_mib: float


@dataclass(frozen=True, slots=True)
class Measure:
    """Both sides of a bench, interleaved, in the order in which they ran.

    A run does `size` units, or `units` where the size is that of the register it works on. `differences` says in words
    where the results of the two sides, or the truth, disagree: then there is no ratio.
    """

    name: str
    size: int
    unit: str
    ours: Sequence[Run]
    baseline: Sequence[Run]
    bar: float
    counts: Mapping[str, Any]
    differences: Sequence[str] = ()
    baseline_means: str = ""
    particulars: Mapping[str, Any] = field(default_factory=dict)
    units: int | None = None

    def rate(self, runs: Sequence[Run]) -> float:
        """Units a second, by the median of the runs."""
        return (self.units or self.size) / statistics.median(run.seconds for run in runs)

    @property
    def ratio(self) -> float | None:
        """Our rate divided by the baseline's: the median of the ratios of neighbouring runs. None if results differ."""
        return None if self.differences else statistics.median(self.ratios)

    @property
    def ratios(self) -> list[float]:
        return [other.seconds / own.seconds for own, other in zip(self.ours, self.baseline, strict=True)]

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "size": self.size,
            "ours": round(self.rate(self.ours), 1),
            "baseline": round(self.rate(self.baseline), 1),
            "unit": self.unit,
            "ratio": None if self.ratio is None else round(self.ratio, 3),
            "bar": self.bar,
            "spread": {
                "ours": spread([run.seconds for run in self.ours]),
                "baseline": spread([run.seconds for run in self.baseline]),
                "ratio": [round(min(self.ratios), 3), round(max(self.ratios), 3)],
                "runs": len(self.ours),
            },
            "peak_rss_mib": round(max(run.peak_rss_mib for run in self.ours)),
            "machine": machine(),
            "counts": dict(self.counts),
            "differences": list(self.differences),
            "baseline_means": self.baseline_means,
            **self.particulars,
        }


def spread(values: Sequence[float]) -> float:
    """Half the way from the least to the greatest, as a share of the median."""
    return round((max(values) - min(values)) / 2 / statistics.median(values), 3)


def machine() -> dict[str, Any]:
    """What the figures depend on. The load says whether the machine had other things to do."""
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30, 1),
        "python": platform.python_version(),
        "load": round(psutil.getloadavg()[0], 2),
    }


def peak_rss_mib(process: int | None = None) -> float:
    """The most memory that a process has held so far, in MiB: this one, or one that it started.

    Where the system keeps no such figure of others, it is what the other one holds now.
    """
    status = Path(f"/proc/{process or 'self'}/status")
    if status.exists():
        # Elsewhere than here, Linux counts what the parent held before it started this process.
        found = [line for line in status.read_text().splitlines() if line.startswith("VmHWM")]
        # A process that has ended, and that nobody has asked for its result yet, holds nothing.
        return int(found[0].split()[1]) / 1024 if found else 0.0
    held = psutil.Process(process).memory_info()
    if sys.platform == "win32":
        return float(held.peak_wset) / 2**20
    if process is not None:
        return float(held.rss) / 2**20
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**20


def table(found: Measure) -> str:
    """A measure for reading: the figures first, then what they were taken from."""
    figures = found.as_json()
    spread_of = figures["spread"]
    said = [
        ("ours", f"{figures['ours']:>12,.0f} {found.unit}   +-{spread_of['ours']:.0%}"),
        ("baseline", f"{figures['baseline']:>12,.0f} {found.unit}   +-{spread_of['baseline']:.0%}"),
        ("ratio", _ratio_of(found, spread_of["ratio"])),
        ("peak memory", f"{figures['peak_rss_mib']:>12,} MiB"),
        *((name, _in_words(value)) for name, value in found.counts.items()),
        *((name, _in_words(value)) for name, value in found.particulars.items()),
        ("machine", _in_words(figures["machine"])),
        ("baseline is", found.baseline_means),
        *(("DIFFERENT", one) for one in found.differences),
    ]
    title = f"{found.name}: {found.size:,}, {spread_of['runs']} runs of each side by turns, medians"
    return "\n".join([title, *(f"  {name.replace('_', ' '):16} {words}" for name, words in said)])


def _ratio_of(found: Measure, ends: Sequence[float]) -> str:
    if found.ratio is None:
        return "        none, because the results differ"
    return f"{found.ratio:>12.2f}   from {ends[0]:.2f} to {ends[1]:.2f}; the bar is {found.bar}"


def _in_words(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_in_words(part)}" for name, part in value.items())
    return f"{value:,}" if isinstance(value, int | float) else str(value)
