"""The table of solution concepts: what `equilibria(game, concept=…)` can be asked for, and what answers it."""

import inspect
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from nashscape.core.calls import public
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
    """

    name: str
    needs: str
    says: str
    options: Mapping[str, Any]


class Entry(NamedTuple):
    """What answers a concept of ours: a function of a game and of options by name; and what it needs of the game."""

    answer: Callable[..., Any]
    needs: str


TABLE = "payoffs for all profiles"

CONCEPTS: Mapping[str, Entry] = MappingProxyType({
    "nash": Entry(equilibria, f"{TABLE}, or points and gradients"),
    "bayes_nash": Entry(bayes_nash_equilibria, "types, a prior over them"),
    "correlated": Entry(correlated_equilibrium, TABLE),
    "coarse_correlated": Entry(coarse_correlated_equilibrium, TABLE),
    "logit": Entry(logit_equilibrium, TABLE),
    "stackelberg": Entry(stackelberg, f"{TABLE}; mixed: two players"),
    "team_maxmin": Entry(team_maxmin, f"{TABLE}, the same for all players but one"),
    "minimax_winner": Entry(minimax_winner, "two players, symmetric, payoffs of constant sum"),
    "risk_averse": Entry(risk_averse_equilibria, TABLE),
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
    return [*map(_row, CONCEPTS), *NAMED_CONCEPTS.others(_row, _excuse)]


def _row(name: str) -> Concept:
    found = NAMED_CONCEPTS.find(name)
    said = (inspect.getdoc(found.thing) or "").split("\n")[0].rstrip(".")
    needs = CONCEPTS[name].needs if name in CONCEPTS else "what its package says"
    _, *names = found.defaults
    options = {key: found.defaults[key] for key in names if key != "concept"}
    return Concept(name.replace("_", " "), needs, said, MappingProxyType(options))


def _excuse(name: str, why: str) -> Concept:
    return Concept(name.replace("_", " "), "", f"cannot be used: {why}", MappingProxyType({}))
