"""Learning rules: the terms, where they come from, how they become updates."""

from nashscape.learning import schedules
from nashscape.learning.estimators import Estimator, Exact, exact
from nashscape.learning.keys import StepKey, check_seed, seed_words, step_key
from nashscape.learning.oracle import Oracle
from nashscape.learning.projection import Box, box, unbounded
from nashscape.learning.rules import (
    RULES,
    PlayerRules,
    Rule,
    TermRule,
    check_rule,
    lola,
    lookahead,
    meta_mapg,
    meta_pg,
    peer_only,
    per_player,
    pg,
    rule_by_name,
)
from nashscape.learning.sampling import Sampled, sampled
from nashscape.learning.schedules import Schedule, as_schedule, constant, handoff, power, two_phase
from nashscape.learning.terms import Terms, player_slices, terms_from_derivatives

__all__ = [
    "RULES", "Box", "Estimator", "Exact", "Oracle", "PlayerRules", "Rule", "Sampled", "Schedule", "StepKey", "TermRule",
    "Terms", "as_schedule", "box", "check_rule",
    "check_seed", "constant", "exact", "handoff", "lola", "lookahead", "meta_mapg",
    "meta_pg", "peer_only", "per_player", "pg", "player_slices", "power", "rule_by_name", "sampled", "schedules",
    "seed_words", "step_key", "terms_from_derivatives", "two_phase", "unbounded",
]  # fmt: skip
