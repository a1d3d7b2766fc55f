"""Figures of a benchmark beside the bars that they must reach."""

import platform
from dataclasses import asdict, dataclass, field
from typing import Any

import psutil


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number.

    at_least, at_most
        The bar; None where the figure has none and only informs.
    """

    name: str
    value: float
    unit: str
    at_least: float | None = None
    at_most: float | None = None

    @property
    def passed(self) -> bool:
        """Whether it reaches its bar; a figure without one always does."""
        return (self.at_least is None or self.value >= self.at_least) and (
            self.at_most is None or self.value <= self.at_most
        )

    @property
    def bar(self) -> str:
        """The bar in words."""
        if self.at_least is not None:
            return f"≥ {self.at_least:,g}"
        return f"≤ {self.at_most:,g}" if self.at_most is not None else "–"


@dataclass(frozen=True, slots=True)
class Report:
    """All figures of one benchmark, with what there is to say about them."""

    benchmark: str
    quick: bool
    figures: tuple[Figure, ...]
    notes: tuple[str, ...] = ()
    machine: str = field(default_factory=lambda: machine())

    @property
    def passed(self) -> bool:
        """Whether every figure reaches its bar."""
        return all(f.passed for f in self.figures)

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return asdict(self) | {"passed": self.passed}

    def as_markdown(self) -> str:
        """For people: a table, then the notes."""
        lines = [
            f"## {self.benchmark}{' (quick)' if self.quick else ''}",
            "",
            f"Machine: {self.machine}.",
            "",
            "| figure | measured | bar | |",
            "|---|---:|---:|---|",
        ]
        for f in self.figures:
            verdict = "" if f.bar == "–" else ("reached" if f.passed else "**falls short**")
            lines.append(f"| {f.name} | {f.value:,.4g} {f.unit} | {f.bar} | {verdict} |")
        return "\n".join([*lines, "", *self.notes, ""])


def machine() -> str:
    """What it ran on, without anything that names the machine itself."""
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"{psutil.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}"
    )
