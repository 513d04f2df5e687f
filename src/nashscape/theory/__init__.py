"""What can be said about a game without simulating it: best responses, regret, equilibria."""

from nashscape.theory.pure import PureEquilibrium, pure_equilibria
from nashscape.theory.responses import BestResponse, best_response, regret
from nashscape.theory.symmetric import SymmetricThresholds, symmetric_thresholds

__all__ = [
    "BestResponse",
    "PureEquilibrium",
    "SymmetricThresholds",
    "best_response",
    "pure_equilibria",
    "regret",
    "symmetric_thresholds",
]
