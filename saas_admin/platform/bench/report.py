"""What a bench answers: figures, and those of them that have a budget."""

import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil


@dataclass(frozen=True)
class Budget:
    """A figure that must not be worse than `must` and should not be worse than `aim`."""

    value: float | None
    must: float
    aim: float | None = None
    more_is_better: bool = False

    @property
    def ok(self) -> bool:
        if self.value is None:
            return False
        return self.value >= self.must if self.more_is_better else self.value <= self.must

    def json(self) -> dict[str, Any]:
        return {"value": self.value, "must": self.must, "aim": self.aim, "ok": self.ok}


@dataclass
class Report:
    bench: str
    figures: dict[str, Any] = field(default_factory=dict[str, Any])
    budgets: dict[str, Budget] = field(default_factory=dict[str, Budget])

    @property
    def ok(self) -> bool:
        return all(budget.ok for budget in self.budgets.values())

    def json(self) -> dict[str, Any]:
        budgets = {name: budget.json() for name, budget in self.budgets.items()}
        return {"bench": self.bench, "machine": machine(), "figures": self.figures, "budgets": budgets}

    def lines(self) -> list[str]:
        """The same for a person."""
        lines = [f"{name}: {value}" for name, value in self.figures.items()]
        for name, budget in self.budgets.items():
            aim = f", aim {budget.aim:g}" if budget.aim is not None else ""
            lines.append(f"{'ok    ' if budget.ok else 'MISSED'} {name}: {budget.value} (must {budget.must:g}{aim})")
        return lines


def machine() -> dict[str, Any]:
    """Enough to judge a figure by; the load says whether something else was running."""
    return {
        "cpu": _cpu_model(),
        "cpus": os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 1e9, 1),
        "system": platform.system(),
        "python": platform.python_version(),
        "load": [round(value, 2) for value in psutil.getloadavg()],
    }


def percentile(values: Sequence[float], percent: float) -> float:
    ordered = sorted(values)
    if not ordered:
        raise ValueError("no measurements")
    return ordered[min(len(ordered) - 1, round(percent / 100 * (len(ordered) - 1)))]


def milliseconds(seconds: Sequence[float], *percents: float) -> dict[str, float]:
    """`{"p50": …, "p95": …}` in milliseconds."""
    return {f"p{percent:g}": round(percentile(seconds, percent) * 1000, 2) for percent in percents}


def median(values: Sequence[float], digits: int = 2) -> float:
    return round(statistics.median(values), digits)


def _cpu_model() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())
