"""Learning rules: the terms, where they come from, how they become updates."""

from nashscape.learning import schedules
from nashscape.learning.by_rule import ByRule
from nashscape.learning.competitive_gradients import cgd
from nashscape.learning.consistency import Consistency, consistency_residual
from nashscape.learning.consistency_training import cola
from nashscape.learning.consistent_lola import Cola
from nashscape.learning.delays import Delayed, delayed
from nashscape.learning.dial import Dial
from nashscape.learning.dials import dial_of
from nashscape.learning.estimators import Estimator, Exact, StatefulEstimator, exact
from nashscape.learning.handing_over import HandedOver, handed_over
from nashscape.learning.jacobian_rules import consensus, local_symplectic_surgery, sga
from nashscape.learning.keys import StepKey, check_seed, seed_words, step_key
from nashscape.learning.markov_sampling import Episodes, episodes
from nashscape.learning.natural_gradients import natural_gradient
from nashscape.learning.oracle import Oracle
from nashscape.learning.projection import Box, Simplexes, box, default_projection, simplexes, unbounded
from nashscape.learning.proximal_lola import Pola, pola
from nashscape.learning.rule_table import RULES, rule_by_name
from nashscape.learning.rules import PlayerRules, Rule, check_rule, per_player
from nashscape.learning.sampling import Sampled, sampled
from nashscape.learning.schedules import Schedule, as_schedule, constant, handoff, power, two_phase
from nashscape.learning.stable_opponent_shaping import sos
from nashscape.learning.stateless import StatelessRule
from nashscape.learning.steps_ahead import exact_lola, extragradient, unrolled_meta_mapg
from nashscape.learning.term_rules import TermRule, lola, lookahead, meta_mapg, meta_pg, peer_only, pg
from nashscape.learning.terms import Terms, player_slices, terms_from_derivatives

__all__ = [
    "RULES",
    "Box",
    "ByRule",
    "Cola",
    "Consistency",
    "Delayed",
    "Dial",
    "Episodes",
    "Estimator",
    "Exact",
    "HandedOver",
    "Oracle",
    "PlayerRules",
    "Pola",
    "Rule",
    "Sampled",
    "Schedule",
    "Simplexes",
    "StatefulEstimator",
    "StatelessRule",
    "StepKey",
    "TermRule",
    "Terms",
    "as_schedule",
    "box",
    "cgd",
    "check_rule",
    "check_seed",
    "cola",
    "consensus",
    "consistency_residual",
    "constant",
    "default_projection",
    "delayed",
    "dial_of",
    "episodes",
    "exact",
    "exact_lola",
    "extragradient",
    "handed_over",
    "handoff",
    "local_symplectic_surgery",
    "lola",
    "lookahead",
    "meta_mapg",
    "meta_pg",
    "natural_gradient",
    "peer_only",
    "per_player",
    "pg",
    "player_slices",
    "pola",
    "power",
    "rule_by_name",
    "sampled",
    "schedules",
    "seed_words",
    "sga",
    "simplexes",
    "sos",
    "step_key",
    "terms_from_derivatives",
    "two_phase",
    "unbounded",
    "unrolled_meta_mapg",
]
