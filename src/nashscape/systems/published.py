"""Figures published elsewhere, as data files with their sources."""

import csv
from importlib import resources


def table(system: str, name: str) -> list[dict[str, str]]:
    """The rows of a published table of a system, by the name of its folder, as text by column.

    >>> table("basin_entry", "annealing")[0]["published_success"]
    '0.3125'
    """
    folder = resources.files("nashscape.systems").joinpath(system, "published")
    text = folder.joinpath(f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
