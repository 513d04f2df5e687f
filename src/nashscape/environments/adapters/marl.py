"""Environments of JaxMARL by name, which are loaded when one is made."""

from typing import TYPE_CHECKING, Any

import numpy as np

from nashscape.core import InputError, finite_number, positive_integer, unknown
from nashscape.core.calls import public
from nashscape.core.extras import needs_package

if TYPE_CHECKING:
    from nashscape.environments.adapters.jaxmarl_environments import JaxMarl


@public()
def jaxmarl(
    name: str, *, limit: int | None = None, discount: float = 0.99, shaped: bool = False, **options: Any
) -> "JaxMarl":
    """An environment of JaxMARL: particles, coins, storm, Overcooked, Hanabi, SMAX.

    It is stepped by `step_env`, which never begins anew. What JaxMARL calls done is taken apart: time that is up
    truncates, after `limit` rounds, counted here; only what ends the game itself terminates (Hanabi, and a side of
    SMAX that is beaten). Actions that are not legal are masked where it says which (Hanabi, SMAX). Agents keep
    observations and actions of their own shapes; of several arrays one is made, flat. Everything within is computed
    in single precision.

    Known are, with the rounds of an episode where `limit` does not say: `MPE_simple_spread_v3`,
    `MPE_simple_reference_v3`, `MPE_simple_speaker_listener_v4`, `MPE_simple_tag_v3` (25), `coin_game` (150; it has two
    coins, and `environments.coin_game` one), `storm_2p` (152), `overcooked` (400; `layout="cramped_room"`,
    "asymm_advantages", "coord_ring", "forced_coord", "counter_circuit"), `HeuristicEnemySMAX` and `SMAX` (100;
    `scenario="3m"` and others), and `hanabi`, which ends of itself.

    Args:
        name: of the environment, as in `jaxmarl.make`.
        limit: rounds after which an episode is cut off.
        discount: γ; JaxMARL has none.
        shaped: whether Overcooked also pays for steps on the way to a soup, what it tells as shaped reward; without,
            first policies are hardly ever paid anything. What soups alone pay is then the measure "soups".
        **options: of the environment, as `jaxmarl.make` takes them; layouts and scenarios by name.

    Raises:
        InputError: where JaxMARL is not installed, for names and options that it does not have, and options that say
            how long an episode is.

    Example:
        >>> from nashscape import environments
        >>> environments.jaxmarl("MPE_simple_spread_v3").players        # doctest: +SKIP
        ('agent_0', 'agent_1', 'agent_2')

    Source: A. Rutherford et al., JaxMARL, arXiv 2311.10090 (2023).
    """
    needs_package("jaxmarl", "an environment of JaxMARL")
    from nashscape.environments.adapters.jaxmarl_environments import KINDS, JaxMarl, made

    if name not in KINDS:
        raise unknown("environment of JaxMARL", name, KINDS)
    kind, discount = KINDS[name], finite_number(discount, "discount", low=0.0, high=1.0)
    rounds = kind.limit if limit is None else positive_integer(limit, "limit")
    for own in (kind.clock, "num_outer_steps"):
        if own in options:
            raise InputError(
                f"{name} is given {own}={options[own]!r}; say limit={options[own]!r}, rounds of an episode"
            )
    if shaped and not kind.shapes:
        raise InputError(f"{name} tells of no shaped reward; of JaxMARL's environments Overcooked does")
    given = dict(options)
    if kind.clock is not None and rounds is not None:
        given[kind.clock] = rounds + kind.later
    if kind.clock == "num_inner_steps":
        given["num_outer_steps"] = 1
    frozen = tuple(sorted((key, _frozen(value)) for key, value in given.items()))
    try:
        inner = made(name, frozen)
    except (TypeError, KeyError, ValueError, AssertionError, NotImplementedError) as error:
        raise InputError(f"jaxmarl.make({name!r}) does not take {options}: {type(error).__name__}: {error}") from error
    return JaxMarl(np.float64(discount), inner, kind, name, rounds, frozen, bool(shaped))


def _frozen(value: Any) -> Any:
    """Lists as tuples, so that equal options are found again."""
    return tuple(map(_frozen, value)) if isinstance(value, list | tuple) else value
