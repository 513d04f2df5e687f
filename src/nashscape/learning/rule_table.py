"""The rules by name."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from nashscape.core import InputError, unknown
from nashscape.core.calls import public
from nashscape.learning.competitive_gradients import cgd
from nashscape.learning.jacobian_rules import consensus, local_symplectic_surgery, sga
from nashscape.learning.natural_gradients import natural_gradient
from nashscape.learning.proximal_lola import pola
from nashscape.learning.rules import Rule
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
    }
)


def rule_key(name: Any) -> str:
    """The key of a rule in the table, hyphens or underscores.

    Raises:
        InputError: for an unknown name, with the nearest known ones.
    """
    key = name.replace("-", "_") if isinstance(name, str) else ""
    if key == "cola":
        raise InputError("COLA is trained for one game, so it has no name here; make one in Python: ns.cola(game)")
    if key not in RULES:
        raise unknown("rule", name, RULES)
    return key


@public()
def rule_by_name(name: str, **coefficients: Any) -> Rule:
    """A rule by its name, hyphens or underscores, with coefficients by name.

    Raises:
        InputError: for an unknown name, with the nearest known ones, or a coefficient that the rule does not have.
    """
    return RULES[rule_key(name)](**coefficients)
