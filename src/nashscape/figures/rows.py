"""Sheets with a row of panels for every rule, of different lengths."""

from collections.abc import Sequence

from matplotlib.axes import Axes

from nashscape.figures.panels import ABREAST, Sheet, sheet


def rows_of_panels(lengths: Sequence[int], columns: int | None, lines: int) -> tuple[Sheet, list[list[Axes]]]:
    """A sheet with a colour bar, and its panels in groups of these lengths, each of which begins a new row.

    Args:
        lengths: panels of every group.
        columns: panels abreast; by default as many as the longest group has, up to four where there is only one.
        lines: room for a legend under each panel.
    """
    wide = max(lengths)
    abreast = max(1, min(wide, columns or (wide if len(lengths) > 1 else ABREAST)))
    blanks = [-length % abreast if len(lengths) > 1 else 0 for length in lengths]
    page = sheet(sum(lengths) + sum(blanks), abreast, lines, bar=True)
    groups, first = [], 0
    for length, blank in zip(lengths, blanks, strict=True):
        groups.append(page.panels[first : first + length])
        for axes in page.panels[first + length : first + length + blank]:
            page.figure.delaxes(axes)
        first += length + blank
    return page, groups
