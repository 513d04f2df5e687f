"""`tournament`: strategies of a repeated game meet, each each other."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, Source, Status, record
from nashscape.core.calls import public
from nashscape.tournaments.known_strategies import SOURCES
from nashscape.tournaments.named import strategy
from nashscape.tournaments.pairs import can_be_path, shares_of_pair
from nashscape.tournaments.score_tables import scores_of
from nashscape.tournaments.stages import AXELROD, Length, Stage, length_of, stage_of, swapped
from nashscape.tournaments.strategies import Strategy
from nashscape.tournaments.tournament_results import Tournament, ranks_of, totals

MOST_TOLD = 4
"""Names in a note."""
TOURNAMENTS: tuple[Source, ...] = (SOURCES["effective_choice"], SOURCES["press_dyson"])


@public()
def tournament(
    members: Sequence[Strategy | str],
    stage: Any = AXELROD,
    *,
    turns: int | None = None,
    discount: Any = 1,
    noise: Any = 0,
    self_play: bool = True,
) -> Tournament:
    """Everybody's expected score against everybody, and ranks by the mean.

    Nothing is simulated. Where no strategy leaves anything to chance, scores are fractions and ties are ties;
    otherwise the chain of each match is solved. Who is best can hang on whether each meets its copy too, so the result
    says which was done, and a note tells where the first place would change.

    Args:
        members: strategies, or names of strategies as for `strategy`.
        stage: payoffs of a round: a game of two players with two actions, payoffs `[2, 2, 2]`, or `[[R, S], [T, P]]`;
            by default 3, 0, 5, 1. Where it is not the same to be the first player, each is it half of the time.
        turns: how many rounds; None for ever.
        discount: δ, how much the next round counts, or the probability that there is one; 1 without turns is the mean
            over ever more rounds.
        noise: how likely each action is another than was meant, which both see.
        self_play: whether the match of a strategy with its copy counts.

    Raises:
        InputError: for fewer than two strategies, two of one name, and numbers out of their range.

    Example:
        >>> found = tournament(["TFT", "ALLC", "ALLD", "Grudger"], turns=8)
        >>> found
        <Tournament of 4 strategies, 8 turns, self matches count: 1. TFT (2.469), 1. Grudger (2.469), 3. ALLC (2.25), …>
        >>> tournament(["TFT", "ALLC", "ALLD", "Grudger"], turns=8, self_play=False).ranks.tolist()
        [2, 4, 1, 2]

    Source: Axelrod (1980); Press and Dyson (2012).
    """
    payoffs, length = stage_of(stage), length_of(turns, discount, noise)
    entered = _entered(members, stage)
    if not hasattr(self_play, "__bool__") or self_play not in (True, False):
        raise InputError(f"self_play is True or False; got {self_play!r}")
    exact = all(can_be_path(one, one, length) for one in entered)
    scores = _scores(entered, payoffs, length)
    sums = totals(scores, self_play=bool(self_play))
    ranks, matches = ranks_of(sums), len(entered) - (not self_play)
    asked = {"strategies": entered, "stage": [payoffs.first, payoffs.second], "turns": turns,
             "discount": str(length.discount), "noise": str(length.slip), "self_play": bool(self_play)}  # fmt: skip
    names = tuple(one.name for one in entered)
    return Tournament(
        names=names,
        scores=scores.astype(float),
        means=np.array([float(own / matches) for own in sums]),
        ranks=np.array(ranks, np.int64),
        self_play=bool(self_play),
        exact=exact,
        length=str(length),
        status=Status.COMPLETE,
        provenance=record("tournament", asked, sources=TOURNAMENTS, notes=_notes(names, scores, ranks, self_play)),
    )


def _entered(members: Any, stage: Any) -> list[Strategy]:
    if isinstance(members, str) or not hasattr(members, "__iter__"):
        raise InputError(
            "a tournament is of a list of strategies, or of their names, such as ['TFT', 'ALLD'] or "
            f"tournaments.classics(); got {members!r}"
        )
    entered = [strategy(one, stage) for one in members]
    if len(entered) < 2:
        raise InputError(f"a tournament is of two strategies or more; got {len(entered)}")
    names = [one.name for one in entered]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputError(f"strategies have different names; {', '.join(twice)} is there more than once: give one "
                         "another, as strategy.named('other')")  # fmt: skip
    return entered


def _scores(entered: list[Strategy], stage: Stage, length: Length) -> npt.NDArray[Any]:
    """What each gets of each: fractions if nothing is left to chance, else doubles."""
    n, own = len(entered), stage.own
    exact = all(can_be_path(one, one, length) for one in entered)
    table = np.zeros((n, n), dtype=object if exact else float)
    quick = [k for k, one in enumerate(entered) if one.remembers_one_round and not exact]
    if quick:
        plays = [entered[k].plays(length.slip) for k in quick]
        chances = np.array([[[float(p) for p in both] for both in own] for own in plays]).transpose(2, 0, 1)
        table[np.ix_(quick, quick)] = scores_of(chances, np.array(list(map(float, own))), length)
    done = set(quick)
    for i in range(n):
        for j in range(i, n):
            if not {i, j} <= done:
                shares = shares_of_pair(entered[i], entered[j], length, exact=False)
                table[i, j] = sum(s * u for s, u in zip(shares, own, strict=True))
                table[j, i] = sum(s * u for s, u in zip(shares, swapped(own), strict=True))
    return table


def _notes(names: tuple[str, ...], scores: Any, ranks: tuple[int, ...], self_play: bool) -> tuple[str, ...]:
    """A sentence where somebody else is first if matches with copies count otherwise."""
    other = ranks_of(totals(scores, self_play=not self_play))
    here, there = ([name for name, rank in zip(names, own, strict=True) if rank == 1] for own in (ranks, other))
    if here == there:
        return ()
    so = "did not count" if self_play else "counted"
    whose = " and ".join(there if len(there) <= MOST_TOLD else [*there[:MOST_TOLD], f"{len(there) - MOST_TOLD} others"])
    return (f"the first place hangs on self matches: if they {so} it would be that of {whose}",)
