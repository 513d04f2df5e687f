"""The table of solution concepts: what `equilibria(game, concept=…)` can be asked for, and what answers it."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from nashscape.core.calls import public
from nashscape.core.docstrings import arguments, prose
from nashscape.core.found_things import Found
from nashscape.core.registries import Registry
from nashscape.core.user_files import FILE
from nashscape.theory.bayesian.finding import bayes_nash_equilibria
from nashscape.theory.concepts.correlated import coarse_correlated_equilibrium, correlated_equilibrium
from nashscape.theory.concepts.logit_equilibria import logit_equilibrium
from nashscape.theory.concepts.minimax_winners import minimax_winner
from nashscape.theory.concepts.risk_aversion import risk_averse_equilibria
from nashscape.theory.concepts.stackelberg_commitments import stackelberg
from nashscape.theory.concepts.teams import team_maxmin
from nashscape.theory.nash.finding import equilibria


class Concept(NamedTuple):
    """A row of the table of solution concepts.

    Attributes:
        name: as it is written, in words.
        needs: what a game must have for it.
        says: what it is, in one line.
        options: what can be told besides the game, with what is taken otherwise.
        about: more of what it is, a paragraph each.
        explained: what each option is.
        example: as it is typed, of a game that has names.
    """

    name: str
    needs: str
    says: str
    options: Mapping[str, Any]
    about: tuple[str, ...] = ()
    explained: Mapping[str, str] = MappingProxyType({})
    example: str = ""


class Entry(NamedTuple):
    """What answers a concept of ours, a function of a game and of options by name; what it needs; and an example.

    The example is a game that has a name, and options where it has some to show.
    """

    answer: Callable[..., Any]
    needs: str
    game: str
    options: str = ""


TABLE = "payoffs for all profiles"

CONCEPTS: Mapping[str, Entry] = MappingProxyType({
    "nash": Entry(equilibria, f"{TABLE}, or points and gradients", "stag-hunt", "method=pure"),
    "bayes_nash": Entry(bayes_nash_equilibria, "types, a prior over them", "first-price-auction", "method=pure"),
    "correlated": Entry(correlated_equilibrium, TABLE, "chicken", "objective=entropy"),
    "coarse_correlated": Entry(coarse_correlated_equilibrium, TABLE, "shapley", "objective=least_welfare"),
    "logit": Entry(logit_equilibrium, TABLE, "stag-hunt", "precision=2"),
    "stackelberg": Entry(stackelberg, f"{TABLE}; mixed: two players", "battle-of-the-sexes", "ties=against"),
    "team_maxmin": Entry(team_maxmin, f"{TABLE}, the same for all players but one", "matching-pennies"),
    "minimax_winner": Entry(minimax_winner, "two players, symmetric, payoffs of constant sum", "rock-paper-scissors"),
    "risk_averse": Entry(risk_averse_equilibria, TABLE, "stag-hunt", "aversion=0.8"),
})  # fmt: skip
"""The concepts of this library by name, with underscores; another one is another line here."""

NAMED_CONCEPTS = Registry(
    "concept", "nashscape.concepts", MappingProxyType({name: own.answer for name, own in CONCEPTS.items()})
)
"""Those, the concepts of installed packages, and functions in files of one's own."""


def found_concept(text: str) -> Found:
    """What answers the concept of a text, "coarse correlated" or "logit:precision=2", and what is given there.

    >>> found_concept("Nash:method=pure").given
    {'method': 'pure'}

    Raises:
        InputError: for an unknown name, with the nearest known ones, and what cannot be loaded.
    """
    if isinstance(text, str) and not FILE.fullmatch(text):
        name, sign, rest = text.partition(":")
        text = f"{'_'.join(name.split())}{sign}{rest}"
    return NAMED_CONCEPTS.find(text)


@public()
def concept_catalogue() -> list[Concept]:
    """All solution concepts that `equilibria(game, concept=…)` knows, those of installed packages last.

    Example:
        >>> concept_catalogue()[0].name
        'nash'
    """
    return [*map(concept_named, CONCEPTS), *NAMED_CONCEPTS.others(concept_named, _excuse)]


def concept_named(text: str) -> Concept:
    """The row of one concept, ours or another one.

    >>> concept_named("team maxmin").example
    'nashscape equilibria matching-pennies --concept team-maxmin'

    Raises:
        InputError: as `found_concept`.
    """
    found = found_concept(text)
    key, said = found.called, prose(found.thing) or [""]
    ours = CONCEPTS.get(key)
    _, *names = found.defaults
    options = {name: found.defaults[name] for name in names if name != "concept"}
    explained = {name: told for name, told in arguments(found.thing).items() if name in options}
    typed = key if FILE.fullmatch(key) else key.replace("_", "-")
    return Concept(
        key if FILE.fullmatch(key) else key.replace("_", " "),
        ours.needs if ours else "what its package says",
        said[0].rstrip("."),
        MappingProxyType(options),
        tuple(said[1:]),
        MappingProxyType(explained),
        f"nashscape equilibria {ours.game if ours else 'GAME'} --concept {typed}"
        + (f":{ours.options}" if ours and ours.options else ""),
    )


def _excuse(name: str, why: str) -> Concept:
    return Concept(name.replace("_", " "), "", f"cannot be used: {why}", MappingProxyType({}))
