"""Options of the verbs that compute or prove something about learners without running them from many starts."""

from nashscape.core.options.rows import SHARED, Option

ROUNDING = Option("tolerance", "float", 1e-9, "of payoffs or of the number", "What is put down to rounding.")
BRACKET = Option("tolerance", "float", 1e-6, "of the number", "Widest bracket.")
SEARCHED = Option(
    "starts", "int", 64, "points", "Random starts of the search for points that are no corners, per face."
)
PROVED = Option("target", "Target", None, "", "Outcome to prove, as CC. Default: all that attract.")
CERTIFIED = (PROVED, "region", "coordinates", "step_size", "projection", "resolution", "progress")
REGION = Option("region", "tuple", None, "probability or parameters",
                "Low and high end. Default: probabilities from 0.05 to 0.95, or parameters from -3 to 3.")  # fmt: skip
AT = Option("at", "Sequence", None, "probability",
            "Strategies at which the first step is looked at, as 0.4,0.7. Default: all actions alike.")  # fmt: skip
JOINT = Option("target", "Target", None, "", "Joint action, as CC. Default: all first actions.")
ALONG = (
    Option("low", "float", None, "of the number", "Lower end. Default: that of the dial; functions need both ends."),
    Option("high", "float", None, "of the number", "Upper end. Default: that of the dial."),
    Option("dial", "Dial", None, "", "What varies in a game. Default: the coupling of its players."),
    SHARED["parameter"].but(None, "Default: by dial."), SHARED["rule"].but(None, "Default: by dial."),
)  # fmt: skip

FOLLOWED = Option("time_step", "float", None, "1/payoff", "Follow the flow, by steps of so long. Default: updates.")
FOR_SO_LONG = Option("steps", "int", None, "updates", "Updates followed. Default: 400, or by the kind of dynamics.")

PROVING: dict[str, tuple[str | Option, ...]] = {
    "certify": (
        *CERTIFIED, REGION, SHARED["estimator"],
        FOLLOWED, FOR_SO_LONG, "seconds",
    ),
    "certify_escape": (
        *CERTIFIED, REGION, SHARED["estimator"], FOLLOWED, FOR_SO_LONG, "seconds",
    ),
    "certify_in_probability": (
        *CERTIFIED, REGION,
        Option("confidence", "float", 0.95, "probability", "Least probability of what is said of a start."),
        Option("horizon", "int", 140, "updates", "Updates that the bound is about."),
        SHARED["seconds"].but(120.0, "Twice as long as without noise: bounds take more cells."),
    ),
    "verify_certificate": (
        Option("sample", "int", None, "cells", "Follow so many cells only, drawn at random. Default: all."),
        "seed",
        Option("processes", "int", None, "", "Processes side by side. Default: two for many cells."),
        "progress",
    ),
    "program_equilibria": (
        "bound", ROUNDING, Option("epsilon", "float", 1e-6, "of payoffs", "Largest gain of what is called nearly."),
        SEARCHED, "seed",
    ),
    "equilibria": (
        Option("concept", "str", "nash", "",
               "What counts as one: nash, bayes_nash, correlated, coarse_correlated, logit, stackelberg, team_maxmin, "
               "minimax_winner or risk_averse, with options as logit:precision=2; nashscape concepts tells of each."),
        SHARED["rule"].but(None, "Under which stability is looked at. Default: none."),
        Option("method", "str", "own", "", "own, pure (pure equilibria alone), gambit or nashpy."),
        Option("logit", "str", "rescaled", "",
               "Payoffs on the logit path that marks an equilibrium: rescaled, each player's by its range, or raw."),
        Option("seconds", "float", 60.0, "seconds", "After which the search stops.", least=0),
        Option("most", "int", None, "equilibria", "How many are wanted. Default: all.", least=1),
        Option("tolerance", "float", 1e-7, "of a player's range of payoffs",
               "Largest regret of what other solvers find."),
    ),
    "existence_report": ("bound", BRACKET, "seed"),
    "boundary_test": ("bound", ROUNDING, Option("starts", "int", 32, "points", "Random starts per player."), "seed"),
    "boundary_tests": ("bound", ROUNDING),
    "fixed_points": (
        "bound", SEARCHED, "seed", Option("prove", "bool", False, "", "Prove every point by intervals."), "progress",
    ),
    "continuation": (
        *ALONG,
        Option("start", "Sequence", None, "", "Strategies of a known point. Default: searched for."),
        Option("theta", "ArrayLike", None, "", "Parameters of a known point. Default: searched for."),
        Option("at", "float", None, "of the number", "Where to begin. Default: the low end."),
        "bound",
        Option("step", "float", 0.25, "arc length", "Longest step along a branch."),
        BRACKET,
        Option("starts", "int", 32, "points", "Random starts of the search for points to begin with."),
        "seed", Option("switch", "bool", True, "", "Follow the branches that leave at bifurcations."),
        Option("max_points", "int", 1000, "points", "Most points of a branch."),
        Option("max_branches", "int", 24, "branches", "Most branches."), "progress",
    ),
    "critical_box": (
        Option("low", "float", 0.1, "parameters (logits)", "Least bound looked at."),
        Option("high", "float", 16.0, "parameters (logits)", "Largest bound looked at."),
        Option("samples", "int", 65, "bounds", "Bounds looked at first."), BRACKET,
    ),
    "coupling_threshold": (
        Option("low", "float", 0.0, "coupling", "Least coupling looked at."),
        Option("high", "float", 2.0, "coupling", "Largest coupling looked at."),
        AT, JOINT, ROUNDING,
    ),
    "threshold": (
        *ALONG, AT, JOINT, ROUNDING,
        Option("samples", "int", None, "values", "Values looked at first. Default: 65, or 9 over couplings."),
        Option("degree", "int", None, "", "Of the polynomial in the number. Default: found out."),
    ),
    "drift_constants": ("bound", Option("share", "float", 0.5, "share of the constant", "Share that is kept.")),
}  # fmt: skip
"""Verb ↦ its options: names of shared ones, and its own."""
