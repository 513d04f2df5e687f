"""The two published cases, and which point learners reach in them, as data."""

from nashscape.dynamics import PointTarget
from nashscape.games import DifferentiableGame, coopetition
from nashscape.studies import Study

DEPENDENCE = ((0.0, 0.64), (0.86, 0.0))
"""Of the first actor on the second, and of the second on the first."""
SHARES = (0.55, 0.45)
SYNERGY = {"logarithmic": 0.65, "power": 0.5}
EQUILIBRIA = {"logarithmic": (26.6334, 27.3991), "power": (0.83295, 0.87670)}
"""As published with the released results."""


def case(form: str, *, depends: bool = True, together: bool = True) -> DifferentiableGame:
    """The published case of a form; without interdependence, or without synergy, if so asked."""
    dependence = DEPENDENCE if depends else ((0.0, 0.0), (0.0, 0.0))
    return coopetition(dependence, form=form, shares=SHARES, synergy=SYNERGY[form] if together else 0.0)


def _near(form: str) -> PointTarget:
    first, second = EQUILIBRIA[form]
    return PointTarget("equilibrium", ((first,), (second,)), 0.01 * first)


LEARNERS = Study(
    "coopetition-learners",
    about="Where gradient learners of several kinds come to rest in the published cases, from any investments.",
    fixed={"starts": "uniform_strategies", "steps": 4000, "n": 40},
    vary=[
        {"game": [case(form) for form in EQUILIBRIA], "targets": [[_near(form)] for form in EQUILIBRIA],
         "step_size": [1.0, 0.3]},
        {"rule": ["pg", "lookahead:inner_lr=0.1", "extragradient"]},
    ],
    measure=["standing"],
)  # fmt: skip
