"""Groups that learn to punish against plain loops with the same random numbers: decisions, payoffs, tables, sums."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nashscape.systems.direct_punishment.group_learning import SHAPES, train
from nashscape.systems.direct_punishment.group_play import Mechanisms

pytestmark = pytest.mark.long

CHOOSE, PLAY, PARTNER, THIRD = range(4)
PAID = ((3, 0), (4, 1))
N, EPISODES = 5, 4


class Group:
    """Five players, their tables, and what waits to be learnt from."""

    def __init__(self, has, key):
        begin, later = jax.random.split(key)
        kinds = zip(jax.random.split(begin, len(SHAPES)), SHAPES, strict=True)
        self.has, self.sums = has, np.zeros(7)
        self.tables = [np.array(0.01 * jax.random.normal(own, (N, *shape)), float) for own, shape in kinds]
        for k, own in enumerate(jax.random.split(later, EPISODES)):
            self.share = 0.8889 * (0.01 / 0.8889) ** (k / (EPISODES - 1))
            self.episode(np.asarray(jax.random.uniform(own, (10 * N, N, 9))))

    def episode(self, draws):
        self.standing, self.waits = np.zeros(N), {}
        for t, own in enumerate(draws):
            self.game(t % N, own)
        for (table, i), (row, act, paid) in self.waits.items():
            self.tables[table][i, row, act] += 0.1 * (paid - self.tables[table][i, row, act])

    def level(self, i):
        return int(self.has.seen and self.standing[i] >= 0)

    def decides(self, table, i, row, drawn):
        """The best, or any; what this player decided before is learnt from, and this waits."""
        values = self.tables[table][i, row].copy()
        act = int(drawn[1] * len(values)) if drawn[0] < self.share else int(values.argmax())
        if (table, i) in self.waits:
            old, did, paid = self.waits[table, i]
            self.tables[table][i, old, did] += 0.1 * (paid + 0.9 * values.max() - self.tables[table][i, old, did])
        self.decided.append((table, i, row, act))
        return act

    def game(self, first, drawn):
        self.decided, others = [], [j for j in range(N) if j != first]
        place = int(drawn[first, 8] * (N - 1))
        if self.has.selection:
            row = sum(self.level(j) * 2**k for k, j in enumerate(others))
            place = self.decides(CHOOSE, first, row, drawn[first, 0:2])
        second = others[place]
        other = {first: second, second: first}
        did = {i: self.decides(PLAY, i, self.level(other[i]), drawn[i, 2:4]) for i in other}
        one, its = self.standing[first] - self.standing.mean(), self.standing[second] - self.standing.mean()
        above = self.standing[second] - np.mean(self.standing[others])
        played, after = np.zeros(N), np.zeros(N)
        for i, j in other.items():
            played[i] = PAID[did[i]][did[j]]
            self.standing[i] += 1 if did[i] == 0 else -1
        hits = [(i, whom) for i in range(N) if (whom := self.punished(i, other, did, first, drawn[i])) is not None]
        just = sum(did[whom] for _, whom in hits)
        for i, whom in hits:
            after[whom] -= 3
            after[i] += (self.has.just if did[whom] else self.has.unjust) - self.has.cost
            self.standing[i] += 2 if did[whom] else -3
        for table, i, row, act in self.decided:
            self.waits[table, i] = (row, act, after[i] + (played[i] if table < PARTNER else 0))
        self.sums += [1 - sum(did.values()) / 2, just, len(hits) - just, above, one * its, one**2, 1]

    def punished(self, i, other, did, first, drawn):
        """Whom a player punishes; None for nobody."""
        if i in other and self.has.direct:
            row = did[other[i]] * 2 + self.level(other[i])
            return other[i] if self.decides(PARTNER, i, row, drawn[4:6]) else None
        if i not in other and self.has.third:
            row = did[first] * 2 + did[other[first]]
            return (None, first, other[first])[self.decides(THIRD, i, row, drawn[6:8])]
        return None


@pytest.mark.parametrize(
    "has", [Mechanisms(1, 1, 1, 1, 2, -10, 0.5), Mechanisms(0, 1, 0, 1, 2, -10, 0), Mechanisms(1, 0, 1, 0, 0, 0, 1)]
)
def test_learning_is_that_of_plain_loops(has):
    key = jax.random.key(4)
    told, tables = train(Mechanisms(*(jnp.full(1, float(own)) for own in has)), key[None], EPISODES)
    group = Group(has, key)
    for own, wanted in zip(tables, group.tables, strict=True):
        np.testing.assert_allclose(own[0], wanted, atol=1e-5)
    np.testing.assert_allclose([own[0] for own in told], group.sums / group.sums[-1], rtol=1e-4)
