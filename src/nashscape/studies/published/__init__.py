"""Figures published elsewhere, as data files with their sources."""

import csv
from importlib import resources


def table(study: str, name: str) -> list[dict[str, str]]:
    """The rows of a published table, as text by column.

    >>> table("basin_entry", "annealing")[0]["published_success"]
    '0.3125'
    """
    text = resources.files(__name__).joinpath(study, f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
