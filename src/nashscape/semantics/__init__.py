"""How parameters become strategies, and games whose players choose parameters."""

from nashscape.semantics.independent import Independent, independent
from nashscape.semantics.parametric import ParametricGame, parametric
from nashscape.semantics.semantics import Semantics

__all__ = ["Independent", "ParametricGame", "Semantics", "independent", "parametric"]
