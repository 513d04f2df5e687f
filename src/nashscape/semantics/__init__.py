"""How parameters become strategies, and games whose players choose parameters."""

from nashscape.semantics.independence import Independent, independent
from nashscape.semantics.parametric_game import ParametricGame, parametric
from nashscape.semantics.semantics import Semantics

__all__ = ["Independent", "ParametricGame", "Semantics", "independent", "parametric"]
