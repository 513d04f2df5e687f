"""`pairings`: the players of a group meet two by two, may choose whom to meet, and may punish what they saw."""

from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
import numpy as np

from nashscape.core import InputError, finite_array, finite_number, positive_integer
from nashscape.core.calls import public
from nashscape.environments.pairings.pair_states import CHOOSE, PLAY, PUNISH, Pair, rows_of, seen
from nashscape.environments.protocol import Step
from nashscape.environments.spaces import Space, discrete
from nashscape.games.exchange.converters import game as as_game
from nashscape.games.offers import has_table, needs
from nashscape.games.protocol import GameLike


@jax.tree_util.register_dataclass
@dataclass(frozen=True, eq=False)
class Pairings:
    """A group whose players meet two by two; made by `pairings`.

    Attributes:
        payoffs: what who takes the row gets, `[k, k]`.
        harm: what being punished once costs.
        cost: what punishing costs.
        just: what is given to who punishes somebody who took the last action.
        unjust: what is given to who punishes somebody who did not.
        deeds: what standings gain: by the first action, by any other, by just and by unjust punishment, `[4]`.
        discount: γ, of a stage.
        n: players.
        rounds: in each of which everybody begins one game.
        edges: of the levels of standing that players see.
        stages: of a game.
        direct: whether the two may punish each other.
        third_parties: whether all others may punish one of the two.
        names: of the actions of the game.
    """

    payoffs: Any
    harm: Any
    cost: Any
    just: Any
    unjust: Any
    deeds: Any
    discount: Any
    n: int = field(metadata={"static": True})
    rounds: int = field(metadata={"static": True})
    edges: tuple[float, ...] = field(metadata={"static": True})
    stages: tuple[str, ...] = field(metadata={"static": True})
    direct: bool = field(metadata={"static": True})
    third_parties: bool = field(metadata={"static": True})
    names: tuple[str, ...] = field(metadata={"static": True})

    name: ClassVar[str] = "pairings"
    offers: ClassVar[frozenset[str]] = frozenset({"plays"})

    @property
    def actions(self) -> int:
        """How many actions the game of two has."""
        return len(self.names)

    @property
    def players(self) -> tuple[str, ...]:
        """Player 1 and so on."""
        return tuple(f"player {i + 1}" for i in range(self.n))

    @property
    def observation_spaces(self) -> tuple[Space, ...]:
        """One whole number: see `rows_of`."""
        return (discrete(sum(count for _, count in rows_of(self).values())),) * self.n

    @property
    def action_spaces(self) -> tuple[Space, ...]:
        """Actions of the game, whom to choose, whom to punish."""
        made = []
        for i in range(self.n):
            others = [f"choose {j}" for j in self.players if j != self.players[i]] if CHOOSE in self.stages else []
            whom = ["punish nobody", "punish who began", "punish who was met"] if PUNISH in self.stages else []
            made.append(discrete(self.actions + len(others) + len(whom), (*self.names, *others, *whom)))
        return tuple(made)

    @property
    def horizon(self) -> int:
        """Rounds, times players who begin, times stages of a game."""
        return self.rounds * self.n * len(self.stages)

    def reset(self, key: jax.Array) -> tuple[Pair, tuple[jax.Array, ...]]:
        """Everybody's standing is 0, and the first player begins."""
        zero = jnp.int32(0)
        state = Pair(jnp.zeros(self.n), zero, self._met(key, zero), jnp.zeros(2, jnp.int32), zero, zero)
        return state, seen(self, state)

    def step(self, key: jax.Array, state: Pair, actions: tuple[jax.Array, ...]) -> Step:
        """A stage: who begins chooses whom to meet, both play, and then they or others may punish."""
        taken = jnp.stack(actions)
        chosen, played, punished = self._chosen(state, taken), self._played(state, taken), self._punished(state, taken)
        known = {CHOOSE: chosen, PLAY: played, PUNISH: punished}
        parts = [known[own] for own in self.stages]
        after, told = jax.tree.map(lambda *own: jnp.stack(own)[state.stage], *parts)
        last = state.stage == len(self.stages) - 1
        met = state.met + last
        first = (met % self.n).astype(jnp.int32)
        after = replace(
            after,
            first=jnp.where(last, first, state.first),
            second=jnp.where(last, self._met(key, first), after.second),
            did=jnp.where(last, 0, after.did).astype(jnp.int32),
            stage=jnp.where(last, 0, state.stage + 1).astype(jnp.int32),
            met=met.astype(jnp.int32),
        )
        rewards = told["material"] + told["shaping"]
        cut = met >= self.rounds * self.n
        return Step(after, seen(self, after), rewards, jnp.asarray(False), cut, told)

    def legal(self, state: Pair) -> tuple[jax.Array, ...]:
        """Of who has nothing to choose now the first action alone."""
        at = [own == state.stage for own in range(len(self.stages))]
        now = dict(zip(self.stages, at, strict=True))
        masks = []
        for i, space in enumerate(self.action_spaces):
            place = jnp.arange(space.n)  # type: ignore[union-attr]
            begins, met = state.first == i, state.second == i
            mask = place == 0
            mask = jnp.where(now[PLAY] & (begins | met), place < self.actions, mask)
            if CHOOSE in self.stages:
                whom = (place >= self.actions) & (place < self.actions + self.n - 1)
                mask = jnp.where(now[CHOOSE] & begins, whom, mask)
            if PUNISH in self.stages:
                base = space.n - 3  # type: ignore[union-attr]
                inside = begins | met
                allowed = self.direct & inside | self.third_parties & ~inside
                # nobody punishes itself
                whom = (place >= base) & ~((place == base + 1) & begins) & ~((place == base + 2) & met)
                mask = jnp.where(now[PUNISH] & allowed, whom, mask)
            masks.append(mask)
        return tuple(masks)

    def exact(self) -> None:
        """None: standings are too many."""
        return

    def _met(self, key: jax.Array, first: jax.Array) -> jax.Array:
        """Somebody else, drawn; where players choose it is drawn all the same, and then not looked at."""
        return ((first + jax.random.randint(key, (), 1, self.n)) % self.n).astype(jnp.int32)

    def _told(self, **own: jax.Array) -> dict[str, jax.Array]:
        names = ("material", "shaping", "games", "cooperated", "punished", "punished justly", "was punished", "chosen")
        return {name: jnp.asarray(own.get(name.replace(" ", "_"), jnp.zeros(self.n)), float) for name in names}

    def _chosen(self, state: Pair, taken: jax.Array) -> tuple[Pair, dict[str, jax.Array]]:
        place = jnp.clip(taken[state.first] - self.actions, 0, self.n - 2)
        second = jnp.where(place >= state.first, place + 1, place).astype(jnp.int32)
        if CHOOSE not in self.stages:
            second = state.second
        return replace(state, second=second), self._told(chosen=jax.nn.one_hot(second, self.n))

    def _played(self, state: Pair, taken: jax.Array) -> tuple[Pair, dict[str, jax.Array]]:
        both = jnp.stack([state.first, state.second])
        did = jnp.minimum(taken[both], self.actions - 1).astype(jnp.int32)
        paid = jnp.asarray(self.payoffs)[did, did[::-1]]
        good = did == 0
        gained = jnp.where(good, self.deeds[0], self.deeds[1]).astype(state.standing.dtype)
        who = jax.nn.one_hot(both, self.n)
        told = self._told(material=paid @ who, games=who.sum(axis=0), cooperated=good.astype(float) @ who)
        return replace(state, did=did, standing=state.standing + gained @ who), told

    def _punished(self, state: Pair, taken: jax.Array) -> tuple[Pair, dict[str, jax.Array]]:
        bases = jnp.asarray([space.n - 3 for space in self.action_spaces])  # type: ignore[union-attr]
        whom = taken - bases
        who = jnp.arange(self.n)
        inside = (who == state.first) | (who == state.second)
        allowed = self.direct & inside | self.third_parties & ~inside
        hits = (whom > 0) & allowed & (PUNISH in self.stages)
        place = jnp.clip(whom - 1, 0, 1)
        target = jnp.stack([state.first, state.second])[place]
        justly = state.did[place] == self.actions - 1
        struck = jnp.sum(jax.nn.one_hot(target, self.n) * hits[:, None], axis=0)
        gained = jnp.where(justly, self.deeds[2], self.deeds[3]) * hits
        told = self._told(
            material=-self.harm * struck - self.cost * hits,
            shaping=jnp.where(justly, self.just, self.unjust) * hits,
            punished=hits, punished_justly=hits & justly, was_punished=struck,
        )  # fmt: skip
        return replace(state, standing=(state.standing + gained).astype(state.standing.dtype)), told


@public()
def pairings(
    game: GameLike, players: int = 5, *, rounds: int = 10, selection: bool = False, punish: str | None = None,
    harm: float = 3.0, cost: float = 0.0, just: float = 0.0, unjust: float = 0.0,
    deeds: Any = (1.0, -1.0, 0.0, 0.0), edges: Any = (0.0,), discount: float = 0.99,
) -> Pairings:  # fmt: skip
    """A group whose players meet two by two, may choose whom to meet, and may punish what they saw.

    In every round each player begins one game. It chooses whom to meet (`selection`) or somebody is drawn; both play;
    then the two may punish each other (`punish="direct"`), the others one of the two ("third party"), or both ("both").
    The last action of the game is the bad one: who punishes somebody that took it punishes justly. Everybody has a
    standing, which begins at 0, moves by `deeds`, and is seen by who chooses, plays or punishes, in levels.

    Players see a whole number: nothing to do; or the levels of all others (to choose); the level of the other (to
    play); what the other did and its level (to punish it); what both did (to punish one of them as a third party).

    `measures` tell, for every player: "material" payoff (of games, harm and cost) apart from "shaping" (what `just` and
    `unjust` give); "games", "cooperated", "punished", "punished justly", "was punished", "chosen".

    Args:
        game: of two players, symmetric, its first action the good one.
        players: n, three or more.
        rounds: of an episode, which is then cut off.
        selection: whether who begins chooses whom to meet.
        punish: "direct", "third party", "both", or None.
        harm: what being punished once costs.
        cost: what punishing once costs.
        just: what is given, as shaping, to who punishes somebody who took the last action.
        unjust: what is given, as shaping, to who punishes somebody else; usually below zero.
        deeds: what a standing gains by the first action, any other one, just and unjust punishment.
        edges: rising; levels of standing are what lies between them. `()` for none that can be seen.
        discount: γ, of one stage.

    Raises:
        InputError: for games that are not symmetric or not of two players, fewer than three players, unknown words.

    Example:
        >>> from nashscape import games
        >>> group = pairings(games.prisoners_dilemma(), selection=True, punish="direct")
        >>> group.horizon, group.observation_spaces[0].n
        (150, 23)

    Source: after N. Dasgupta and M. Musolesi, arXiv 2301.08278, whose agents are deep Q-networks.
    """
    bare: Any = as_game(game)
    if not has_table(bare) or len(bare.players) != 2:
        needs(bare, "table", to="be played in pairs")
        raise InputError(f"pairs play games of two players; {bare.name} has {len(bare.players)}")
    payoffs = np.asarray(bare.to_dense().payoffs)
    if payoffs.shape[1] != payoffs.shape[2] or not np.array_equal(payoffs[0], payoffs[1].T):
        raise InputError(f"who begins and who is met play the same game: {bare.name} is not symmetric")
    ways = {None: (False, False), "direct": (True, False), "third party": (False, True), "both": (True, True)}
    if punish not in ways:
        raise InputError(f"punish is 'direct', 'third party', 'both' or None; got {punish!r}")
    levels = finite_array(edges, "edges", ndim=1) if len(edges) else np.zeros(0)
    if (np.diff(levels) <= 0).any():
        raise InputError(f"edges of levels rise; got {levels.tolist()}")
    stages = (*((CHOOSE,) if selection else ()), PLAY, *((PUNISH,) if punish else ()))
    return Pairings(
        payoffs[0],
        np.float64(finite_number(harm, "harm", low=0.0)),
        np.float64(finite_number(cost, "cost", low=0.0)),
        np.float64(finite_number(just, "just")),
        np.float64(finite_number(unjust, "unjust")),
        finite_array(deeds, "deeds", shape=(4,)),
        np.float64(finite_number(discount, "discount", low=0.0, high=1.0)),
        positive_integer(players, "players", at_least=3),
        positive_integer(rounds, "rounds"),
        tuple(levels.tolist()),
        stages,
        *ways[punish],
        tuple(bare.actions[0]),
    )
