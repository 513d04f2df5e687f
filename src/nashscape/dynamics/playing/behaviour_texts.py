"""Targets of games that are only played, as they are given: behaviours, or texts and tables that stand for them."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from nashscape.core import InputError, unknown
from nashscape.core.named_texts import NUMBER
from nashscape.dynamics.playing.behaviours import TOGETHER, Behaviour, behaviour, is_behaviour
from nashscape.games.naming import player_index

WRITTEN = (
    "a behaviour is written 'NAME: MEASURE >= NUMBER of WHOM', as 'both hunt: share of C >= 0.8 of least'; NAME and "
    "of WHOM may be left out"
)
FORM = re.compile(
    rf"(?:(?P<name>[^:<>=]+):)?\s*(?P<measure>[^:<>=\s][^:<>=]*?)\s*(?P<sign>[<>]=)\s*(?P<bound>{NUMBER})"
    rf"(?:\s*(?P<sign2>[<>]=)\s*(?P<bound2>{NUMBER}))?(?:\s+of\s+(?P<of>.+))?"
)
BOUNDS = {">=": "at_least", "<=": "at_most"}


def is_behaviour_text(text: str) -> bool:
    """Whether a text says a bound, as no name of an outcome does.

    >>> is_behaviour_text("return >= 1"), is_behaviour_text("CC")
    (True, False)
    """
    return ">=" in text or "<=" in text


def behaviour_of(value: Any) -> Any:
    """A behaviour from its text, or from a table of the arguments of `behaviour`; all else is what it is.

    >>> behaviour_of("both hunt: share of C >= 0.8 of least")
    Behaviour(name='both hunt', measure='share of C', at_least=0.8, at_most=inf, of='least')
    >>> behaviour_of({"name": "wins", "at_least": 1}) == behaviour_of("wins: return >= 1")
    True
    >>> behaviour_of("payoff >= 1 <= 2.5").name
    'payoff >= 1 <= 2.5'

    Raises:
        InputError: for a text that does not say what has to be seen, and as `behaviour`.
    """
    if isinstance(value, Mapping):
        return behaviour(**value)
    return behaviour_from_text(value) if isinstance(value, str) else value


def behaviour_from_text(text: str) -> Behaviour:
    """A behaviour from "NAME: MEASURE >= NUMBER of WHOM"; one without a name is called what its text says.

    Raises:
        InputError: for any other text, and two bounds on the same side.
    """
    said = FORM.fullmatch(text.strip())
    if said is None or said["sign"] == said["sign2"]:
        raise InputError(f"{WRITTEN}; got {text!r}")
    bounds = {BOUNDS[said["sign"]]: float(said["bound"])}
    if said["sign2"]:
        bounds[BOUNDS[said["sign2"]]] = float(said["bound2"])
    name = (said["name"] or text).strip()
    return behaviour(name, said["measure"].strip(), of=(said["of"] or "mean").strip(), **bounds)


def check_behaviours(game: Any, targets: Any, most: int) -> tuple[Behaviour, ...]:
    """The targets of a game that is only played; none where nobody named any and the game has no usual ones.

    Raises:
        InputError: for a target that is none of behaviour, one that is named twice, and too many.
    """
    if targets is None:
        targets = getattr(game, "usual_targets", ())
    several = [targets] if is_behaviour(targets) or isinstance(targets, str | Mapping) else targets
    if not isinstance(several, Sequence):
        raise InputError(f"targets of {game.name} are behaviours, as in [{_EXAMPLE}]; got {targets!r}")
    several = [_read(game, one) for one in several]
    for one in several:
        _check_whom(game, one.of)
    names = [one.name for one in several]
    if len(set(names)) < len(names):
        raise InputError(f"two targets have the same name: {', '.join(names)}")
    if len(names) > most:
        raise InputError(f"at most {most} targets can be told apart; got {len(names)}")
    return tuple(several)


def _read(game: Any, one: Any) -> Any:
    """A behaviour, or what a text or a table says of one.

    Raises:
        InputError: for what says nothing that could be seen.
    """
    made: Any = behaviour_of(one) if not isinstance(one, str) or is_behaviour_text(one) else one
    if not is_behaviour(made):
        raise InputError(
            f"{game.name} is only played, so that targets are seen in behaviour, as in [{_EXAMPLE}] or "
            f"'wins: return >= 1'; got {one!r}"
        )
    return made


def _check_whom(game: Any, of: Any) -> None:
    """Whether a behaviour is one of somebody.

    Raises:
        InputError: for a word that is neither a player nor one of `TOGETHER`, with the nearest.
    """
    if of in TOGETHER:
        return
    if isinstance(of, str) and of not in game.players:
        raise unknown(f"player of {game.name}", of, [*game.players, *TOGETHER])
    player_index(game, of)


_EXAMPLE = 'behaviour("wins", "return", at_least=1.0)'
