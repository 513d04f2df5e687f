"""Continuations as tables: the bifurcations, and the branches that they join."""

from nashscape.core.tables import Table, one_by_one, shortened, standing
from nashscape.theory.following.branches import ENDS, KINDS, Continuation


@one_by_one
def continuation_table(found: Continuation) -> Table:
    """Where equilibria of learning appear, vanish, meet or lose their stability, and the branches between."""
    points = [
        (one.kind, f"[{one.low:.8g}, {one.high:.8g}]", str(one.branch), ", ".join(map(str, one.others)) or "–")
        for one in found.points
    ]
    branches = [
        (
            str(k),
            str(len(one.values)),
            f"{one.values.min():.6g} to {one.values.max():.6g}",
            f"{int(one.stable.sum())}",
            ", ".join(one.ends),
        )
        for k, one in enumerate(found.branches)
    ]
    kinds = [f"{kind}: {KINDS[kind]}." for kind in dict.fromkeys(one.kind for one in found.points)]
    ends = [f"{end}: {ENDS[end]}." for end in dict.fromkeys(end for one in found.branches for end in one.ends)]
    columns = ("branch", "points", found.parameter, "stable at", "ends")
    searched = f"{found.searched[0].upper()}{found.searched[1:]}."
    return Table(
        f"{found.rule} on {found.game}: bifurcations over {found.parameter} from {found.low:g} to {found.high:g}",
        ("kind", found.parameter, "on branch", "branches from it"),
        shortened(points) or (("none", "", "", ""),),
        notes=tuple(kinds),
        below=(Table("Branches", columns, shortened(branches), notes=(*ends, searched, *standing([found]))),),
    )
