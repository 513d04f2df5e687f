"""When an informed player reveals what it knows in a linear-quadratic differential game."""

from typing import NamedTuple

import numpy as np

from nashscape.core import InputError, Source, Status, finite_number, positive_integer
from nashscape.core.calls import public
from nashscape.core.provenance import record
from nashscape.theory.one_sided.belief_results import BeliefTree, Ints
from nashscape.theory.one_sided.linear_quadratic import HEXNER, DifferentialGame, Floats
from nashscape.theory.one_sided.saddle_steps import SaddleSteps, least_cost, saddle_steps
from nashscape.theory.one_sided.split_search import searched

CARDALIAGUET = Source(
    "cardaliaguet", "Cardaliaguet: Differential Games with Asymmetric Information. SIAM Journal on Control and "
    "Optimization 46, 816–838, 2007.", "https://doi.org/10.1137/060654396",
)  # fmt: skip

MOST_LEAVES = 1 << 12
UNLIKELY, ALIKE = 1e-9, 1e-6
"""Nodes with less probability are left out, and beliefs that differ by less are the same."""


@public()
def belief_tree(
    game: DifferentialGame,
    steps: int = 10,
    *,
    starts: int = 8,
    iterations: int = 300,
    seed: int = 0,
    tolerance: float = 1e-6,
) -> BeliefTree:
    """What the informed player reveals in a differential game, and when, and what both do.

    In each of K steps the informed player sends one of as many signals as there are states of the world, by chances
    that hang on the state; both then hold their controls for the step, and the other knows the signal, as it would see
    the control that goes with it. For given chances the best controls of both are a saddle point: the other steers by
    what it believes, and so does the informed player, for else it would say more than its signal. It is found exactly,
    by Riccati's equation. The chances are found by gradient descent over all nodes of the tree, from many starts.

    What the informed player pays with this tree, against the best response, is `high`. Whatever it reveals and when, by
    any number of signals, it pays `low` at least. Where they agree the tree is optimal.

    Args:
        game: as `differential_game` or `hexner_game` make it.
        steps: K; there are states^K nodes in the last step.
        starts: of descent, random ones near revealing nothing.
        iterations: of descent.
        seed: of the starts.
        tolerance: how near the bounds are to be, in units of payoff.

    Raises:
        InputError: for a game without a saddle point, and more than 4,096 nodes in the last step.

    Example:
        >>> from nashscape.theory import hexner_game
        >>> belief_tree(hexner_game(), steps=4)
        <BeliefTree of Hexner's game, 4 steps: -0.328857 to -0.328857 (conceals until 0.5)>

    Source: Hexner (1979); Cardaliaguet (2007) for splits in differential games.
    """
    steps, starts = positive_integer(steps, "steps"), positive_integer(starts, "starts")
    iterations, seed = positive_integer(iterations, "iterations"), positive_integer(seed, "seed", at_least=0)
    tolerance = finite_number(tolerance, "tolerance", low=0.0)
    states = len(game.prior)
    if states**steps > MOST_LEAVES:
        raise InputError(f"{states} states and {steps} steps make {states}^{steps} nodes, more than {MOST_LEAVES:,}: "
                         "take fewer steps")  # fmt: skip
    controls = saddle_steps(game, steps)
    tries = searched(game.prior, controls.information, starts, iterations, seed)
    high, nodes = min(
        ((controls.base - _saved(own, controls.information), own)
         for own in (_grown(game, controls, splits) for splits in tries)),
        key=lambda own: own[0],
    )  # fmt: skip
    low = least_cost(controls, game.prior)
    apart = nodes.reach * ((nodes.beliefs - game.prior) ** 2).sum(axis=1)
    variance = float(game.prior @ (1 - game.prior)) or 1.0
    return BeliefTree(
        game=game.name,
        prior=game.prior,
        horizon=game.horizon,
        steps=steps,
        high=high,
        low=low,
        concealed=controls.base - float(np.einsum("i,nij,j->", game.prior, controls.information, game.prior)),
        revealed=np.bincount(nodes.step, weights=apart, minlength=steps) / variance,
        start=game.start,
        status=Status.COMPLETE if high - low <= tolerance else Status.INTERRUPTED,
        provenance=record(
            "belief tree",
            {"game": game, "steps": steps, "starts": starts, "iterations": iterations, "tolerance": tolerance},
            seed=seed, sources=[HEXNER, CARDALIAGUET],
        ),
        **nodes._asdict(),
    )  # fmt: skip


class _Nodes(NamedTuple):
    """The fields of a tree that have an entry for every node."""

    step: Ints
    parent: Ints
    reach: Floats
    beliefs: Floats
    positions: Floats
    first: Floats
    second: Floats


def _saved(nodes: _Nodes, information: Floats) -> float:
    """`Σ_n E p_nᵀ N_n p_n` over the nodes."""
    every = np.einsum("hi,hij,hj->h", nodes.beliefs, information[nodes.step], nodes.beliefs)
    return float(nodes.reach @ every)


def _grown(game: DifferentialGame, controls: SaddleSteps, splits: list[Floats]) -> _Nodes:
    """The nodes that come about, those of the same past and belief once, with what saves most from there on."""
    follow, a = _saved_from(splits, controls.information, game.prior), game.first.shape[1]
    made: list[tuple[int, int, float, Floats, Floats, Floats, Floats]] = []
    level = [(-1, 0, 1.0, game.prior, game.start)]
    for n, split in enumerate(splits):
        after = []
        for parent, place, reach, belief, x in level:
            for number, chance, told in children(place, split[place], belief, follow[n]):
                control = controls.by_state[n] @ x + controls.by_belief[n] @ told
                moved = controls.move @ x + controls.push @ control
                after.append((len(made), number, reach * chance, told, moved))
                made.append((n, parent, reach * chance, told, moved, control[:a], control[a:]))
        level = after
    return _Nodes(*(np.array(own) for own in zip(*made, strict=True)))


def children(place: int, split: Floats, belief: Floats, follow: Floats) -> list[tuple[int, float, Floats]]:
    """Numbers, chances and beliefs of what may follow a node; of those of the same belief the one that saves most."""
    joint = split * belief[:, None]
    kept: list[tuple[int, float, Floats]] = []
    for signal, chance in enumerate(joint.sum(axis=0)):
        if chance <= UNLIKELY:
            continue
        number, told = place * len(belief) + signal, joint[:, signal] / chance
        same = next((k for k, own in enumerate(kept) if np.abs(own[2] - told).max() < ALIKE), None)
        if same is None:
            kept.append((number, chance, told))
        else:
            old = kept[same]
            better = number if follow[number] > follow[old[0]] else old[0]
            kept[same] = (better, old[1] + chance, (old[1] * old[2] + chance * told) / (old[1] + chance))
    return kept


def _saved_from(splits: list[Floats], information: Floats, prior: Floats) -> list[Floats]:
    """What is saved from every node on, per unit of its probability, by step, `[states^(n + 1)]`."""
    joint, before = [], prior[None]
    for split in splits:
        before = np.swapaxes(before[:, :, None] * split, 1, 2).reshape(-1, len(prior))
        joint.append(before)
    later, made = np.zeros(len(before) * len(prior)), []
    for own, gain in zip(reversed(joint), information[::-1], strict=True):
        total = np.maximum(own.sum(axis=1), 1e-300)
        later = np.einsum("hi,ij,hj->h", own, gain, own) / total + later.reshape(len(own), -1).sum(axis=1)
        made.append(later / total)
    return made[::-1]
