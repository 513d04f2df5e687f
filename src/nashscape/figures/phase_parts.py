"""What figures of phase diagrams share: cells, groups of outcomes, thresholds and how they are drawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke

from nashscape.core import label_names
from nashscape.figures.style import INK, Look, look
from nashscape.learning.dial_table import label_of
from nashscape.selection.phases.phase_forms import ClosedForms
from nashscape.selection.phases.phase_results import PhaseDiagram

Floats = npt.NDArray[np.float64]
HALO = [withStroke(linewidth=2.3, foreground="#FFFFFF")]


@dataclass(frozen=True)
class Group:
    """Outcomes that are shown as one area: their names, what the area is called, and its look."""

    names: tuple[str, ...]
    label: str
    look: Look


def groups(found: PhaseDiagram) -> list[Group]:
    """All outcomes, targets first. In a symmetric game the two profiles that mirror each other are one area."""
    codes = label_names(found.targets)
    order = sorted(codes, key=lambda code: (codes[code] not in found.targets, code))
    made: list[Group] = []
    taken: set[str] = set()
    for code in order:
        name = codes[code]
        if name in taken:
            continue
        target = next((own for own in found.targets if name in (own, f"rest within {own}", f"passing {own}")), "")
        mirror = target[::-1] if found.closed is not None else target
        names: tuple[str, ...] = (name,)
        label = name
        if mirror != target and mirror in found.targets:
            names, label = (name, name.removesuffix(target) + mirror), f"{name} or {mirror}"
        taken.update(names)
        made.append(Group(names, label, look(code)))
    return made


def shares(found: PhaseDiagram, shown: Sequence[Group], *, diagonal: bool = False) -> Floats:
    """The share of every group in every cell, `[groups, cells…]`."""
    return np.stack([found.fraction(*group.names, diagonal=diagonal) for group in shown])


def edges(centres: Floats) -> Floats:
    """The edges of cells round rising centres: half-way between neighbours."""
    if len(centres) == 1:
        return np.array([centres[0] - 0.5, centres[0] + 0.5])
    middles = (centres[1:] + centres[:-1]) / 2
    return np.concatenate([[2 * centres[0] - middles[0]], middles, [2 * centres[-1] - middles[-1]]])


@dataclass(frozen=True)
class Threshold:
    """A threshold as figures draw it: its sign, "" where it has none, what it means, its dashes."""

    sign: str
    meaning: str
    dashes: Any

    @property
    def label(self) -> str:
        """What it is called in a legend."""
        return ": ".join(filter(None, (self.sign, self.meaning)))

    @property
    def style(self) -> dict[str, Any]:
        """Keywords of Matplotlib's lines."""
        return {"color": INK, "linewidth": 1.5, "linestyle": self.dashes, "path_effects": HALO}

    @property
    def key(self) -> Line2D:
        """A legend entry."""
        return Line2D([], [], color=INK, linewidth=1.5, linestyle=self.dashes, label=self.label)


THRESHOLDS: Mapping[str, Threshold] = {
    "defection": Threshold("κ_D", "above it defection is not stable (diagonal)", (0, (6, 2))),
    "cooperation": Threshold("κ_C", "above it cooperation is stable (diagonal)", (0, (6, 2, 1, 2))),
    "half": Threshold("κ_½", "above it the first step from ½ is upward", (0, (1, 1.3))),
    "leaving": Threshold("", "above it the mixture p° repels off the diagonal", (0, (2.5, 1, 1, 1, 1, 1))),
    "global_threshold": Threshold("√max(κ_C, κ_D)", "above it every start cooperates (no bounds)", "solid"),
}
ALIKE = 1e-6
"""Thresholds closer to each other than this, in units of the coupling, are one line."""
ALONG = ("defection", "cooperation", "half")


def curve(closed: ClosedForms, name: str) -> Floats:
    """A threshold of every column, `[V]`, NaN where there is none."""
    return closed.leaving if name == "leaving" else closed.threshold(name)


def drawn(closed: ClosedForms, names: Sequence[str]) -> list[tuple[Floats, Threshold]]:
    """The thresholds that exist, each with its curve `[V]`; those with signs that coincide everywhere are one."""
    found: list[tuple[Floats, list[Threshold]]] = []
    for name in names:
        at, one = curve(closed, name), THRESHOLDS[name]
        if not np.isfinite(at).any():
            continue
        alike = [same for there, same in found if one.sign and same[0].sign and _coincide(at, there)]
        if alike:
            alike[0].append(one)
        else:
            found.append((at, [one]))
    return [(at, same[0] if len(same) == 1 else _merged(at, same)) for at, same in found]


def _coincide(one: Floats, other: Floats) -> bool:
    return np.allclose(one, other, rtol=0.0, atol=ALIKE, equal_nan=True)


def _merged(at: Floats, same: Sequence[Threshold]) -> Threshold:
    value = [f"{at[0]:.3g}"] if _coincide(at, np.full_like(at, at[0])) else []
    return Threshold(" = ".join([*(one.sign for one in same), *value]), "", same[0].dashes)


def across(found: PhaseDiagram) -> str:
    """What the first number is called on an axis."""
    return "coupling κ" if found.first == "coupling" else label_of(found.first)


def heading(found: PhaseDiagram) -> str:
    """What runs, in what, and where parameters are kept."""
    low, high = found.bounds
    if np.isinf(low) and np.isinf(high):
        kept = "no bounds"
    else:
        kept = f"box [{low:g}, {high:g}]" if np.isfinite([low, high]).all() else "projected"
    return f"{found.rule} on {found.game}, {kept}"
