"""Small certificates, and checking what was made of them."""

import itertools
import json
import random

import pytest

CELLS = 14


@pytest.fixture
def check(tmp_path):
    """Checks a document as a file with the right checksum."""
    from nashscape.checking import verify_certificate
    from nashscape.checking.documents import checksum

    numbers = itertools.count()

    def checked(data, **options):
        path = tmp_path / f"{next(numbers)}.json"
        path.write_text(json.dumps(data | {"checksum": checksum(data)}))
        return verify_certificate(path, **{"processes": 1} | options)

    return checked


@pytest.fixture(scope="session")
def bases(tmp_path_factory):
    """Small certificates that `certify` wrote: a few of the cells, decided and not, and of the traps."""
    from nashscape import games
    from nashscape.learning import meta_mapg, pg, schedules
    from nashscape.proofs.certification.certifying import certify

    folder = tmp_path_factory.mktemp("bases")
    asymmetric = games.dense([[[3.0, 0.5], [1.0, 2.0]], [[2.0, 1.0], [0.0, 3.0]]])
    switching = meta_mapg(peer=schedules.handoff(1.5, at=30), own=schedules.power(0.35, exponent=0.5))
    asked = [
        (games.stag_hunt(), pg(), {}),
        (games.stag_hunt(), meta_mapg(), {}),
        (games.chicken(), meta_mapg(), {}),
        (asymmetric, pg(), {"step_size": 0.4}),
        (asymmetric, switching, {}),
    ]
    return [
        small(certify(game, rule, resolution=1 / 16, **how).save(folder / f"{k}.json"))
        for k, (game, rule, how) in enumerate(asked)
    ]


def small(path):
    data = json.loads(path.read_text())
    where = random.Random(1)
    corners = [k for k, trap in enumerate(data["traps"]) if trap["kind"] == "corner"]
    claimed = [k for k, trap in enumerate(data["trap"]) if trap in corners]
    used = sorted({data["trap"][k] for k in claimed})[:4]
    kept = sorted(where.sample([k for k in claimed if data["trap"][k] in used], CELLS))
    kept += where.sample([k for k, trap in enumerate(data["trap"]) if trap < 0], 4)
    for name in ("low", "high", "trap", "steps"):
        data[name] = [data[name][k] for k in kept]
    used = sorted({trap for trap in data["trap"] if trap >= 0})
    data["traps"] = [data["traps"][k] for k in used]
    data["trap"] = [used.index(trap) if trap >= 0 else -1 for trap in data["trap"]]
    data["targets"] = list(dict.fromkeys(trap["target"] for trap in data["traps"]))
    return data


@pytest.fixture
def hand_made():
    """Two cells of Stag Hunt above p = 2/3, written by hand."""
    return {
        "format": "nashscape certificate", "version": 3, "coordinates": "parameters",
        "region": [[-4.0, -4.0], [4.0, 4.0]], "targets": ["CC"], "game": "stag_hunt", "rule": "pg",
        "low": [[2.0, 2.0], [1.0, 1.0], [-1.0, 1.0]], "high": [[2.5, 2.5], [1.25, 1.25], [1.0, 1.5]],
        "trap": [0, 0, -1], "steps": [0, 30, -1], "resolution": 0.1, "status": "COMPLETE", "provenance": {},
        "problem": {
            "dynamics": "updates", "actions": [["C", "D"], ["C", "D"]],
            "game": {"kind": "one-shot", "payoffs": [[[4.0, 0.0], [3.0, 2.0]], [[4.0, 3.0], [0.0, 2.0]]]},
            "players": [{"actions": 2, "form": "sigmoid"}] * 2, "sizes": [1, 1],
            "matrix": [[1.0, 0.0], [0.0, 1.0]], "bias": [0.0, 0.0], "inner_lr": 1.0, "coefficients": {},
            "step_size": {"kind": "Power", "scale": 0.9, "offset": 10.0, "exponent": 0.24}, "time_step": None,
            "box": {"low": -8.0, "high": 8.0, "escape": 168.0},
        },
        "traps": [
            {
                "kind": "corner", "target": "CC", "corner": [8.0, 8.0], "rows": [[1, 0], [0, 1]],
                "least": [1.5, 1.5], "margin": 1e-4, "largest": 0.5,
            }
        ],
    }  # fmt: skip


@pytest.fixture
def resting():
    """A place of rest: player 1 is paid 4 p (1 − p) through an opponent who mirrors, player 3 for the first action."""

    def made(flow):
        payoffs = [
            [[[4.0, 4.0], [0.0, 0.0]], [[0.0, 0.0], [0.0, 0.0]]],
            [[[0.0, 0.0], [0.0, 0.0]], [[0.0, 0.0], [0.0, 0.0]]],
            [[[1.0, 0.0], [1.0, 0.0]], [[1.0, 0.0], [1.0, 0.0]]],
        ]
        cells = [([a, b], [a + 0.5, b + 1.0]) for a in (-2.5, -1.0, 0.0, 2.0) for b in (-1.0, 3.0)]
        return {
            "format": "nashscape certificate", "version": 3, "coordinates": "parameters",
            "region": [[-4.0, -4.0], [4.0, 4.0]], "targets": ["rest at (0, 4)"],
            "low": [low for low, _ in cells], "high": [high for _, high in cells],
            "trap": [0] * len(cells), "steps": [400 if flow else 100] * len(cells),
            "problem": {
                "dynamics": "flow" if flow else "updates", "actions": [["A", "B"]] * 3,
                "game": {"kind": "one-shot", "payoffs": payoffs},
                "players": [{"actions": 2, "form": "sigmoid"}] * 3, "sizes": [1, 0, 1],
                "matrix": [[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0]], "bias": [0.0] * 3, "inner_lr": 1.0, "coefficients": {},
                "step_size": None if flow else {"kind": "Constant", "value": 1.0}, "time_step": 0.25 if flow else None,
                "box": {"low": -4.0, "high": 4.0, "escape": 50.0},
            },
            "traps": [
                {
                    "kind": "rest", "target": "rest at (0, 4)", "sides": [0, 1], "low": [-0.9, 3.0], "high": [0.9, 4.0],
                    "centre": [0.0], "metric": [[2.0]], "radius": 2.0, "contraction": 0.97 if flow else 0.87,
                    "margin": 0.0176, "largest": 0.4,
                }
            ],
        }  # fmt: skip

    return made
