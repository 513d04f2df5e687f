"""How figures look: colours that everyone can tell apart, hatching and words beside them, sizes, saving.

The colours are those of Okabe and Ito (2008), in an order in which neighbours stay apart under all common colour
vision deficiencies. Outcomes that are no targets are greys with a hatching each, and shades run along cividis.
"""

import io
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from nashscape.core import WITHIN, InputError, Outcome, label_names
from nashscape.core.files.whole_files import whole_file

TARGETS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00")
OWN_HATCHES = ("", "", "", "..", "--", "++")
"""Of targets whose colours are as bright as those of others."""
TARGET_HATCHES = ("", "\\\\\\\\", "oo", "--")
INK = "#222222"
FAINT = "#8A8A8A"
SEQUENTIAL = "cividis"
DIVERGING = "PuOr"
TEXT = 9.0
SMALL = 8.0
DPI = 150
HATCH_DENSITY = 0.6
LETTERS = 12.0
"""Of a figure's title to an inch."""


@dataclass(frozen=True)
class Look:
    """Fill, hatching and the colour of the hatching: the three ways in which an area is told from another."""

    colour: str
    hatch: str = ""
    ink: str = INK


OUTCOMES: Mapping[int, Look] = {
    Outcome.OUT_OF_BUDGET: Look("#F2F2F2", "....", FAINT),
    Outcome.DIVERGED: Look("#111111", "xxxx", "#FFFFFF"),
    Outcome.CYCLING: Look("#B8B8B8", "////", "#333333"),
    Outcome.STATIONARY_UNKNOWN: Look("#7A7A7A", "||||", "#FFFFFF"),
    Outcome.OTHER_EQUILIBRIUM: Look("#F0E442", "++++", "#7A7020"),
    Outcome.SLOW: Look("#E4E4E4", "----", FAINT),
    Outcome.NOISY: Look("#F2F2F2", "oooo", FAINT),
    Outcome.FRAGILE: Look("#D9D9D9", "****", FAINT),
}


UNDECIDED = Look("#FFFFFF", "////", FAINT)
"""What was not proved."""


def look(code: int) -> Look:
    """The look of an outcome code; target number k always has the same one, whatever else a figure shows."""
    if code < Outcome.TARGET:
        return OUTCOMES[code]
    number, added = divmod(code - Outcome.TARGET, 3)
    turn, k = divmod(number, len(TARGETS))
    if added:
        # the colour of the target, as lines on white: not, or not for good, what it is filled with
        lines = "xxx" if added == WITHIN else "///"
        return Look("#FFFFFF", lines + OWN_HATCHES[k] + TARGET_HATCHES[turn % len(TARGET_HATCHES)], TARGETS[k])
    ink = darker(TARGETS[k]) if OWN_HATCHES[k] else INK
    return Look(TARGETS[k], OWN_HATCHES[k] + TARGET_HATCHES[turn % len(TARGET_HATCHES)], ink)


def darker(colour: str) -> str:
    """A shade of a colour, for hatching over it."""
    red, green, blue = (0.6 * part for part in to_rgb(colour))
    return to_hex((red, green, blue))


def looks(targets: Sequence[str]) -> dict[str, Look]:
    """The look of every outcome by name, targets first: the order in which legends and bars show them."""
    names = label_names(targets)
    codes = sorted(names, key=lambda code: (code < Outcome.TARGET, (code - Outcome.TARGET) % 3, code))
    return {names[code]: look(code) for code in codes}


def handle(style: Look, label: str) -> Patch:
    """A legend entry."""
    return Patch(facecolor=style.colour, hatch=style.hatch, edgecolor=style.ink, linewidth=0.4, label=label)


def words(axes: Axes, *, title: str = "", xlabel: str = "", ylabel: str = "") -> None:
    """Title and axis labels in the sizes of all figures; a long title is broken into lines."""
    if title:
        axes.set_title("\n".join(textwrap.wrap(title, 34)), fontsize=TEXT + 1, color=INK)
    axes.set_xlabel(xlabel, fontsize=TEXT)
    axes.set_ylabel(ylabel, fontsize=TEXT)
    axes.tick_params(labelsize=SMALL)


def wrapped(title: str, width: float) -> str:
    """The lines of a title, broken where they are too long for a figure of so many inches."""
    return "\n".join(part for line in title.splitlines() for part in broken(line, int(LETTERS * width)))


def broken(text: str, letters: int) -> list[str]:
    """Lines of at most so many letters; numbers stay with their per cent.

    >>> broken("gained 16.6 %, lost 0.0 %", 24)
    ['gained 16.6 %, lost', '0.0 %']
    """
    kept = text.replace(" %", "\u00a0%").replace(" = ", "\u00a0=\u00a0")
    return [line.replace("\u00a0", " ") for line in textwrap.wrap(kept, max(letters, 1))]


def bare(axes: Axes) -> None:
    """Without the top and right spine, and with a faint grid behind the data."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(True, color="#DDDDDD", linewidth=0.6)
    axes.set_axisbelow(True)


def percent(share: float) -> str:
    """A share as a percentage with one digit, which never rounds something to nothing.

    >>> percent(0.2562), percent(0.0002), percent(0.99999), percent(1 - 1e-16)
    ('25.6 %', '<0.1 %', '>99.9 %', '100.0 %')
    """
    if 0 < share < 0.0005:
        return "<0.1 %"
    # a sum of shares may miss a whole by rounding
    if 0.9995 <= share < 1 - 1e-12:
        return ">99.9 %"
    return f"{100 * share:.1f} %"


def contrast(colour: str) -> str:
    """Black or white, whichever has more contrast with a colour: (L + .05) / .05 of black against 1.05 / (L + .05)."""
    red, green, blue = to_rgb(colour)
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (red, green, blue)]
    luminance = float(np.dot(linear, (0.2126, 0.7152, 0.0722)))
    return "#FFFFFF" if (luminance + 0.05) ** 2 < 1.05 * 0.05 else "#000000"


def _write(figure: Figure, sink: Any, kind: str) -> None:
    # the same figure gives the same bytes: no date, and identifiers from a fixed salt
    metadata: dict[str, Any] = {"Date": None} if kind == "svg" else {}
    settings: Any = {"svg.hashsalt": "nashscape", "hatch.linewidth": HATCH_DENSITY}
    with mpl.rc_context(settings):
        figure.savefig(sink, format=kind, dpi=DPI, metadata=metadata)


def to_svg(figure: Figure) -> str:
    """The figure as the text of an SVG file."""
    sink = io.BytesIO()
    _write(figure, sink, "svg")
    return sink.getvalue().decode()


def to_png_bytes(figure: Figure) -> bytes:
    """The figure as a PNG file of 150 dots per inch."""
    sink = io.BytesIO()
    _write(figure, sink, "png")
    return sink.getvalue()


KINDS = ("png", "svg", "pdf")


def save(figure: Figure, path: str | Path) -> Path:
    """Write the figure as PNG, SVG or PDF, by the ending of `path`; returns the path.

    Raises:
        InputError: for any other ending.
    """
    path = Path(path)
    kind = path.suffix.lower().removeprefix(".")
    if kind not in KINDS:
        raise InputError(f"a figure is saved as .png, .svg or .pdf; got {str(path)!r}")
    with whole_file(path) as sink:
        if kind == "pdf":
            figure.savefig(sink, format=kind, metadata={"CreationDate": None})
        else:
            _write(figure, sink, kind)
    return path
