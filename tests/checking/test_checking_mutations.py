"""Ten thousand mutations: no false claim is accepted, whether of sigmoids, softmaxes, games over states or flows.

Each is one or two changes of anything in the document, its checksum made right again. What is accepted is simulated in
NumPy, from the definitions and with nothing of this library, and what `certify` proves of the same question must agree.
"""

import copy
import itertools
import json
import math
import random
from collections import Counter
from fractions import Fraction

import numpy as np
import pytest

pytest.importorskip("flint")

from nashscape.core import InputError

FACTORS = (-1.0, 0.0, 0.2, 0.8, 0.98, 1.02, 1.2, 2.0, 5.0)
STEPS = 800
"""Of a simulated run; more than any small certificate needs."""

# --- what is true, by other means -------------------------------------------------------------------------


def value(schedule, t):
    own = schedule
    if own["kind"] == "Constant":
        return own["value"]
    if own["kind"] == "Handoff":
        return own["before"] if t < own["at"] else own["after"]
    if own["kind"] == "Power":
        return own["scale"] * (t + own["offset"]) ** -own["exponent"]
    return own["value"] * (1 + max(t - own["warm_up"], 0) / own["decay_steps"]) ** -own["exponent"]


class World:
    """A document's game and learners in NumPy."""

    def __init__(self, problem):
        self.problem, game = problem, problem["game"]
        self.matrix, self.bias = np.array(problem["matrix"], float), np.array(problem["bias"], float)
        self.soft = [own["form"] == "softmax" for own in problem["players"]]
        self.counts = [own["actions"] for own in problem["players"]]
        self.owner = np.repeat(np.arange(len(problem["sizes"])), problem["sizes"])
        numbers = np.vectorize(lambda x: float(Fraction(x)), otypes=[float])
        markov = game["kind"] == "markov"
        self.initial = numbers(game["initial"]) if markov else np.ones(1)
        states, joint = len(self.initial), math.prod(self.counts)
        self.kernel = numbers(game["kernel"]) if markov else np.ones((1, joint, 1))
        self.discount = game["discount"] if markov else 0.0
        paid = np.array(game["payoffs"], float)
        self.paid = np.broadcast_to(paid.reshape(len(self.counts), -1, joint), (len(self.counts), states, joint))

    def policies(self, theta):
        """`[N, S, a_i]` per player."""
        z = theta @ self.matrix.T + self.bias
        states, found, first = len(self.initial), [], 0
        for count, soft in zip(self.counts, self.soft, strict=True):
            rows = count if soft else 1
            own = z[:, first : first + rows * states].reshape(len(z), states, rows)
            own = own if soft else np.concatenate([own, np.zeros_like(own)], axis=2)
            power = np.exp(own - own.max(axis=2, keepdims=True))
            found.append(power / power.sum(axis=2, keepdims=True))
            first += rows * states
        return found

    def gradients(self, theta):
        """Of all players' utilities along all logits, `[n, N, Z]`, by the theorem about policy gradients."""
        p = self.policies(theta)
        joint = p[0]
        for own in p[1:]:
            joint = (joint[..., None] * own[:, :, None, :]).reshape(*joint.shape[:2], -1)
        matrix = np.eye(len(self.initial)) - self.discount * np.einsum("nsa,sat->nst", joint, self.kernel)
        visits = np.linalg.solve(matrix.transpose(0, 2, 1), np.tile(self.initial[:, None], (len(theta), 1, 1)))[..., 0]
        found = []
        for paid in self.paid:
            values = np.linalg.solve(matrix, (joint * paid).sum(axis=2)[..., None])[..., 0]
            worth = paid + self.discount * np.einsum("sat,nt->nsa", self.kernel, values)
            worth = worth.reshape(*worth.shape[:2], *self.counts)
            parts = []
            for i, own in enumerate(p):
                q = worth
                for j in reversed(range(len(p))):
                    if j != i:
                        shape = [*q.shape[:2], *[1] * (q.ndim - 2)]
                        shape[2 + j] = -1
                        q = (q * p[j].reshape(shape)).sum(axis=2 + j, keepdims=True)
                gain = own * (q.reshape(own.shape) - (own * q.reshape(own.shape)).sum(axis=2, keepdims=True))
                gain = visits[..., None] * (gain if self.soft[i] else gain[..., :1])
                parts.append(gain.reshape(len(theta), -1))
            found.append(np.concatenate(parts, axis=1))
        return np.array(found)

    def bends(self, theta):
        """Second derivatives along both logits of two players with sigmoids in one state, `[2, N, 2, 2]`."""
        p, q = (own[:, 0, 0] for own in self.policies(theta))
        s, t = p * (1 - p), q * (1 - q)
        found = []
        for u, v, w, x in self.paid[:, 0]:
            along, other = v - x + (u - v - w + x) * q, w - x + (u - v - w + x) * p
            both = (u - v - w + x) * s * t
            rows = [[along * s * (1 - 2 * p), both], [both, other * t * (1 - 2 * q)]]
            found.append(np.array(rows).transpose(2, 0, 1))
        return np.array(found)

    def field(self, theta, t):
        """`[N, D]`."""
        own = self.gradients(theta) @ self.matrix
        base = np.stack([own[i, :, k] for k, i in enumerate(self.owner)], axis=1)
        terms = {name: value(one, t) for name, one in self.problem["coefficients"].items()}
        if not any(terms.values()):
            return base
        bends = np.einsum("inzy,zk,yl->inkl", self.bends(theta), self.matrix, self.matrix)
        total = np.zeros_like(base)
        for k, i in enumerate(self.owner):
            for m, j in enumerate(self.owner):
                if i == j:
                    total[:, k] += terms.get("own", 0.0) * bends[i, :, m, k] * own[i, :, m]
                else:
                    total[:, k] += terms.get("peer", 0.0) * bends[j, :, m, k] * own[i, :, m]
                    total[:, k] += terms.get("lookahead", 0.0) * bends[i, :, m, k] * own[j, :, m]
        return base + self.problem["inner_lr"] * total

    def full(self, y):
        """Parameters with these followed numbers: logits of a softmax have mean zero."""
        parts, first = [], 0
        for size, soft in zip(self.problem["sizes"], self.soft, strict=True):
            own = y[:, first : first + size - soft]
            first += size - soft
            own = np.concatenate([own, np.zeros((len(y), 1))], axis=1) if soft else own
            parts.append(own - own.mean(axis=1, keepdims=True) if soft else own)
        return np.concatenate(parts, axis=1)

    def followed(self, theta):
        """Logits of softmaxes less the last, parameters of sigmoids."""
        parts, first = [], 0
        for size, soft in zip(self.problem["sizes"], self.soft, strict=True):
            own = theta[:, first : first + size]
            parts.append(own[:, :-1] - own[:, -1:] if soft else own)
            first += size
        return np.concatenate(parts, axis=1)

    def ends(self, theta, arrived):
        """Where runs are after many updates, or after the time of many steps of the flow, or once all have arrived."""
        box, flow = self.problem["box"], self.problem["dynamics"] == "flow"
        size = self.problem["time_step"] if flow else None
        for t in range(STEPS):
            if t % 10 == 0 and arrived(theta).all():
                break
            h = size / 2 if flow else value(self.problem["step_size"], t)
            push = self.field(theta, t)
            if flow:
                push = self.field(np.clip(theta + h / 2 * push, box["low"], box["high"]), t)
            theta = np.clip(theta + h * push, box["low"], box["high"])
        return theta


def false_of(data):
    """What is seen to be false, or None; what is false only by a hair is not seen."""
    world = World(data["problem"])
    return (
        false_sums(data["problem"]) or false_cells(data)
        or next(filter(None, (false_trap(trap, world) for trap in data["traps"])), None) or false_runs(data, world)
    )  # fmt: skip


def false_sums(problem):
    game, size = problem["game"], problem["step_size"]
    rows = [game["initial"], *(row for state in game["kernel"] for row in state)] if "kernel" in game else []
    if any(sum(Fraction(x) for x in row) != 1 or min(Fraction(x) for x in row) < 0 for row in rows):
        return "probabilities"
    if size is None:
        return None
    if size.get("exponent", 0.0) > 1 or min(value(size, t) for t in (0, 10, 1000)) <= 0:
        return "step sizes"
    return None


def false_cells(data):
    low, high, region = (np.array(data[name], float) for name in ("low", "high", "region"))
    if not ((region[0] <= low) & (low <= high) & (high <= region[1])).all():
        return "cells outside"
    pairs = itertools.combinations(range(len(low)), 2)
    if any((np.maximum(low[a], low[b]) < np.minimum(high[a], high[b])).all() for a, b in pairs):
        return "cells overlap"
    return None


def false_trap(trap, world):
    draw, box = np.random.default_rng(0), world.problem["box"]
    if trap["target"] != name_of(trap, world):
        return "name"
    if trap["kind"] == "rest":
        return false_rest(trap, world, draw)
    corner, rows, least = (np.array(trap[name], float) for name in ("corner", "rows", "least"))
    if not np.isin(corner, (box["low"], box["high"])).all():
        return "corner"
    d, span = rows.shape[1], box["high"] - box["low"]
    theta = np.array([corner])
    if len(rows) == d and abs(np.linalg.det(rows)) > 0.5:
        far = np.maximum(least, 0) + span
        w = least + draw.uniform(size=(400, d)) ** 3 * (far - least)
        w[:100] = np.where(draw.uniform(size=(100, d)) < 0.5, least, w[:100])
        theta = np.concatenate([theta, world.full(np.linalg.solve(rows, w.T).T)])
    y = draw.uniform(box["low"], box["high"], size=(400, d))
    theta = np.concatenate([theta, world.full(y[(y @ rows.T >= least).all(axis=1)])])
    theta = theta[((theta >= box["low"]) & (theta <= box["high"])).all(axis=1)]
    way = np.where(corner == box["high"], 1.0, -1.0)
    for t in (0, 30, 10**9):
        towards = world.field(theta, t) * way
        if (towards < trap["margin"] * (1 - 1e-6)).any() or (np.abs(towards) > trap["largest"] * (1 + 1e-6)).any():
            return "margin or largest"
    return None


def false_rest(trap, world, draw):
    """One update with the largest step takes a start of the set out of it, or the field is not what is claimed."""
    sides, low, high, metric = (np.array(trap[name], float) for name in ("sides", "low", "high", "metric"))
    free, problem = sides == 0, world.problem
    theta = draw.uniform(low, high, size=(400, len(sides)))
    way = draw.normal(size=(400, free.sum()))
    way *= (draw.uniform(0.3, 1, size=(400, 1)) / np.linalg.norm(way, axis=1, keepdims=True)) * trap["radius"]
    theta[:, free] = trap["centre"] + np.linalg.solve(metric, way.T).T
    field = world.field(theta, 0)
    size = problem["time_step"] or value(problem["step_size"], 0)
    away = np.linalg.norm((theta[:, free] + size * field[:, free] - trap["centre"]) @ metric.T, axis=1)
    if (away > trap["radius"] * (1 + 1e-9)).any() or (np.abs(field) > trap["largest"] * (1 + 1e-6)).any():
        return "leaves its place of rest"
    pushed = (field * sides)[:, ~free]
    return "margin of a side" if pushed.size and (pushed < trap["margin"] * (1 - 1e-6)).any() else None


def name_of(trap, world):
    problem = world.problem
    if trap["kind"] == "rest":
        centre = list(trap["centre"])
        ends = {1: problem["box"]["high"], -1: problem["box"]["low"]}
        return f"rest at ({', '.join(f'{ends[s] if s else centre.pop(0) + 0.0:.4g}' for s in trap['sides'])})"
    box, state = problem["box"], int(np.argmax(world.initial))
    signs = "".join("+" if x > (box["low"] + box["high"]) / 2 else "-" for x in trap["corner"])

    def played(corner):
        most = [own[0, state] for own in world.policies(np.array([corner], float))]
        return None if min(own.max() for own in most) < 0.82 else tuple(int(own.argmax()) for own in most)

    if problem["game"]["kind"] == "markov":
        everywhere = [played(c) for c in itertools.product((box["low"], box["high"]), repeat=len(trap["corner"]))]
        everywhere = [one for one in everywhere if one is not None]
        if len(set(everywhere)) < len(everywhere):
            return signs
    found = played(trap["corner"])
    if found is None:
        return signs
    short = all(len(name) == 1 for own in problem["actions"] for name in own)
    return ("" if short else "/").join(own[k] for own, k in zip(problem["actions"], found, strict=True))


def false_runs(data, world):
    """Starts that end where they are not said to, by far."""
    draw, starts, claims = np.random.default_rng(1), [], []
    for low, high, trap in zip(data["low"], data["high"], data["trap"], strict=True):
        if trap >= 0:
            share = np.concatenate(
                [np.array(list(itertools.product((0, 1), repeat=len(low)))), draw.uniform(size=(3, len(low)))]
            )
            points = np.array(low) + share * (np.array(high) - low)
            starts.append(np.log(points / (1 - points)) if data["coordinates"] == "strategies" else points)
            claims += [trap] * len(share)
    if not claims:
        return None
    claims = np.array(claims)

    def arrived(theta):
        y, there = world.followed(theta), np.zeros(len(theta), bool)
        for k, trap in enumerate(data["traps"]):
            there |= (claims == k) & inside(trap, y)
        return there

    ends = world.ends(world.full(np.concatenate(starts)), arrived)
    for end, claim in zip(ends, claims, strict=True):
        trap = data["traps"][claim]
        if trap["kind"] == "rest":
            hull = trap["radius"] * np.linalg.norm(np.linalg.inv(np.array(trap["metric"], float)), axis=1)
            free = np.array(trap["sides"]) == 0
            if (np.abs(end[free] - trap["centre"]) > hull + 1.0).any():
                return "rests elsewhere"
        elif any(world.soft):
            if (np.array(trap["corner"]) * end < -1.0).any():
                return "ends elsewhere"
        elif (
            (end - (world.problem["box"]["low"] + world.problem["box"]["high"]) / 2) * way_of(trap, world) < -1.0
        ).any():
            return "ends elsewhere"
    return None


def inside(trap, y):
    """Whether points lie in a trap, of which `false_trap` has found nothing false."""
    if trap["kind"] == "corner":
        return (y @ np.array(trap["rows"], float).T >= trap["least"]).all(axis=1)
    return ((y >= trap["low"]) & (y <= trap["high"])).all(axis=1)


def way_of(trap, world):
    return np.where(np.array(trap["corner"]) == world.problem["box"]["high"], 1.0, -1.0)


# --- mutations --------------------------------------------------------------------------------------------


def leaves(data, path=()):
    """Paths of all numbers and ratios."""
    if isinstance(data, dict):
        return [one for key in data for one in leaves(data[key], (*path, key))]
    if isinstance(data, list):
        return [one for k, own in enumerate(data) for one in leaves(own, (*path, k))]
    ratio = isinstance(data, str) and "/" in data and data[0].isdigit()
    return [path] if ratio or (isinstance(data, int | float) and not isinstance(data, bool)) else []


GROUPS = (
    ("low", "high"), ("trap",), ("traps",), ("traps",), ("problem", "game"), ("problem", "game"), ("problem",),
    ("problem",), ("region",), ("steps",),
)  # fmt: skip


def mutated(data, where):
    """One or two changes; they may happen to leave every claim true."""
    data = copy.deepcopy(data)
    for _ in range(where.choice([1, 1, 2])):
        where.choice([number, number, number, number, name, looser, stranger])(data, where)
    return data


def number(data, where):
    group = where.choice(GROUPS)
    paths = [
        path
        for key in (group if group[0] in ("low", "high") else group[:1])
        for path in leaves(data[key], (key,))
        if len(group) == 1 or group[0] != "problem" or path[1] == group[1]
    ]
    if not paths:
        return
    *path, last = where.choice(paths)
    inner = data
    for key in path:
        inner = inner[key]
    old = inner[last]
    if path[-1:] == ["trap"] or path == ["trap"]:
        inner[last] = where.randrange(-1, len(data["traps"]))
        data["steps"][last] = where.choice([0, 5, 60, 300])
    elif isinstance(old, str) or ("kernel" in path or "initial" in path):
        shift = where.choice([Fraction(1, 3), Fraction(-1, 7), Fraction(1, 10**10)])
        inner[last] = text(Fraction(old) + shift)
        if where.random() < 0.7:
            other = where.choice([k for k in range(len(inner)) if k != last] or [last])
            inner[other] = text(Fraction(inner[other]) - shift)
    elif isinstance(old, int):
        inner[last] = old + where.choice([-1, 1])
    elif where.random() < 0.5:
        inner[last] = old * where.choice(FACTORS)
    else:
        inner[last] = old + where.choice([-2.0, -0.5, -0.1, -1e-9, 1e-9, 0.1, 0.5, 2.0])


def text(share):
    return f"{share.numerator}/{share.denominator}"


def name(data, where):
    trap = where.choice(data["traps"])
    trap["target"] = where.choice([*(one["target"] for one in data["traps"]), "DC", "++", "rest at (0, 0)"])
    if where.random() < 0.8:
        data["targets"] = list(dict.fromkeys(one["target"] for one in data["traps"]))


def looser(data, where):
    """A larger trap, a smaller one, or one without one of its sides."""
    trap = where.choice(data["traps"])
    if trap["kind"] == "rest":
        trap["radius"] *= where.choice([0.5, 1.5, 3.0])
    elif where.random() < 0.3:
        k = where.randrange(len(trap["rows"]))
        del trap["rows"][k], trap["least"][k]
    else:
        trap["least"] = [x - where.choice([-0.25, 0.1, 0.5, 2.0]) for x in trap["least"]]


def stranger(data, where):
    """Two traps or players exchange something."""
    if where.random() < 0.5 and len(data["traps"]) > 1:
        one, two = where.sample(data["traps"], 2)
        key = where.choice(sorted(set(one) & set(two)))
        one[key], two[key] = two[key], one[key]
    else:
        paid = data["problem"]["game"]["payoffs"]
        one, two = where.sample(range(len(paid)), 2)
        paid[one], paid[two] = paid[two], paid[one]


# --- certificates, and proving them again -----------------------------------------------------------------


def certified(kind):
    """A certificate of each kind that `certify` writes, and how to ask again of another problem of the same kind."""
    from nashscape import games
    from nashscape.learning import box, meta_mapg, pg
    from nashscape.learning.schedules import Constant, Handoff, Power, TwoPhase
    from nashscape.proofs.certification.certifying import certify
    from nashscape.semantics import independent, parametric, restricted

    payoffs = [[[4.0, 0.0], [3.0, 2.0]], [[4.0, 3.0], [0.0, 2.0]]]
    three = [[[4.0, 0.0, 1.0], [1.0, 2.5, 0.5]], [[4.0, 1.0, 0.5], [0.0, 2.5, 0.5]]]
    kinds = {"Constant": Constant, "Handoff": Handoff, "Power": Power, "TwoPhase": TwoPhase}

    def again(problem, region=None):
        size, game, clip = problem["step_size"], problem["game"], problem["box"]
        schedules = {name: kinds[own["kind"]](**{key: x for key, x in own.items() if key != "kind"})
                     for name, own in problem["coefficients"].items()}  # fmt: skip
        rule = meta_mapg(inner_lr=problem["inner_lr"], **schedules) if schedules else pg()
        if game["kind"] == "markov":
            moves = [[[float(Fraction(x)) for x in row] for row in state] for state in game["kernel"]]
            made = games.markov(
                game["payoffs"], np.reshape(moves, (2, 2, 2, 2)), discount=game["discount"],
                initial=[float(Fraction(x)) for x in game["initial"]],
            )  # fmt: skip
            learners = restricted(made, [["state 0"], ["state 0"]], fixed=0.9)
        else:
            forms = [own["form"] for own in problem["players"]]
            learners = parametric(
                games.dense(game["payoffs"]), independent([own["actions"] for own in problem["players"]], forms)
            )
        how = {"time_step": problem["time_step"]} if size is None else {"step_size": kinds[size["kind"]](**{
            key: x for key, x in size.items() if key != "kind"})}  # fmt: skip
        clip = box(clip["high"], low=clip["low"])
        forms = getattr(learners.semantics, "forms", None) or ()
        sides = {3: 1 / 8}.get(learners.dimension - sum(form == "softmax" for form in forms), 1 / 16)
        return certify(learners, rule, None, region, projection=clip, resolution=sides, steps=400, **how)

    base = {
        "game": {"kind": "one-shot", "payoffs": payoffs}, "players": [{"actions": 2, "form": "sigmoid"}] * 2,
        "inner_lr": 1.0, "coefficients": {}, "box": {"low": -8.0, "high": 8.0}, "time_step": None,
        "step_size": {"kind": "Power", "scale": 0.9, "offset": 10.0, "exponent": 0.24},
    }  # fmt: skip
    terms = {name: {"kind": "Constant", "value": x} for name, x in (("own", 0.35), ("peer", 1.5))}
    asked = {
        "sigmoids": (base, None),
        "terms": (base | {"coefficients": terms}, None),
        "flow": (base | {"step_size": None, "time_step": 0.25, "coefficients": terms}, None),
        "softmaxes": (
            base | {"game": {"kind": "one-shot", "payoffs": three}, "box": {"low": -4.0, "high": 4.0},
                    "players": [{"actions": 2, "form": "softmax"}, {"actions": 3, "form": "softmax"}]},
            (-2.0, 2.0),
        ),
        "states": (
            base | {
                "game": {"kind": "markov", "payoffs": [[own] * 2 for own in payoffs], "discount": 0.4,
                         "kernel": [[["1/3", "2/3"]] * 4, [["3/4", "1/4"], *[["1/7", "6/7"]] * 3]],
                         "initial": ["2/3", "1/3"]},
                "step_size": {"kind": "Constant", "value": 0.4}, "box": {"low": -4.0, "high": 4.0},
            },
            (-3.0, 3.0),
        ),
    }  # fmt: skip
    problem, region = asked[kind]
    return again(problem, region), lambda other: again(other, region)


def small(made, path, count):
    """A few of the cells, decided and not, and the traps that they lead to."""
    data, where = json.loads(made.save(path).read_text()), random.Random(5)
    used = sorted(set(where.sample([trap for trap in data["trap"] if trap >= 0], 3 * count)))[:3]
    kept = where.sample([k for k, trap in enumerate(data["trap"]) if trap in used], count)
    kept += where.sample([k for k, trap in enumerate(data["trap"]) if trap < 0], 2)
    for key in ("low", "high", "trap", "steps"):
        data[key] = [data[key][k] for k in kept]
    used = sorted({trap for trap in data["trap"] if trap >= 0})
    data["traps"] = [data["traps"][k] for k in used]
    data["trap"] = [used.index(trap) if trap >= 0 else -1 for trap in data["trap"]]
    data["targets"] = list(dict.fromkeys(trap["target"] for trap in data["traps"]))
    return {key: x for key, x in data.items() if key not in ("checksum", "provenance", "curve", "undecided_by")}


def verdict(data, check):
    try:
        return "accepted" if check(data).accepted else "rejected"
    except InputError:
        return "refused"


@pytest.fixture
def few_boxes(monkeypatch):
    """What is nearly true may cost ten seconds to reject: with fewer pieces and boxes less is accepted, and sooner."""
    monkeypatch.setattr("nashscape.checking.tubes.MOST_PIECES", 200)
    monkeypatch.setattr("nashscape.checking.covers.MOST_BOXES", 4_000)


def counted(bases, count, seed, check):
    """What was made of so many mutations, and those that were accepted; none of these is seen to be false."""
    where, seen, accepted = random.Random(seed), Counter(), []
    for number_, (kind, base) in zip(range(count), itertools.cycle(bases.items())):
        data = mutated(base, where)
        found = verdict(data, check)
        seen[kind, found] += 1
        if found == "accepted":
            assert false_of(data) is None, (seed, number_, kind, false_of(data))
            accepted.append((kind, data))
    return seen, accepted


@pytest.fixture
def by_hand(hand_made, resting):
    """One of each kind that needs no certifier: sigmoids, softmaxes, states, a place of rest and one of a flow."""
    soft, states = copy.deepcopy(hand_made), copy.deepcopy(hand_made)
    soft["problem"] |= {
        "players": [{"actions": 2, "form": "softmax"}] * 2, "sizes": [2, 2], "bias": [0.0] * 4,
        "matrix": np.eye(4).tolist(), "box": {"low": -4.0, "high": 4.0, "escape": 84.0},
    }  # fmt: skip
    soft["traps"][0]["corner"] = [4.0, -4.0, 4.0, -4.0]
    states["problem"] |= {
        "game": {"kind": "markov", "payoffs": [[own] * 2 for own in states["problem"]["game"]["payoffs"]],
                 "kernel": [[["1/3", "2/3"]] * 4] * 2, "initial": [0.75, 0.25], "discount": 0.1},
        "matrix": [[1.0, 0.0]] * 2 + [[0.0, 1.0]] * 2, "bias": [0.0] * 4,
    }  # fmt: skip
    states["traps"][0] |= {"margin": 1e-4, "largest": 1.0}
    flow = resting(True)
    for key in ("low", "high", "trap", "steps"):
        flow[key] = flow[key][2:4]
    return {"sigmoids": hand_made, "softmaxes": soft, "states": states, "rest": resting(False), "flow": flow}


def test_the_certificates_that_are_mutated_are_accepted_and_true(by_hand, check):
    for kind, data in by_hand.items():
        found = check(data)
        assert found.accepted, (kind, found.reasons)
        assert false_of(data) is None, kind


@pytest.mark.parametrize(
    ("path", "new", "seen"),
    [
        (["traps", 0, "margin"], 4e-4, "margin or largest"),
        (["traps", 0, "target"], "DD", "name"),
        (["traps", 0, "corner"], [8.0, 7.0], "corner"),
        (["trap", 2], 0, "ends elsewhere"),
        (["low", 1], [-1.0, 1.0], "cells overlap"),
        (["problem", "step_size", "exponent"], 1.5, "step sizes"),
        (["region"], [[-4.0, -4.0], [2.0, 4.0]], "cells outside"),
        (["high", 1], [2.25, 2.25], "cells overlap"),
    ],
)
def test_what_is_false_is_seen(path, new, seen, hand_made):
    inner = hand_made
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = new
    assert false_of(hand_made) == seen


@pytest.mark.long
def test_no_false_claim_is_accepted_among_a_few_mutations(by_hand, check, few_boxes):
    seen, _ = counted(by_hand, 50, 1, check)
    for kind in by_hand:
        assert seen[kind, "accepted"] > 0
        assert seen[kind, "rejected"] > 2


@pytest.mark.long
def test_no_false_claim_is_accepted_in_ten_thousand_mutations(by_hand, check, few_boxes, tmp_path):
    made = {kind: certified(kind) for kind in ("sigmoids", "terms", "flow", "softmaxes", "states")}
    bases = {f"{kind} by certify": small(found, tmp_path / f"{kind}.json", 5) for kind, (found, _) in made.items()}
    for kind, data in bases.items():
        assert check(data).accepted, kind
        assert false_of(data) is None, kind
    seen, accepted = counted(bases | by_hand, 10_000, 2, check)
    print({" ".join(key): count for key, count in sorted(seen.items())})
    for kind in bases | by_hand:
        assert seen[kind, "accepted"] > 20
        assert seen[kind, "rejected"] > 100
    proved = Counter()
    known = {
        json.dumps(bases[f"{kind} by certify"]["problem"], sort_keys=True): found for kind, (found, _) in made.items()
    }
    for kind, data in accepted:
        again = made.get(kind.removesuffix(" by certify"))
        if "by certify" in kind:
            proved.update(proved_again(data, known, again[1]))
    print(dict(proved))
    assert proved["otherwise"] == 0
    assert proved["again"] > 20 * proved["never"]


MOST_NEW = 12
"""Problems of each kind of which `certify` is asked; each takes a second."""


def proved_again(data, known, again):
    """What a fresh certificate of the same problem says of every claimed cell."""
    key = json.dumps(data["problem"], sort_keys=True)
    if key not in known:
        if len(known) > 5 * MOST_NEW:
            return {"not asked": 1}
        try:
            known[key] = again(data["problem"])
        except InputError as refusal:
            known[key] = refusal
    found = known[key]
    if isinstance(found, InputError):
        return {f"cannot be asked: {str(found)[:40]}": 1}
    answers = Counter()
    for low, high, trap in zip(data["low"], data["high"], data["trap"], strict=True):
        if trap >= 0:
            share = np.random.default_rng(0).uniform(size=(8, len(low)))
            labels = found.labels_at(np.array(low) + share * (np.array(high) - low))
            names = {found.targets[k] for k in labels if k >= 0}
            right = data["traps"][trap]["target"]
            answers["otherwise" if names - {right} else "again" if names else "undecided"] += 1
    return answers
