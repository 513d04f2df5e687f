"""Planning at decision time: one step of a learner at the present information set, from a blueprint."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, Provenance, Result, Source, Status, finite_number, positive_integer
from nashscape.core.calls import public
from nashscape.core.provenance import record
from nashscape.core.statistics.bounded_means import bounded_mean
from nashscape.games import TreeGame, mixed_profile, needs
from nashscape.games import game as as_game
from nashscape.games.forms.trees.sequences import Side

Floats = npt.NDArray[np.float64]

UPDATE_EQUIVALENCE = Source(
    "update_equivalence",
    "Sokota, Farina, Wu, Hu, Wang, Kolter, Brown: The Update-Equivalence Framework for Decision-Time Planning. "
    "ICLR 2024. arXiv:2304.13138.",
    "https://arxiv.org/abs/2304.13138",
)


@dataclass(frozen=True, eq=False)
class UpdateSearch(Result):
    """What a search plays at one information set.

    Attributes:
        game: name of the game.
        player: who searches.
        row: the name of the information set.
        actions: names of those that there are.
        rate: η.
        temperature: α.
        rollouts: plays for each action; 0 for exact values.
        values: what each action pays from here on if all then follow the blueprint, `[k]`, in payoff units.
        low: lower ends of their intervals, `[k]`; the values themselves where these are exact.
        high: upper ends.
        before: the blueprint there, `[k]`.
        after: what is played instead, `[k]`.
        status: COMPLETE.
        provenance: what was asked, and versions.
    """

    question_kind: ClassVar[str] = "update search"
    as_columns: ClassVar[str] = "nashscape.theory.trees.search_tables:search_columns"
    as_table: ClassVar[str] = "nashscape.theory.trees.search_tables:search_table"
    picture: ClassVar[str] = "nashscape.figures.tree_plays:search_figure"

    game: str
    player: str
    row: str
    actions: tuple[str, ...]
    rate: float
    temperature: float
    rollouts: int
    values: Floats
    low: Floats
    high: Floats
    before: Floats
    after: Floats
    status: Status
    provenance: Provenance

    def __repr__(self) -> str:
        """Before and after, as one line."""
        said = ", ".join(
            f"{name} {a:.3g} → {b:.3g}" for name, a, b in zip(self.actions, self.before, self.after, strict=True)
        )
        return f"<UpdateSearch of {self.player} at {self.row!r} in {self.game}: {said}>"


@public()
def update_search(
    game: Any, blueprint: Sequence[Any], player: int | str, row: int | str, *, rate: float = 0.1,
    temperature: float = 0.0, magnet: Any = None, rollouts: int = 0, level: float = 0.95, seed: int = 0,
) -> UpdateSearch:  # fmt: skip
    """One step of (magnetic) mirror descent at the present information set, from what its actions pay there.

    `σ ← [σ exp(η q) ρ^(ηα)]^(1/(1 + ηα))`, where `q(a)` is what action a pays from here on: chance and the others are
    where Bayes' rule and the blueprint say, and all then follow the blueprint. Searching so wherever one moves is the
    same as one update of all information sets at once, as `learning.magnetic_mirror_descent` makes it. With rollouts
    q(a) is the mean of so many plays, each drawn from these beliefs, and comes with its interval.

    In a game of common payoffs with α = 0 and exact values a search at one information set never lowers the payoff;
    searches at several at once may.

    Args:
        game: in extensive form.
        blueprint: behaviour strategies, as in `games.mixed_profile`.
        player: its name or number.
        row: the information set's name or number.
        rate: η, in one over payoff units.
        temperature: α, in payoff units; 0 for mirror descent.
        magnet: ρ, probabilities of the actions that there are, all positive; by default all alike.
        rollouts: plays for each action; by default 0, for exact values.
        level: of the intervals, one for each action.
        seed: of rollouts.

    Raises:
        InputError: for other games and strategies, an information set that does not exist, or to which chance and the
            others never lead, so that nothing says what actions pay there.

    Example:
        >>> from nashscape import games
        >>> game = games.kuhn_poker()
        >>> update_search(game, game.uniform(), 0, "K pb", rate=0.5)
        <UpdateSearch of player 1 at 'K pb' in kuhn_poker: pass 0.5 → 0.182, bet 0.5 → 0.818>

    Source: Sokota, Farina, Wu, Hu, Wang, Kolter, Brown (2024).
    """
    made: TreeGame = as_game(game)
    needs(made, "tree", to="search at an information set")
    profile, who = mixed_profile(made, blueprint), made.player_index(player)
    place = _row(made, who, row)
    step, warm = finite_number(rate, "rate", low=0.0), finite_number(temperature, "temperature", low=0.0)
    count = positive_integer(rollouts, "rollouts", at_least=0)
    legal = np.flatnonzero(made.legal[who][place])
    drawn_to = _magnet(magnet, len(legal))
    weights, actions = beliefs(made, profile, who, place)
    paid = np.asarray(made.payoffs)[who]
    values, low, high = _values(paid, weights, [actions == a for a in legal], count, level, seed)
    before = profile[who][place, legal]
    with np.errstate(divide="ignore"):
        logs = (np.log(before) + step * values + step * warm * np.log(drawn_to)) / (1.0 + step * warm)
    powers = np.exp(logs - logs.max())
    return UpdateSearch(
        game=made.name, player=made.players[who], row=made.rows[who][place],
        actions=tuple(made.actions[who][a] for a in legal), rate=step, temperature=warm, rollouts=count, values=values,
        low=low, high=high, before=before, after=powers / powers.sum(), status=Status.COMPLETE,
        provenance=record(
            "update search", {"game": made, "blueprint": profile, "player": who, "row": place, "rate": step,
                              "temperature": warm, "magnet": drawn_to, "rollouts": count, "level": level},
            seed=seed, sources=[UPDATE_EQUIVALENCE],
        ),
    )  # fmt: skip


def beliefs(game: TreeGame, profile: Sequence[Floats], player: int, row: int) -> tuple[Floats, npt.NDArray[np.int64]]:
    """For every play how likely it is once the row is reached and its action there taken; and that action, −1 for none.

    Raises:
        InputError: where chance and the others never lead to the row.
    """
    weights = np.asarray(game.chances, np.float64)
    for i, side in enumerate(game.sequences.sides):
        if i != player:
            weights = weights * _walked(side, profile[i], None)[0]
    after, actions = _walked(game.sequences.sides[player], profile[player], row)
    weights = np.where(actions >= 0, weights * after, 0.0)
    first = np.flatnonzero(game.legal[player][row])[0]
    total = weights[actions == first].sum()
    if not total > 0.0:
        raise InputError(
            f"chance and the others never lead to {game.rows[player][row]!r} under this blueprint, so that nothing "
            "says what actions pay there; give them a little of every action"
        )
    return weights / total, actions


def _walked(side: Side, strategy: Floats, row: int | None) -> tuple[Floats, npt.NDArray[np.int64]]:
    """From every end back: the product of own probabilities after a row, or all the way; and the action there."""
    at, width = side.ends.astype(np.int64), side.legal.shape[1]
    made, found = np.ones(len(at)), np.full(len(at), -1)
    while (at > 0).any():
        rows, actions = np.divmod(np.maximum(at - 1, 0), width)
        here = (at > 0) & (rows == row) if row is not None else np.zeros(len(at), bool)
        found = np.where(here, actions, found)
        made = np.where((at > 0) & ~here, made * strategy[rows, actions], made)
        at = np.where((at > 0) & ~here, side.before[rows], 0)
    return made, found


def _values(
    paid: Floats, weights: Floats, taken: Sequence[npt.NDArray[np.bool_]], rollouts: int, level: float, seed: int
) -> tuple[Floats, Floats, Floats]:
    """What each action pays, with the ends of intervals."""
    if not rollouts:
        exact = np.array([float(weights[own] @ paid[own]) for own in taken])
        return exact, exact, exact
    random = np.random.default_rng(positive_integer(seed, "seed", at_least=0))
    made = []
    for own in taken:
        chances, worth = weights[own], paid[own]
        drawn = random.choice(worth, size=rollouts, p=chances / chances.sum())
        kept = worth[chances > 0]
        if np.ptp(kept) == 0.0:
            made.append((float(kept[0]),) * 3)
            continue
        estimate = bounded_mean(drawn, float(kept.min()), float(kept.max()), level)
        made.append((float(drawn.mean()), estimate.low, estimate.high))
    values, low, high = np.array(made).T
    return values, low, high


def _row(game: TreeGame, player: int, row: int | str) -> int:
    names = game.rows[player]
    if isinstance(row, str) and row in names:
        return names.index(row)
    if isinstance(row, int | np.integer) and not isinstance(row, bool) and 0 <= row < len(names):
        return int(row)
    shown = ", ".join(names[:8]) + (" …" if len(names) > 8 else "")
    raise InputError(f"{game.players[player]} has no information set {row!r}; there are {shown}, or their numbers")


def _magnet(magnet: Any, size: int) -> Floats:
    if magnet is None:
        return np.full(size, 1.0 / size)
    given = np.asarray(magnet, np.float64)
    if given.shape != (size,) or not np.isfinite(given).all() or (given <= 0).any():
        raise InputError(f"a magnet gives each of the {size} actions there a positive probability; got {magnet!r}")
    return given / given.sum()
