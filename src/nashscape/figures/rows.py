"""Sheets with a row of panels for every rule, of different lengths, and the marks of their colour bars."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from nashscape.figures.panels import ABREAST, Sheet, abreast_on_paper, sheet


def rows_of_panels(
    lengths: Sequence[int], columns: int | None, lines: int, title: str = ""
) -> tuple[Sheet, list[list[Axes]]]:
    """A sheet with a colour bar, and its panels in groups of these lengths, each of which begins a new row.

    Args:
        lengths: panels of every group.
        columns: panels abreast; by default as many as the longest group has, up to four where there is only one.
        lines: room for a legend under each panel.
        title: over all panels; none if empty.
    """
    wide = max(lengths)
    abreast = max(1, min(wide, columns or (wide if len(lengths) > 1 else ABREAST)))
    abreast = abreast_on_paper(abreast, bar=True)
    blanks = [-length % abreast if len(lengths) > 1 else 0 for length in lengths]
    page = sheet(sum(lengths) + sum(blanks), abreast, lines, bar=True, title=title)
    groups, first = [], 0
    for length, blank in zip(lengths, blanks, strict=True):
        groups.append(page.panels[first : first + length])
        for axes in page.panels[first + length : first + length + blank]:
            page.figure.delaxes(axes)
        first += length + blank
    return page, groups


def bar_text(value: float) -> str:
    """A number beside a colour bar, where there is little room.

    >>> bar_text(0.02), bar_text(-0.0005), bar_text(0.0)
    ('0.02', '−5e−4', '0')
    """
    text = f"{value:g}" if value == 0 or 0.01 <= abs(value) < 1e4 else f"{value:.0e}".replace("e-0", "e-")
    return text.replace("-", "−").replace("e+0", "e")


def round_numbers(low: float, high: float, most: int = 6) -> list[float]:
    """At most so many round numbers between two positive ones, spread evenly on a logarithmic axis.

    >>> round_numbers(0.009, 1.2)
    [0.01, 0.1, 1.0]
    >>> round_numbers(0.009, 0.09)
    [0.01, 0.02, 0.05]
    """
    powers = range(int(np.floor(np.log10(low))), int(np.ceil(np.log10(high))) + 1)
    for leading in ((1, 2, 5), (1,)):
        found = [float(f"{digit}e{power}") for power in powers for digit in leading]
        found = [value for value in found if low <= value <= high]
        if len(found) <= most:
            return found
    return found[:: -(-len(found) // most)]
