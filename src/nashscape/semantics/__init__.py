"""How parameters become strategies, and games whose players choose parameters."""

from nashscape.semantics.access import imperfect
from nashscape.semantics.coupling import Coupled, coupled
from nashscape.semantics.direct import PointParameters, SimplexParameters, points, simplex
from nashscape.semantics.imperfection import Imperfect
from nashscape.semantics.independence import Independent, independent
from nashscape.semantics.networks import Networked, networked
from nashscape.semantics.open_players import open_source
from nashscape.semantics.parametric_game import ParametricGame, parametric
from nashscape.semantics.policies import PerState, per_row, per_state
from nashscape.semantics.policy_networks import PolicyNetwork, policy_network
from nashscape.semantics.readers import Reader, read_all
from nashscape.semantics.restriction import Restricted, restricted
from nashscape.semantics.semantics import Semantics
from nashscape.semantics.weights import WeightReading, weight_reading

__all__ = [
    "Coupled",
    "Imperfect",
    "Independent",
    "Networked",
    "ParametricGame",
    "PerState",
    "PointParameters",
    "PolicyNetwork",
    "Reader",
    "Restricted",
    "Semantics",
    "SimplexParameters",
    "WeightReading",
    "coupled",
    "imperfect",
    "independent",
    "networked",
    "open_source",
    "parametric",
    "per_row",
    "per_state",
    "points",
    "policy_network",
    "read_all",
    "restricted",
    "simplex",
    "weight_reading",
]
