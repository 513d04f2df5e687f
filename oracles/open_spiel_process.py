"""What runs in a process of its own, in which OpenSpiel is with the linear programs it asks for: games in, answers out.

Games come as JSON, `[2, m, n]` payoffs each; for each the sums of what both gain against the answers come back, step
by step, and masses of α-rank. Trees come by its names; sizes, payoffs and best responses to uniform play come back.
"""

import contextlib
import importlib
import io
import json
import sys
from importlib import metadata
from typing import Any

import numpy as np


def module(name: str) -> Any:
    """A module of OpenSpiel's Python part."""
    return importlib.import_module(f"open_spiel.python.{name}")


def left_to_gain(payoffs: Any, mixtures: Any) -> float:
    """The sum over both players of what their best action gains."""
    one, other = (np.asarray(own, float) for own in mixtures)
    first, second = payoffs[0] @ other, one @ payoffs[1]
    return float(first.max() - one @ first + second.max() - second @ other)


def double_oracle(spiel: Any, payoffs: Any, steps: int) -> list[float]:
    """After each step of its solver of zero-sum games, from the first actions."""
    solver = module("algorithms.double_oracle").DoubleOracleSolver(matrix(spiel, payoffs))
    solver.subgame_strategies = [[0], [0]]
    return [float(sum(solver.step()[1])) for _ in range(steps)]


def psro(spiel: Any, payoffs: Any, steps: int, meta: str) -> list[float]:
    """After each iteration of its PSRO with exact best responses, from the first actions."""
    game = spiel.convert_to_turn_based(matrix(spiel, payoffs))
    policies, oracles = module("policy"), module("algorithms.psro_v2.best_response_oracle")
    first = policies.TabularPolicy(game)
    first.action_probability_array[:] = 0.0
    first.action_probability_array[:, 0] = 1.0
    oracle = oracles.BestResponseOracle(game=game, policy=first)
    psro_v2 = module("algorithms.psro_v2.psro_v2")
    solver = psro_v2.PSROSolver(
        game, oracle, initial_policies=[first.__copy__(), first.__copy__()], sims_per_entry=1,
        meta_strategy_method=meta, training_strategy_selector="probabilistic", number_policies_selected=1,
        sample_from_marginals=True, symmetric_game=False,
    )  # fmt: skip
    found = [_left(game, solver, payoffs)]
    for _ in range(steps):
        solver.iteration()
        found.append(_left(game, solver, payoffs))
    return found


def _left(game: Any, solver: Any, payoffs: Any) -> float:
    mixtures = []
    for player, (pool, weights) in enumerate(zip(solver.get_policies(), solver.get_meta_strategies(), strict=True)):
        state = game.new_initial_state()
        if player:
            state.apply_action(0)
        made = np.zeros(payoffs.shape[1 + player])
        for policy, weight in zip(pool, weights, strict=True):
            for action, chance in policy.action_probabilities(state, player).items():
                made[action] += weight * chance
        mixtures.append(made)
    return left_to_gain(payoffs, mixtures)


def fictitious_play(spiel: Any, payoffs: Any, steps: int) -> list[float]:
    """After each iteration of its fictitious play in extensive form, from even mixtures."""
    game = spiel.convert_to_turn_based(matrix(spiel, payoffs))
    solver = module("algorithms.fictitious_play").XFPSolver(game)
    found = []
    for _ in range(steps):
        solver.iteration()
        policy = solver.average_policy()
        mixtures = []
        for player in range(2):
            state = game.new_initial_state()
            if player:
                state.apply_action(0)
            own = policy.action_probabilities(state, player)
            mixtures.append([own.get(a, 0.0) for a in range(payoffs.shape[1 + player])])
        found.append(left_to_gain(payoffs, mixtures))
    return found


def alpha_rank(payoffs: Any, alpha: float | None) -> list[float]:
    """Its masses for populations of 20, of two players, or, of a square table, of one population."""
    tables = list(payoffs)
    options = {"use_inf_alpha": True, "inf_alpha_eps": 1e-7} if alpha is None else {"alpha": alpha}
    masses = module("egt.alpharank").compute(tables, m=20, **options)[2]
    return [float(mass) for mass in np.ravel(masses)]


def square(payoffs: Any) -> Any:
    """The first payoffs of the first player, as many columns as rows."""
    least = min(payoffs.shape[1:])
    return payoffs[0][:least, :least]


def matrix(spiel: Any, payoffs: Any) -> Any:
    """A matrix game of OpenSpiel."""
    return spiel.create_matrix_game(*(own.tolist() for own in payoffs))


def tree(spiel: Any, name: str) -> dict[str, Any]:
    """How many information sets and plays a tree has, what uniform play pays, and best responses to it."""
    game, policies = spiel.load_game(name), module("policy")
    sets: list[set[str]] = [set() for _ in range(game.num_players())]
    plays, waiting = 0, [game.new_initial_state()]
    while waiting:
        state = waiting.pop()
        plays += state.is_terminal()
        if not (state.is_terminal() or state.is_chance_node()):
            sets[state.current_player()].add(state.information_state_string())
        waiting.extend(state.child(action) for action in state.legal_actions())
    uniform, start = policies.UniformRandomPolicy(game), game.new_initial_state()
    scores, responses = module("algorithms.expected_game_score"), module("algorithms.best_response")
    paid = scores.policy_value(start, [uniform] * game.num_players())
    best = [responses.BestResponsePolicy(game, player, uniform).value(start) for player in range(game.num_players())]
    return {"sets": [len(own) for own in sets], "plays": plays, "paid": [float(x) for x in paid], "best": best}


def populations(spiel: Any, asked: Any) -> dict[str, Any]:
    """What solvers leave to gain, and masses."""
    zero_sum = [np.array(own, float) for own in asked["zero_sum"]]
    general = [np.array(own, float) for own in asked["general"]]
    steps = asked["steps"]
    return {
        "double oracle": [double_oracle(spiel, own, steps) for own in zero_sum],
        "psro nash": [psro(spiel, own, steps, "nash") for own in zero_sum],
        "psro uniform": [psro(spiel, own, steps, "uniform") for own in general],
        "fictitious play": [fictitious_play(spiel, own, steps) for own in general],
        "alpha rank": [alpha_rank(own, asked["alpha"]) for own in general],
        "alpha rank limit": [alpha_rank(own, None) for own in general],
        "alpha rank of one": [alpha_rank([square(own)], asked["alpha"]) for own in general],
    }


def learners(spiel: Any, name: str, rounds: list[int]) -> dict[str, list[float]]:
    """NashConv of the averages of CFR and of CFR+ after so many rounds each."""
    game, made = spiel.load_game(name), {}
    for rule, make in (("cfr", spiel.CFRSolver), ("cfr_plus", spiel.CFRPlusSolver)):
        solver, told = make(game), []
        for k in range(1, max(rounds) + 1):
            solver.evaluate_and_update_policy()
            if k in rounds:
                told.append(float(spiel.nash_conv(game, solver.average_policy())))
        made[rule] = told
    return made


def main() -> None:
    """Read what was sent and answer it."""
    asked = json.load(sys.stdin)
    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        spiel: Any = importlib.import_module("pyspiel")
        found: dict[str, Any] = {"version": metadata.version("open_spiel")}
        if "trees" in asked:
            found["trees"] = {name: tree(spiel, name) for name in asked["trees"]}
        elif "learners" in asked:
            found["learners"] = {name: learners(spiel, name, asked["rounds"]) for name in asked["learners"]}
        else:
            found |= populations(spiel, asked)
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
