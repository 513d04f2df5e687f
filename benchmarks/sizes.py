"""How much a benchmark does."""

from enum import StrEnum


class Size(StrEnum):
    """The sizes of problems, and how often they are repeated."""

    FULL = "full"
    """What is published."""
    QUICK = "quick"
    """Smaller problems, fewer repetitions: good enough to see a change."""
    TINY = "tiny"
    """Every row, on next to nothing: whether the benchmark works; its numbers say nothing about speed."""
