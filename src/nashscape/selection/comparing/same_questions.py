"""Whether a certificate and a basin map are about the same thing, by what is in them and not by names."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from nashscape.core import InputError, plain
from nashscape.games import AnonymousGame, DenseGame, PolymatrixGame, markov
from nashscape.proofs.certification.certificates import Certificate
from nashscape.proofs.certification.problem_data import game_data
from nashscape.selection.maps.basin_maps import BasinMap


def check_alike(certificate: Any, basin_map: Any) -> None:
    """Refuse a map of another game, rule, step size or box, of a flow's certificate, or of sampled updates.

    Raises:
        InputError: with what differs.
    """
    # class: two kinds of results, compared as they are
    if not isinstance(certificate, Certificate) or not isinstance(basin_map, BasinMap):
        raise InputError("coverage compares a Certificate, as certify makes them, with a BasinMap")
    if not basin_map.exact:
        raise InputError("the map is of sampled updates; a certificate speaks of exact ones")
    asked: Any = plain(
        {name: basin_map.question[name] for name in ("game", "semantics", "rule", "step_size", "projection")}
    )
    if certificate.problem["dynamics"] != "updates":
        raise InputError("the map is of updates and the certificate of a flow; make both of the same")
    mine, rule, semantics = certificate.problem, asked["rule"], asked["semantics"]
    game = described_game(asked["game"])
    terms = {name: rule.get(name) for name in ("own", "peer", "lookahead") if rule.get(name) is not None}
    pairs = {
        **{name: (game.get(name), mine["game"].get(name)) for name in {**game, **mine["game"]}},
        "actions": (asked["game"]["actions"], mine["actions"]),
        "coupling": (semantics.get("matrix", np.eye(len(mine["matrix"])).tolist()), mine["matrix"]),
        "bias": (semantics.get("bias", semantics.get("origin", [0.0] * len(mine["bias"]))), mine["bias"]),
        "inner_lr": (rule.get("inner_lr"), mine["inner_lr"]),
        "coefficients": (terms, mine["coefficients"]),
        "step_size": (asked["step_size"], mine["step_size"]),
        "projection": ({**asked["projection"], "kind": ""}, {**mine["box"], "kind": ""}),
    }
    for name, (theirs, own) in pairs.items():
        if theirs != own:
            raise InputError(f"the map and the certificate differ in {name}: {theirs} and {own}; make both of the same")


def described_game(data: Mapping[str, Any]) -> dict[str, Any]:
    """The payoffs of a game, and how it moves, from the description that results keep of it.

    Args:
        data: what the game's `to_dict` gives.

    Raises:
        InputError: for a description from which payoffs are not known.

    Example:
        >>> from nashscape import games
        >>> described_game(games.volunteers_dilemma(2).to_dict())["payoffs"]
        [[[1.0, 1.0], [2.0, 0.0]], [[1.0, 2.0], [1.0, 0.0]]]
    """
    names: dict[str, Any] = {
        "name": data.get("name"),
        "players": tuple(data.get("players", ())),
        "actions": tuple(map(tuple, data.get("actions", ()))),
    }
    game: Any
    if "by_count" in data:
        game = AnonymousGame(np.asarray(data["by_count"], np.float64), **names).to_dense()
    elif "interactions" in data:
        between, own = (np.asarray(data[name], np.float64) for name in ("interactions", "own"))
        game = PolymatrixGame(interactions=between, own=own, sizes=tuple(data["sizes"]), **names).to_dense()
    elif data.get("successors") is not None or data.get("transitions") is not None:
        game = _over_states(data, names)
    elif "payoffs" in data:
        game = DenseGame(np.asarray(data["payoffs"], np.float64), **names)
    else:
        raise InputError(
            f"the map's description of {data.get('name', 'its game')} does not say what is paid, so that nobody can "
            "tell whether the certificate is of the same game; make the map of game.to_dense()"
        )
    found: dict[str, Any] = plain(game_data(game))
    return found


def _over_states(data: Mapping[str, Any], names: Mapping[str, Any]) -> Any:
    moves = data["transitions"]
    if moves is None:
        states = len(data["successors"])
        shape = (states, *map(len, data["actions"]), states)
        moves = np.eye(states)[np.asarray(data["successors"])].reshape(shape)
    return markov(
        data["payoffs"], moves, discount=data["discount"], horizon=data["horizon"], initial=data["initial"],
        states=data["states"], **names,
    )  # fmt: skip
