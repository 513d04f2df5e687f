"""Pictures of checked certificates: which claims were proved again, which were not, and why."""

import math
import textwrap
from typing import Any, Unpack

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nashscape.checking.verifications import Verification
from nashscape.checking.verifying import MOST_REASONS
from nashscape.core import Status
from nashscape.figures.given import only
from nashscape.figures.paper import Paper, inches, on_paper, page, width_asked
from nashscape.figures.stacks import segment
from nashscape.figures.style import FAINT, INK, SMALL, TARGETS, TEXT, UNDECIDED, Look, handle, words, wrapped

LOOKS = {
    "proved": Look(TARGETS[2]),
    "rejected": Look(TARGETS[5], "xxxx", "#5A2600"),
    "not settled": Look("#D8D8D8", "....", FAINT),
    "without a claim": UNDECIDED,
}
MOST_SHOWN = 6
"""Reasons that are listed."""

LETTERS = 92
"""In a line of a reason."""

# in inches; placed by hand, since no layout engine puts a list under a legend
WIDTH, LEFT, RIGHT = 6.4, 0.62, 0.25
TITLE, BARS, AXIS, KEY, LINE, FOOT = 0.36, 1.25, 0.56, 0.42, 0.155, 0.12


@on_paper
def verification_figure(found: Verification, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """The traps and cells of a certificate, by whether what it claims of them was proved again.

    Cells are followed once all traps are proved, and until there are as many reasons as a verification holds: what was
    not followed, or may not have been, is not settled. Of a sample no cell is told from another but those rejected.

    Args:
        found: what `verify_certificate` gave.
        title: of the figure; by default the verdict and the precision, and what a sample says.
        **paper: `size` and `ax`, see `Paper`.

    Raises:
        InputError: for anything else.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> from nashscape import certify, games, pg, verify_certificate
        >>> with TemporaryDirectory() as folder:
        ...     path = certify(games.stag_hunt(), pg(), "CC", resolution=1 / 8).save(f"{folder}/proof.json")
        ...     figure = verification_figure(verify_certificate(path))
        >>> [text.get_text() for text in figure.legends[0].get_texts()]
        ['proved: 2 traps, 43 cells', 'without a claim: 21 cells']
    """
    only(found, Verification, "verify_certificate")
    wide = width_asked(WIDTH)
    parts = {"traps": _traps(found), "cells": _cells(found)}
    lines, title = (
        _lines(found, int(LETTERS * wide / WIDTH)),
        wrapped(_verdict(found) if title is None else title, wide),
    )
    above = TITLE + LINE * title.count("\n")
    signs, columns = _handles(parts, _partial(found)), 2 if wide >= WIDTH else 1
    key_height = KEY * math.ceil(len(signs) / columns) / 2
    height = above + BARS + AXIS + max(KEY, key_height) + LINE * len(lines) + FOOT
    figure = page(wide, height, layout=None)
    width, height = inches(figure)
    axes = figure.add_axes((LEFT / width, 1 - (above + BARS) / height, (width - LEFT - RIGHT) / width, BARS / height))
    for row, (kind, counts) in enumerate(parts.items()):
        _bar(axes, row, counts, kind)
    _frame(axes)
    axes.set_title(title, fontsize=TEXT + 1, color=INK)
    figure.legend(
        handles=signs, ncols=columns, fontsize=SMALL, frameon=False,
        loc="upper left", bbox_to_anchor=(LEFT / width, 1 - (above + BARS + AXIS) / height),
        borderaxespad=0.0, borderpad=0.0, labelcolor=INK, handleheight=1.1,
    )  # fmt: skip
    # a reason may quote a file, in which dollars are no formulas
    figure.text(
        LEFT / width, (FOOT + LINE * len(lines)) / height, "\n".join(lines),
        va="top", fontsize=SMALL, color=INK, parse_math=False,
    )  # fmt: skip
    return figure


def _traps(found: Verification) -> dict[str, int]:
    """Traps by what became of them; the total is not known where the check did not come to them."""
    return {"proved": found.traps, "rejected": sum(reason.startswith("trap ") for reason in found.reasons)}


def _cells(found: Verification) -> dict[str, int]:
    """Cells by what became of them."""
    # before any cell is followed there is no proved trap, or a reason that is none about a cell
    followed = found.status is Status.COMPLETE and all(reason.startswith("cell ") for reason in found.reasons)
    if not found.accepted and not (followed and found.traps):
        return {"not settled": found.cells, "without a claim": found.undecided}
    rejected = len(found.reasons)
    others = "not settled" if _partial(found) else "proved"
    return {others: found.cells - rejected, "rejected": rejected, "without a claim": found.undecided}


def _partial(found: Verification) -> bool:
    """Whether more cells may be wrong than those that were rejected."""
    return found.sample is not None or len(found.reasons) >= MOST_REASONS


def _bar(axes: Axes, row: int, counts: dict[str, int], kind: str) -> None:
    total, left = sum(counts.values()), 0.0
    if not total:
        nothing = "none is known to be proved" if kind == "traps" else "there are none"
        axes.text(0.01, row, nothing, va="center", fontsize=SMALL, color=INK)
    for name, style in LOOKS.items():
        number = counts.get(name, 0)
        left = segment(axes, row, left, number / total if number else 0.0, style, text=str(number))


def _frame(axes: Axes) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_xlim(0.0, 1.0)
    axes.set_yticks([0, 1], ["traps", "cells"], fontsize=TEXT)
    axes.set_ylim(1.5, -0.5)
    words(axes, xlabel="share of the traps, and of the cells")


def _handles(parts: dict[str, dict[str, int]], partial: bool) -> list[Any]:
    handles = []
    for name, style in LOOKS.items():
        present = [(kind, counts[name]) for kind, counts in parts.items() if counts.get(name)]
        if present:
            numbers = ", ".join(f"{number} {kind if number > 1 else kind[:-1]}" for kind, number in present)
            # of a sample it is cells of which there may be more, and no traps
            more = " at least" if partial and (name, present[-1][0]) == ("rejected", "cells") else ""
            handles.append(handle(style, f"{name}: {numbers}{more}"))
    return handles


def _verdict(found: Verification) -> str:
    if found.status is not Status.COMPLETE:
        return "the check was interrupted"
    sampled = ""
    if found.sample is not None:
        sampled = "\n" + (f"a sample of {found.sample} of {found.cells} cells" if found.reasons else found.looked_at)
    return f"certificate {found.verdict}, with balls of {found.precision} bits{sampled}"


def _lines(found: Verification, letters: int) -> list[str]:
    """The first reasons, each in up to two lines, and how many there are besides."""
    # that it was interrupted is the title
    reasons = found.reasons if found.status is Status.COMPLETE else found.reasons[:-1]
    lines: list[str] = []
    for reason in reasons[:MOST_SHOWN]:
        lines += textwrap.wrap(reason, letters, max_lines=2, placeholder=" …", subsequent_indent="    ")
    more = len(reasons) - MOST_SHOWN
    if more > 0:
        lines.append(f"… and {more} more" + (" at least" if len(reasons) >= MOST_REASONS else ""))
    return lines
