"""How parameters become strategies, and games whose players choose parameters."""

from nashscape.semantics.coupling import Coupled, coupled, open_source
from nashscape.semantics.direct import PointParameters, SimplexParameters, points, simplex
from nashscape.semantics.independence import Independent, independent
from nashscape.semantics.parametric_game import ParametricGame, parametric
from nashscape.semantics.policies import PerState, per_state
from nashscape.semantics.semantics import Semantics

__all__ = [
    "Coupled",
    "Independent",
    "ParametricGame",
    "PerState",
    "PointParameters",
    "Semantics",
    "SimplexParameters",
    "coupled",
    "independent",
    "open_source",
    "parametric",
    "per_state",
    "points",
    "simplex",
]
