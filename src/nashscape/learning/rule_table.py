"""The rules by name."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from nashscape.core import InputError
from nashscape.core.calls import public
from nashscape.core.found_things import Found
from nashscape.core.registries import Registry
from nashscape.learning.by_rule import stands_for_a_rule
from nashscape.learning.competitive_gradients import cgd
from nashscape.learning.jacobian_rules import consensus, local_symplectic_surgery, sga
from nashscape.learning.natural_gradients import natural_gradient
from nashscape.learning.proximal_lola import pola
from nashscape.learning.replies import best_replies, fictitious_play
from nashscape.learning.row_rules.leaders import follow_regularised_leader
from nashscape.learning.row_rules.mirror_descent import (
    magnetic_mirror_descent,
    mirror_descent,
)
from nashscape.learning.row_rules.regret_matching import cfr, cfr_plus, sampled_cfr
from nashscape.learning.rules import Rule, check_rule
from nashscape.learning.stable_opponent_shaping import sos
from nashscape.learning.steps_ahead import exact_lola, extragradient, unrolled_meta_mapg
from nashscape.learning.term_rules import lola, lookahead, meta_mapg, meta_pg, peer_only, pg

RULES: Mapping[str, Callable[..., Rule]] = MappingProxyType(
    {
        "pg": pg,
        "meta_pg": meta_pg,
        "peer_only": peer_only,
        "meta_mapg": meta_mapg,
        "lookahead": lookahead,
        "lola": lola,
        "sos": sos,
        "consensus": consensus,
        "sga": sga,
        "cgd": cgd,
        "local_symplectic_surgery": local_symplectic_surgery,
        "extragradient": extragradient,
        "exact_lola": exact_lola,
        "unrolled_meta_mapg": unrolled_meta_mapg,
        "natural_gradient": natural_gradient,
        "pola": pola,
        "best_replies": best_replies,
        "fictitious_play": fictitious_play,
    }
)
"""The makers of all rules that have a name, by that name."""


FOR_POLICIES: Mapping[str, str] = MappingProxyType(
    {
        "ppo": "neural.policy_rules:ppo",
        "mappo": "neural.policy_rules:mappo",
        "a2c": "neural.policy_rules:a2c",
        "reinforce": "neural.policy_rules:reinforce",
        "vdn": "neural.value_decomposition:vdn",
        "q_learning": "neural.q_tables:q_learning",
    }
)
"""Of rules that train networks and tables, which are a room above this one, where their makers are, by name."""


FOR_ROWS: Mapping[str, Callable[..., Rule]] = MappingProxyType(
    {
        "cfr": cfr,
        "cfr_plus": cfr_plus,
        "sampled_cfr": sampled_cfr,
        "mirror_descent": mirror_descent,
        "magnetic_mirror_descent": magnetic_mirror_descent,
        "follow_regularised_leader": follow_regularised_leader,
    }
)
"""The makers of rules that learn in every row by itself, of trees and normal forms, by name."""


NAMED_RULES = Registry(
    "rule", "nashscape.rules", MappingProxyType({**RULES, **FOR_ROWS, **FOR_POLICIES}), "coefficient"
)
"""All of those, the rules of installed packages, and rules in files of one's own."""


def found_rule(text: str) -> Found:
    """What makes the rule of a text, and what is given there.

    Raises:
        InputError: for an unknown name, with the nearest known ones, and what cannot be loaded.
    """
    if isinstance(text, str) and text.partition(":")[0].strip().lower() == "cola":
        raise InputError(
            "COLA is trained for one game, so it has no name here; make one in Python: ns.learning.cola(game)"
        )
    return NAMED_RULES.find(text)


@public()
def rule_by_name(name: str, **coefficients: Any) -> Rule:
    """A rule by its name, hyphens or underscores, with coefficients by name.

    Beside ours there are the names that installed packages announce as entry points of the group `nashscape.rules`, and
    "mine.py:slow", what a file of one's own has under a name: a function that makes a rule, or a rule, or players who
    host their own runs.

    >>> rule_by_name("meta-mapg", peer=2).name
    'meta_mapg'

    Raises:
        InputError: for an unknown name, with the nearest known ones, or a coefficient that the rule does not have.
    """
    return made_rule(found_rule(name).having(coefficients))


def made_rule(found: Found) -> Rule:
    """The rule that was found under a name.

    Raises:
        InputError: for a coefficient that it does not have, and what is no rule.
    """
    made: Any = found.made(stands_for_a_rule)
    return made if stands_for_a_rule(made) else found.blamed(lambda: check_rule(made))
