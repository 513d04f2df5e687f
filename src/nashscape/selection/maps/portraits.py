"""Portraits: what a rule does in a game of two players with two actions, from four sides at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from nashscape.core import InputError, Provenance, Result, Status
from nashscape.core.calls import verb
from nashscape.core.options import default
from nashscape.dynamics import Run, simulate
from nashscape.learning import Rule, check_rule
from nashscape.learning.rule_texts import formula_of, numbers_of
from nashscape.selection.maps.basin_maps import BasinMap, basin_map
from nashscape.selection.maps.term_fields import TermField, term_field
from nashscape.semantics import Playable, parametric

STARTS: tuple[tuple[float, float], ...] = default("starts", "portrait")
"""Where runs start unless said otherwise: one near the middle, the others around it, none on the diagonal."""


@dataclass(frozen=True, eq=False)
class Portrait(Result):
    """A rule in a game of two players with two actions: where it leads, from everywhere and from a few starts.

    Attributes:
        game: name of the game.
        rule: the rule itself.
        basin: how runs end from every cell of a grid.
        field: where the terms of the rule move the strategies.
        runs: runs from a few starts, step by step.
        status: that of the basin map.
        provenance: that of the basin map.
    """

    question_kind: ClassVar[str] = "portrait"
    picture: ClassVar[str] = "nashscape.figures.rule_cards:card_figure"
    as_table: ClassVar[str] = "nashscape.selection.maps.portrait_tables:portrait_table"
    computed: ClassVar[tuple[str, ...]] = ("formula", "coefficients")

    game: str
    rule: Rule
    basin: BasinMap
    field: TermField
    runs: tuple[Run, ...]
    status: Status
    provenance: Provenance

    @property
    def formula(self) -> str:
        """The direction of the rule as a formula."""
        return formula_of(self.rule)

    @property
    def coefficients(self) -> dict[str, Any]:
        """The coefficients of the rule by name."""
        return numbers_of(self.rule)

    def __repr__(self) -> str:
        """Rule, game and shares, as one line."""
        shares = ", ".join(f"{name} {self.basin.fraction(name).value:.4f}" for name in self.basin.outcomes())
        return f"<Portrait of {self.rule.name} on {self.game}: {shares}; {self.status.value}>"


@verb()
def portrait(
    game: "Playable",
    rule: Rule,
    *,
    starts: Sequence[Any] = STARTS,
    grid: int = 41,
    arrows: int = 12,
    low: float = 0.05,
    high: float = 0.95,
    steps: int = 140,
    targets: Any = None,
    step_size: Any = None,
    projection: Any = None,
) -> Portrait:
    """Look at one rule in one game: basin map, term field and a few runs, all without noise.

    Args:
        game: a game of two players with two actions each, or such a game with a semantics.
        rule: a rule.
        starts: probabilities of the first actions where runs start, one pair each; by default ((0.55, 0.6), (0.25,
            0.35), (0.3, 0.85), (0.8, 0.4), (0.85, 0.75)).
        grid: cells per player of the basin map; by default 41.
        arrows: cells per player of the term field; by default 12.
        low: least starting probability of map and field; by default 0.05.
        high: largest; by default 0.95.
        steps: updates of every run; by default 140.
        targets: profiles to look for; by default those of `dynamics.choose_targets`: all strict pure
            equilibria, or all pure profiles of a small game whose players read each other.
        step_size: outer step size, a number or a schedule; by default `0.9/(t+10)^0.24`.
        projection: where parameters may be; by default `box(8.0)`.

    Raises:
        InputError: for input that does not fit, before anything is compiled.

    Example:
        >>> from nashscape import games
        >>> from nashscape.learning import pg
        >>> found = portrait(games.stag_hunt(), pg(), grid=21)
        >>> found
        <Portrait of pg on stag_hunt: CC 0.2562, DD 0.7438; complete>
        >>> [run.outcome for run in found.runs]
        ['DD', 'DD', 'DD', 'DD', 'CC']
    """
    learners = parametric(game)
    if not isinstance(starts, Sequence) or not starts:
        raise InputError(f"give at least one start, such as starts=[(0.4, 0.7)]; got {starts!r}")
    span: dict[str, Any] = {"low": low, "high": high}
    how: dict[str, Any] = {"steps": steps, "step_size": step_size, "projection": projection}
    field: TermField = term_field(learners, check_rule(rule), grid=arrows, step_size=step_size, **span)
    basin: BasinMap = basin_map(learners, rule, grid=grid, targets=targets, **span, **how)
    runs = tuple(simulate(learners, rule, start, targets=basin.targets, **how) for start in starts)
    return Portrait(
        learners.name,
        rule,
        basin,
        field,
        runs,
        basin.status,
        basin.provenance.asking("portrait", runs_from=list(starts), arrows=arrows),
    )
