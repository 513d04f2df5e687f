"""Gains of types, and Bayes–Nash equilibria, as columns and as tables."""

import numpy as np

from nashscape.core.columns import Columns
from nashscape.core.tables import Table, one_by_one, shortened, standing
from nashscape.theory.bayesian.results import BayesNashEquilibria, InterimGains, TypeProfile


def gains_columns(found: InterimGains) -> Columns:
    """A row for every action of every type of every player: its probability, and what the type would gain by it."""
    rows = [
        (player, kind, action, played[t, a], gains[t, a])
        for player, kinds, actions, played, gains in zip(
            found.players, found.types, found.actions, found.profile.strategies, found.profile.gains, strict=True
        )
        for t, kind in enumerate(kinds)
        for a, action in enumerate(actions)
    ]
    players, types, actions, chances, gains = zip(*rows, strict=True)
    made: Columns = {"player": np.array(players), "type": np.array(types), "action": np.array(actions)}
    return made | {"probability": np.array(chances, dtype=float), "gain": np.array(gains, dtype=float)}


@one_by_one
def gains_table(found: InterimGains) -> Table:
    """For every type what it does, what it gets, and the deviation by which it would gain most."""
    rows = [row for i in range(len(found.players)) for row in _rows(found, i)]
    known = "in fractions" if found.profile.exact is not None else "in double precision"
    return Table(
        f"What types of {found.game} would gain",
        ("player", "type", "plays", "gets", "best deviation", "gain"),
        shortened(rows),
        left=("plays", "best deviation"),
        notes=(f"All deviations of all types were looked at, {known}.", *standing([found])),
    )


def _rows(found: InterimGains, i: int) -> list[tuple[str, ...]]:
    made: list[tuple[str, ...]] = []
    one, names = found.profile, found.actions[i]
    for t, kind in enumerate(found.types[i]):
        played, gains = one.strategies[i][t], one.gains[i][t]
        mix = ", ".join(f"{p:.3g} {names[a]}" if p < 1 else names[a] for a, p in enumerate(played) if p > 5e-4)
        if np.isnan(gains).any():
            made.append((found.players[i], kind, mix, "", "probability zero", ""))
            continue
        others = np.where(played < 1, gains, -np.inf)
        best = int(others.argmax()) if np.isfinite(others).any() else int(gains.argmax())
        made.append((found.players[i], kind, mix, f"{one.interim[i][t]:.4g}", names[best], f"{gains[best]:.2g}"))
    return made


@one_by_one
def bayes_nash_table(found: BayesNashEquilibria) -> Table:
    """Every equilibrium with what types do, payoffs before types are drawn, and the largest gain of any type."""
    whole = {"all": "These are all."}.get(found.said, f"{found.said[0].upper()}{found.said[1:]}.")
    whole = whole if found.complete or found.pure_complete else "There may be others."
    return Table(
        f"Bayes–Nash equilibria of {found.game}",
        ("types play", "payoffs", "what it is", "largest gain", "largest regret"),
        shortened(map(_row, found.equilibria)) or (("none found", "", "", "", ""),),
        left=("types play", "what it is"),
        notes=tuple(line for line in (whole, found.note, *standing([found])) if line),
    )


def _row(one: TypeProfile) -> tuple[str, ...]:
    kind = "strict" if one.strict else "pure, not strict" if one.pure else "mixed"
    payoffs = ", ".join(f"{value:.4g}" for value in one.payoffs)
    return one.name, payoffs, kind, f"{one.largest:.1g}", f"{one.regret.max():.1g}"
