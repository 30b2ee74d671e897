"""Measurements to Markdown."""

from dataclasses import dataclass, field
from statistics import median

from .contenders import JOBS, OURS, Contender
from .data_set import DataSet

MEMORY_MIB = 160
MEMORY_GROWTH = 1.10


@dataclass
class Row:
    data: DataSet
    contender: Contender
    costs: list = field(default_factory=list)
    output_mb: float = 0.0
    answer: str = ""              # of the comparison
    wrong: bool = False           # a wrong answer or a failed program

    @property
    def wall_s(self):
        return median(cost.wall_s for cost in self.costs)

    @property
    def peak_mib(self):
        return max(cost.peak_mib for cost in self.costs)


def _cells(row, reference):
    contender = row.contender
    program = contender.program + (f" ({contender.note})" if contender.note else "")
    head = [contender.job, f"{row.data.size}²", row.data.codec, program, contender.format]
    if not row.costs:
        return [*head, *["-"] * 7, row.answer]
    walls, pixels = [cost.wall_s for cost in row.costs], row.data.pixels
    ratio = f"{row.wall_s / reference.wall_s:.2f}" if reference and reference.costs else "-"
    return [*head, f"{row.wall_s:.2f} ({min(walls):.2f}-{max(walls):.2f})",
            f"{median(cost.cpu_s for cost in row.costs):.2f}", f"{pixels / row.wall_s / 1e6:.1f}",
            f"{row.wall_s / pixels * 1e9:.1f}", f"{row.peak_mib:.0f}", f"{row.output_mb:.1f}", ratio, row.answer or "-"]


def _reference(row, rows):
    return next((other for other in rows if other.data == row.data and other.contender.key == row.contender.against), None)


def markdown(rows):
    titles = ["job", "size", "inputs", "program", "as", "wall s", "CPU s", "Mpx/s", "ns/px", "peak MiB", "output MB",
              "x ours", "answer"]
    lines = ["| " + " | ".join(titles) + " |", "|" + "---|" * len(titles)]
    lines += ["| " + " | ".join(_cells(row, _reference(row, rows))) + " |" for row in rows]
    return [*lines, "", "; ".join(f"{job}: {what}" for job, what in JOBS.items())]


def memory_lines(rows):
    """Peak memory of sinkcalc at each size, and its growth, for each job and codec."""
    lines = []
    for codec in dict.fromkeys(row.data.codec for row in rows):
        for contender in OURS:
            of_job = sorted((row for row in rows if row.contender is contender and row.data.codec == codec and row.costs
                             and row.data.size >= 1024), key=lambda row: row.data.size)
            if not of_job:
                continue
            peaks = ", ".join(f"{row.data.size}²: {row.peak_mib:.0f} MiB" for row in of_job)
            line = f"* {codec}, {contender.key}: {peaks}"
            good = max(row.peak_mib for row in of_job) < MEMORY_MIB
            if len(of_job) > 1:
                growth = of_job[-1].peak_mib / of_job[0].peak_mib
                line += f"; largest/smallest {growth:.2f}"
                good = good and growth <= MEMORY_GROWTH
            lines.append(line + ("" if good else " **(over the goal)**"))
    return lines
