"""The pools of two publications: fishery, pasture and pollution, and valves on a network."""

from typing import Any

from nashscape.core import positive_integer
from nashscape.core.calls import public
from nashscape.environments.commons.common_pool import CommonPool
from nashscape.environments.commons.making_pools import common_pool
from nashscape.environments.commons.regenerations import regeneration, written


def _monthly(name: str, players: int, rounds: int, options: dict[str, Any]) -> CommonPool:
    """Five who take whole units from a pool of 100, which doubles every month and collapses below 5."""
    given: dict[str, Any] = {"demands": range(101), "capacity": 100, "collapse": 5, "unit": 1, "rationing": "random"}
    return common_pool(players, rounds=rounds, name=name, **given | options)


@public()
def fishery(players: int = 5, *, rounds: int = 12, **options: Any) -> CommonPool:
    """The fishery of GovSim: a lake of 100 tons of fish, which double every month up to 100 and die out below 5.

    Five fishers say at the same time how many whole tons they want, 0 to 100. If that is more than there is, tons are
    handed out one by one, each to a fisher drawn evenly from those who want more. `pasture` and `pollution` are the
    same numbers under other names.

    Args:
        players: n.
        rounds: months.
        **options: of `common_pool`, such as `rationing="proportional"`, the other rule of its code.

    Example:
        >>> fishery().action_spaces[0].n, fishery().horizon
        (101, 12)

    Source: G. Piatti et al., Cooperate or Collapse, arXiv 2404.16698 (2024), and the code of GovSim.
    """
    return _monthly("fishery", players, rounds, options)


@public()
def pasture(players: int = 5, *, rounds: int = 12, **options: Any) -> CommonPool:
    """The pasture of GovSim: 100 hectares of grass, on which shepherds let flocks graze; numbers as in `fishery`.

    Args:
        players: n.
        rounds: months.
        **options: of `common_pool`.

    Example:
        >>> pasture().name
        'pasture'

    Source: as `fishery`.
    """
    return _monthly("pasture", players, rounds, options)


@public()
def pollution(players: int = 5, *, rounds: int = 12, **options: Any) -> CommonPool:
    """The river of GovSim: 100 % of clean water, which factories use up by what they produce; numbers as in `fishery`.

    Args:
        players: n.
        rounds: months.
        **options: of `common_pool`.

    Example:
        >>> pollution().name
        'pollution'

    Source: as `fishery`.
    """
    return _monthly("pollution", players, rounds, options)


@public()
def valves(rate: float = 0.053, *, players: int = 4, rounds: int = 100, **options: Any) -> CommonPool:
    """Valves on a network: each of four players takes a quarter of .1 from a stock of .5, or nothing.

    The stock is at most 1, and grows by the same amount in each round. Players see it and what they have taken in all.
    If all take, the stock is exhausted after 7 rounds at a rate of .03, 8 (.042), 10 (.053), 13 (.065), 19 (.077), 35
    (.088), and never at .1. Grown back first and then taken it lasts a round longer at .03 and at .053, and three at
    .077; with `order="test last", collapse=0.1`, where all is over when not all could take any more, one round less.

    Args:
        rate: Δ; the published ones are .03, .042, .053, .065, .077, .088 and .1.
        players: n; each takes .1/n.
        rounds: after which episodes are cut off.
        **options: of `common_pool`, such as `totals=False`, with which there is an `exact` game, or `graph`.

    Example:
        >>> valves().action_spaces[0].names, valves(totals=False).exact().n_states
        (('0', '0.025'), 948)

    Source: arXiv 2010.07777 (2020).
    """
    n, law = positive_integer(players, "players"), regeneration("constant", growth=rate)
    given: dict[str, Any] = {
        "demands": (0.0, 0.1 / n), "capacity": 1.0, "initial": 0.5, "clock": False, "totals": True, "discount": 0.99,
        "regeneration": law, "name": "valves",
        "unit": None if 100 % n or (1000 * written(law.growth)).denominator > 1 else 0.001,
    }  # fmt: skip
    return common_pool(n, rounds=rounds, **given | options)
