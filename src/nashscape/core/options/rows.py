"""Options that several verbs share, each with its usual default."""

from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True)
class Option:
    """One thing that a verb can be told.

    Attributes:
        name: the keyword in Python.
        type: the name of its type in Python; texts stand for what the library makes of them (`starts.from_text` and
            the like).
        default: what is taken where nobody says, as plain data; None where it depends on other things, which `help`
            says.
        unit: of its value; "" where it has none.
        help: one or two sentences for the command line.
        least: the least value that there can be; None where that depends on other things.
        most: the largest one, likewise.
    """

    name: str
    type: str
    default: Any
    unit: str
    help: str
    least: float | None = None
    most: float | None = None

    def but(self, default: Any, why: str = "") -> "Option":
        """The same option with another default, and why it is another."""
        return replace(self, default=default, help=f"{self.help} {why}".strip())


SHARED = {
    row.name: row
    for row in (
        # where runs start
        Option("starts", "Starts", "normal:std=1.35", "parameters (logits)",
               "Distribution of every starting parameter (logit): normal:std=S, normal:mean=M,std=S, "
               "uniform:low=A,high=B, uniform_strategies, which points and probabilities have by default, or weights, "
               "as networks draw their own, which these have."),
        Option("n", "int", 400, "runs", "Number of random starts.", least=1),
        Option("grid", "int", 51, "cells", "Cells per player of a grid of starts.", least=2),
        Option("kind", "str", "cells", "",
               "cells (centres of equal cells) or endpoints (published maps; biased)."),
        Option("low", "float", 0.05, "probability", "Least starting probability of the first action.", least=0, most=1),
        Option("high", "float", 0.95, "probability",
               "Largest starting probability of the first action.", least=0, most=1),
        Option("region", "tuple", (0.05, 0.95), "probability",
               "Least and largest starting probability of the first action on the grid."),
        Option("rollouts", "int", None, "runs", "Runs per cell. Default: 2 with sampled gradients, else 1.", least=1),
        Option("seed", "int", 0, "", "Seed of everything random.", least=0),
        # how players learn
        Option("rule", "Rule", "pg", "",
               "Learning rule, with coefficients as meta_mapg:peer=2,own=0.35, which may be schedules, as "
               "peer=handoff(3,at=40)."),
        Option("steps", "int", 140, "updates", "Updates of each run.", least=1),
        Option("step_size", "Schedule", "0.9/(t+10)^0.24", "parameters per unit of direction",
               "Step size: a number, scale/(t+offset)^exponent with t the update, as 0.9/(t+10)^0.24, or "
               "handoff(0.5,at=40) and the like."),
        Option("step", "int", 0, "updates", "The update at which coefficients that are schedules are taken.", least=0),
        Option("optimiser", "Optimiser", None, "",
               "What stands between directions and steps, as adam:learning_rate=0.05, of Optax. Default: none."),
        Option("estimator", "Estimator", "exact", "",
               "Exact gradients, or sampled ones, as sampled:batch=192,form=unbiased; over states episodes:batch=384; "
               "of games that are only played, played:batch=64."),
        Option("projection", "Box", "8", "parameters (logits)",
               "Parameters stay in [-M, M]; 'none' for no bound. This is of logits; others stay where they may be."),
        Option("bound", "float", 8.0, "parameters (logits)", "Parameters are in [-M, M]."),
        Option("precision", "str", "float32", "", "float32 or float64."),
        # what is looked for
        Option("target", "Target", None, "", "Outcome to reach, as CC. Default: the best of the usual targets."),
        Option("targets", "Target", None, "",
               "Outcome to look for, as CC; of games that are only played what is to be seen, as 'wins: return >= 1 of "
               "least'. Repeatable. Default: all strict pure equilibria, the best first; all pure "
               "profiles of a small game whose players read each other, all joint actions of one over states."),
        Option("threshold", "float", 0.82, "probability",
               "Probability of the target's actions that counts as reached, above 0.5.", least=0.5, most=1),
        Option("settling", "Settling", None, "",
               "When a run counts as settled, as regret=0.05; of games that are only played how behaviour is seen, as "
               "episodes=64,moments=8. Default: Settling(), or observing()."),
        Option("audit", "int | bool", None, "runs of every label",
               "Runs of every label that are continued to see what becomes of them. Default: 32 where that is cheap.",
               least=0),
        Option("at_step", "bool", False, "",
               "Count runs that are in the region of the target after their last update, as published protocols do."),
        Option("reducers", "Reducer", (), "", "What to compute along the runs, as payoffs:over=end."),
        # what is promised
        Option("level", "float", 0.95, "probability", "Confidence level of the intervals.", least=0, most=1),
        Option("error", "float", 0.05, "probability",
               "Probability with which any answer of chance may be wrong.", least=0, most=1),
        Option("most_trials", "int", 4096, "runs", "Runs at one value at most, where chance decides.", least=1),
        Option("at_least", "float", 0.5, "share of starts", "Wanted share of starts.", least=0, most=1),
        Option("about", "str", None, "", "Fixed starts, or their distribution. Default: the former for exact updates."),
        # how it is computed
        Option("chunk", "int", None, "starts", "Starts that advance together. Default: by memory.", least=1),
        Option("progress", "Callable", None, "", "Called with what is done and all that is to do."),
        Option("seconds", "float", 60.0, "seconds", "How long cells are followed.", least=0),
        Option("resolution", "float", None, "share of the region", "Least side of a cell. Default: by parameters."),
        Option("coordinates", "str", None, "", "strategies or parameters. Default: by semantics and actions."),
        Option("parameter", "str", "value", "", "Name of the number that varies, in tables and figures."),
        # flows
        Option("time", "float", 100.0, "1/payoff", "How long the flow is followed.", least=0),
        Option("samples", "int | Sequence", 200, "intervals", "Equal intervals of time to look at.", least=1),
        Option("rtol", "float", 1e-9, "", "Relative tolerance per step of the solver."),
        Option("atol", "float", 1e-9, "parameters", "Absolute tolerance per step of the solver."),
        Option("rest", "float", None, "payoff range per parameter", "Stop where nothing moves faster. Default: never."),
        Option("max_steps", "int", 100_000, "steps of the solver", "Steps that the solver may try.", least=1),
    )
}  # fmt: skip
"""By name."""

PROTOCOL = (
    "estimator", "step_size", "projection", "settling", "audit", "seed", "precision", "chunk", "progress", "optimiser",
)  # fmt: skip
"""How runs are made, beside the number of updates: what all verbs that run many starts take."""

QUIET = tuple(name for name in PROTOCOL if name != "progress")
"""The same where a verb tells of a progress of its own."""

NO_AUDIT = {"audit": "labels are audited of entries and maps; see audit_labels"}
"""Why other verbs that run many starts take none."""
