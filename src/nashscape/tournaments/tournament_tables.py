"""Tournaments, ecologies and fingerprints as tables and columns."""

import numpy as np

from nashscape.core.columns import Columns
from nashscape.core.tables import Table, one_by_one, shortened, standing
from nashscape.tournaments.ecologies import Ecology
from nashscape.tournaments.fingerprints import Fingerprint
from nashscape.tournaments.tournament_results import Tournament


def columns_of_tournament(found: Tournament) -> Columns:
    """A row for every strategy, in the order in which they were given."""
    return {
        "strategy": np.array(found.names),
        "rank": found.ranks,
        "mean_score": found.means,
        "against_itself": np.diag(found.scores),
        "self_play": np.full(len(found.names), found.self_play),
    }


@one_by_one
def tournament_table(found: Tournament) -> Table:
    """Every strategy, the best first, with its mean score, that against itself, and against whom it gets least."""
    rows = [
        (
            f"{found.ranks[k]}",
            found.names[k],
            f"{found.means[k]:.6g}",
            f"{found.scores[k, k]:.4g}",
            f"{found.scores[k].min():.4g} ({found.names[int(found.scores[k].argmin())]})",
        )
        for k in found.order
    ]
    sure = "Computed in fractions: equal ranks are ties." if found.exact else ""
    return Table(
        f"Tournament of {len(found.names)} strategies, {found.length}, {found.copies}",
        ("rank", "strategy", "mean score", "against itself", "least"),
        shortened(rows),
        left=("strategy",),
        notes=(*filter(None, [sure]), *standing([found])),
    )


def columns_of_ecology(found: Ecology) -> Columns:
    """A row for every generation."""
    shares = {f"share_{name}": found.shares[:, k] for k, name in enumerate(found.names)}
    return {"generation": np.arange(len(found.shares)), **shares}


@one_by_one
def ecology_table(found: Ecology) -> Table:
    """Every strategy with its share at the beginning and at the end, the largest first."""
    rows = [
        (found.names[k], f"{found.shares[0, k]:.6g}", f"{found.shares[-1, k]:.6g}")
        for k in np.argsort(-found.shares[-1], kind="stable")
    ]
    return Table(
        f"Ecology of {len(found.names)} strategies, {len(found.shares) - 1} generations",
        ("strategy", "first share", "last share"),
        shortened(rows),
        notes=standing([found]),
    )


def columns_of_fingerprint(found: Fingerprint) -> Columns:
    """A row for every point."""
    x, y = np.meshgrid(found.axis, found.axis, indexing="ij")
    return {"cooperates_anyway": x.ravel(), "defects_anyway": y.ravel(), "score": found.scores.ravel()}


def grid_of_fingerprint(_: Fingerprint) -> dict[str, str]:
    """Points are laid out along both probabilities."""
    return {"x": "cooperates_anyway", "y": "defects_anyway"}


@one_by_one
def fingerprint_table(found: Fingerprint) -> Table:
    """The scores at the four corners and in the middle."""
    last = len(found.axis) - 1
    points = [(0, 0), (0, last), (last, 0), (last, last), (last // 2, last // 2)]
    return Table(
        f"Fingerprint of {found.strategy}, probe {found.probe}",
        ("x", "y", "score"),
        [(f"{found.axis[i]:g}", f"{found.axis[j]:g}", f"{found.scores[i, j]:.6g}") for i, j in points],
        notes=standing([found]),
    )
