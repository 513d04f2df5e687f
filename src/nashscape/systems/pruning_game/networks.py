"""What is measured of networks on digits, by the protocol that was frozen before."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from nashscape.systems.agreement import Row, Spread
from nashscape.systems.pruning_game import digits
from nashscape.systems.pruning_game.digits import Floats, Trained
from nashscape.systems.pruning_game.participation import Participation
from nashscape.systems.statements import between, holds, mean_above, near

WITHOUT = "without it the game itself can be computed, by equilibria of games over points and theory.quadratic_program"


class Cells:
    """Trained networks of the protocol by configuration and rule, each trained once."""

    def __init__(self, effort: str, seed: int, protocol: Mapping[str, Any]) -> None:
        """Load the data; seeds of networks follow each other from 1000 times the seed on."""
        self.protocol, training = protocol, protocol["training"]
        self.training, self.widths = training, tuple(training["widths"])
        self.data = digits.load(**{name: protocol["data"][name] for name in ("test", "seed")})
        self.seeds = np.arange(protocol["seeds"][effort]) + 1000 * seed
        quick = effort == "quick"
        self.configurations = list(protocol["quick"]["configurations"] if quick else protocol["configurations"])
        self.afterwards = protocol["afterwards"]["quick" if quick else "configurations"]
        self._kept: dict[tuple[Any, ...], Trained] = {}

    def of(self, *asked: Any) -> Trained:
        """Networks of a configuration and a rule, for so many times the steps, with that step of weights."""
        if asked not in self._kept:
            self._kept[asked] = self._trained(*asked)
        return self._kept[asked]

    def _trained(self, configuration: str, rule: str, times: int = 1, step: float | None = None) -> Trained:
        beta, gamma = self.protocol["configurations"].get(configuration, (0.0, 0.0))
        size = self.training["step"] if step is None else step
        training = {**self.training, "steps": times * self.training["steps"], "step": size}
        return digits.trained(rule, beta, gamma, training, self.data, self.seeds)

    def both(self, *asked: tuple[Any, ...]) -> list[Trained]:
        """Several, two of them trained at a time."""
        with ThreadPoolExecutor(2) as pool:
            return list(pool.map(lambda own: self.of(*own), asked))

    def dense(self, step: float | None = None) -> Trained:
        """Networks whose gates stay at one."""
        return self.of("none", "no benefit") if step is None else self.of("none", "no benefit", 1, step)

    def by_size(self, one: Trained, step: float | None = None) -> Floats:
        """Accuracies of networks without gates, of which as many neurons are taken out by size."""
        return digits.pruned_by_size(self.dense(step), one.sparsity, self.data, self.widths)


def network_rows(effort: str, seed: int, protocol: Mapping[str, Any]) -> Iterator[Row]:
    """Every figure of networks, in the order in which they are told."""
    yield from _sign_of_benefit(seed)
    cells = Cells(effort, seed, protocol)
    yield from _accuracies(cells)
    yield from _sign(cells)
    yield from _competitive(cells)
    yield from _afterwards(cells)
    yield from _decay(cells)
    yield from _disguise(cells)
    yield from _stopping(cells)
    yield from _equal(cells)
    yield from _frozen(cells)


def spread(values: Floats) -> Spread:
    """Mean and standard deviation of single seeds."""
    return Spread(float(values.mean()), float(values.std(ddof=1)), len(values))


def _sign_of_benefit(seed: int) -> Iterator[Row]:
    """The loss along each gate, by central differences, against `⟨∇L, θ_i⟩` of a random network in float64."""
    random, step = np.random.default_rng(seed), 1e-5
    pixels, labels = random.uniform(size=(40, 6)), random.integers(0, 4, 40)
    gates = random.uniform(0.3, 1.0, 12)
    with jax.enable_x64(True):
        network = jax.tree.map(lambda own: own.astype(np.float64), digits.drawn(jax.random.key(seed), (6, 7, 5, 4)))

        @jax.jit
        def lost(own: jax.Array) -> jax.Array:
            return digits.loss(network, jnp.split(own, [7]), pixels, labels)

        @jax.jit
        def slopes(own: jax.Array) -> Any:
            return jax.grad(digits.loss)(network, jnp.split(own, [7]), pixels, labels)

        benefit = np.concatenate([np.asarray(own) for own in digits.along(network, slopes(gates))])
        moves = step * np.diag(gates)
        falls = np.array([float(lost(gates - own)) - float(lost(gates + own)) for own in moves]) / (2 * step)
    yield near("sign-of-benefit", "by which the printed term misses how fast the loss falls", 0.0,
               float(np.abs(benefit - falls).max()), 1e-6)  # fmt: skip
    yield near("minus-benefit", "by which its opposite misses it", 0.0,
               float(np.abs(benefit + falls).max()), 1e-6)  # fmt: skip


SEEN: Mapping[tuple[str, str], float] = {
    ("none", "no benefit"): 0.9697,
    ("very high beta", "printed"): 0.0903,
    ("very high beta", "corrected"): 0.0903,
    ("very high beta", "no benefit"): 0.0903,
    ("extreme beta", "printed"): 0.0903,
    ("extreme beta", "corrected"): 0.0903,
    ("extreme beta", "no benefit"): 0.0903,
    ("strong L1", "printed"): 0.0958,
    ("strong L1", "corrected"): 0.9569,
    ("strong L1", "no benefit"): 0.78,
    ("L1 and L2", "printed"): 0.0903,
    ("L1 and L2", "corrected"): 0.1569,
    ("L1 and L2", "no benefit"): 0.0894,
}
"""Mean accuracies over ten seeds when the card was written."""


def _accuracies(cells: Cells) -> Iterator[Row]:
    rules = ("printed", "corrected", "no benefit")
    told = [("none", "no benefit"), *((name, rule) for name in cells.configurations for rule in rules)]
    every = (one for k in range(0, len(told), 2) for one in cells.both(*told[k : k + 2]))
    for (name, rule), one in zip(told, every, strict=True):
        mean = spread(one.accuracy)
        half = (mean.middle(mean.count)[1] - mean.mean) / np.sqrt(2)
        seen = SEEN.get((name, rule), float("nan"))
        row = near("accuracies", f"{name}, {rule}: accuracy, {one.sparsity.mean():.3f} pruned", seen, mean.mean, 0.1)
        yield replace(row, low=mean.mean - half, high=mean.mean + half, runs=mean.count)


def _sign(cells: Cells) -> Iterator[Row]:
    apart = cells.of("strong L1", "corrected").accuracy - cells.of("strong L1", "printed").accuracy
    yield mean_above("sign", "strong L1: accuracy gained by the corrected sign", 0.0, spread(apart))


def _competitive(cells: Cells) -> Iterator[Row]:
    margin = cells.protocol["asked"]["competitive_margin"]
    for name in cells.configurations:
        one = cells.of(name, "printed")
        if one.sparsity.mean() > 0.05:
            label = f"{name}: accuracy over that of pruning by size, {one.sparsity.mean():.3f} pruned"
            yield mean_above("competitive", label, -margin, spread(one.accuracy - cells.by_size(one)))


def _afterwards(cells: Cells) -> Iterator[Row]:
    step = cells.protocol["afterwards"]["step"]
    for name in cells.afterwards:
        asked = [(name, "printed", 1, step), (name, "corrected", 1, step), ("none", "no benefit", 1, step)]
        printed, corrected, _ = cells.both(*asked)
        told = f"{name}, step {step:g}: accuracy {printed.accuracy.mean():.3f} of the printed sign, less than of"
        yield mean_above("step", f"{told} the corrected", 0.0, spread(corrected.accuracy - printed.accuracy))
        by_size = cells.by_size(printed, step)
        yield mean_above("step", f"{told} pruning by size", 0.0, spread(by_size - printed.accuracy))


def _decay(cells: Cells) -> Iterator[Row]:
    margin = cells.protocol["asked"]["decay_margin"]
    for name in cells.configurations:
        if name != "strong L1":
            apart = cells.of(name, "printed").sparsity - cells.of(name, "no benefit").sparsity
            yield between("decay", f"{name}: more pruned with the printed benefit", 0.0, spread(apart), margin)


def _disguise(cells: Cells) -> Iterator[Row]:
    apart = cells.of("strong L1", "corrected").accuracy - cells.of("strong L1", "L1 on gates").accuracy
    margin = cells.protocol["asked"]["disguise_margin"]
    yield between("disguise", "strong L1: accuracy over that of L1 on gates", 0.0, spread(apart), margin)


def _stopping(cells: Cells) -> Iterator[Row]:
    cells.both(("strong L1", "no benefit", 2), *((name, "same decay for all") for name in cells.configurations))
    once, twice = cells.of("strong L1", "no benefit").sparsity, cells.of("strong L1", "no benefit", 2).sparsity
    yield holds(
        "stopping", "after the published number of steps less than .05 is pruned", (once < 0.05).tolist(), "every seed"
    )
    yield holds("stopping", "after twice as many all is", (twice == 1).tolist(), "every seed")


def _equal(cells: Cells) -> Iterator[Row]:
    for name in cells.configurations:
        shares = cells.of(name, "same decay for all").sparsity
        yield holds(
            "equal",
            f"{name}: the same decay for all prunes none or all",
            ((shares == 0) | (shares == 1)).tolist(),
            "all",
        )


def _frozen(cells: Cells) -> Iterator[Row]:
    """Equilibria of the game at the weights and gradients with which training without gates ends."""
    dense, least = cells.dense(), cells.protocol["asked"]["frozen_share"]
    for name in ("strong L1", "L1 and L2"):
        beta, gamma = cells.protocol["configurations"][name]
        for rule, sign in (("printed", 1.0), ("corrected", -1.0)):
            out = []
            for benefit, norms in zip(dense.benefit, dense.norms, strict=True):
                game = Participation(sign * benefit, np.diag(norms**2), beta, gamma, 0.0)
                out.append(float((game.equilibrium() == 0).mean()))
            yield holds("frozen", f"{name}, {rule}: share of neurons out at frozen weights, {min(out):.3f} at least",
                        [share > least for share in out], f"above {least:g} for every seed")  # fmt: skip
