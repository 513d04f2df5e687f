"""`python -m nashscape.testing.smoke`: whether an installation works, by one small thing of every room.

What belongs to an extra that is not installed is left out, and said.
"""

import importlib.util
import io
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import nashscape as ns
from nashscape.testing.claims import claim

LEFT_OUT = "left out"
"""What a check says of an extra that is not installed."""

LEARNING: Mapping[str, Any] = MappingProxyType({"grid": 3, "steps": 20, "audit": False})
"""A map that takes little."""


def smoke(tell: Callable[[str], None] = print) -> list[str]:
    """Run one small thing of every room, and of every extra that is installed; takes seconds.

    Args:
        tell: is given a line for each: its name, what came of it, and how long it took.

    Returns:
        Names of what was run, in order.

    Raises:
        AssertionError: in words, for the first that gives something wrong.
        Exception: whatever the first raises that fails in another way.
    """
    done = []
    with tempfile.TemporaryDirectory() as folder:
        for name, run in CHECKS.items():
            began = time.perf_counter()
            said = run(Path(folder))
            tell(f"{name:12} {said:60} {time.perf_counter() - began:6.2f} s")
            if LEFT_OUT not in said:
                done.append(name)
    return done


def _games(_: Path) -> str:
    found = ns.games.pure_equilibria(ns.games.stag_hunt())
    claim([one.name for one in found] == ["CC", "DD"], f"Stag Hunt has the strict equilibria CC and DD; got {found}")
    return "strict equilibria of Stag Hunt"


def _learning(_: Path) -> str:
    run = ns.simulate(ns.games.stag_hunt(), ns.meta_mapg(), [0.9, 0.9], steps=400)
    claim(run.outcome == "CC", f"from 0.9 learners cooperate; they came to {run.outcome}")
    return f"a run of {run.rule} to {run.outcome}"


def _semantics(_: Path) -> str:
    found = ns.threshold(ns.games.prisoners_dilemma())
    claim(abs(found.brackets[0].middle - 3 / 7) < 1e-8, f"the coupling at which learners turn is 3/7; got {found}")
    return "the coupling at which learners turn, 3/7"


def _theory(_: Path) -> str:
    found = ns.equilibria(ns.games.stag_hunt())
    claim(len(found) == 3, f"Stag Hunt has three equilibria; got {found}")
    return "three equilibria"


def _selection(folder: Path) -> str:
    found = ns.basin_map(ns.games.stag_hunt(), ns.pg(), **LEARNING)
    again = ns.load(found.save(folder / "map.json"))
    claim(again.question.key == found.question.key, "a map that was saved and loaded answers another question")
    return "a map, saved and loaded"


def _figures(_: Path) -> str:
    picture, drawn = io.BytesIO(), ns.basin_map(ns.games.stag_hunt(), ns.pg(), **LEARNING).plot()
    drawn.savefig(picture, format="png", dpi=40)
    claim(picture.getvalue().startswith(b"\x89PNG"), "a figure was drawn as something else than PNG")
    return f"a picture of {len(picture.getvalue())} bytes"


def _proofs(folder: Path) -> str:
    proof = ns.certify(ns.games.stag_hunt(), ns.pg(), "CC", resolution=0.25)
    proof.save(folder / "proof.json")
    claim(float(proof.fraction("CC")) > 0, "nothing of the basin of CC was proved")
    return f"{float(proof.fraction('CC')):.4f} of the starts proved to reach CC"


def _systems(_: Path) -> str:
    names = list(ns.systems.cards())
    claim("basin-entry" in names, f"the cards of published systems lack basin-entry; they are {names}")
    return f"{len(names)} cards of published systems"


def _command_line(_: Path) -> str:
    told = subprocess.run([sys.executable, "-m", "nashscape", "games"], capture_output=True, text=True, check=False)
    claim(told.returncode == 0 and "stag_hunt" in told.stdout, f"nashscape games: {told.stderr or told.stdout}")
    return "nashscape games"


def _checker(folder: Path) -> str:
    if not _there("flint"):
        return f"{LEFT_OUT}: nashscape[checker] is not installed"
    found = ns.verify_certificate(folder / "proof.json")
    claim(found.accepted, f"the checker does not accept a proof: {found}")
    return "the proof, in other arithmetic"


def _studies(folder: Path) -> str:
    if not (_there("pyarrow") and _there("pydantic")):
        return f"{LEFT_OUT}: nashscape[studies] is not installed"
    fixed = {"game": "stag_hunt", "n": 4, "steps": 20}
    study = ns.Study("smoke", fixed=fixed, vary=[{"rule": ["pg", "lola"]}], measure="outcomes")
    found = study.run(into=folder / "study")
    claim(found.status is ns.Status.COMPLETE, f"a study is {found.status.value}")
    return f"{len(found)} numbers of a study, in a folder"


def _there(module: str) -> bool:
    return importlib.util.find_spec(module) is not None


CHECKS: Mapping[str, Callable[[Path], str]] = MappingProxyType({
    "games": _games, "learning": _learning, "semantics": _semantics, "theory": _theory, "selection": _selection,
    "figures": _figures, "proofs": _proofs, "checker": _checker, "studies": _studies, "systems": _systems,
    "command line": _command_line,
})  # fmt: skip
"""What is run, by name."""


if __name__ == "__main__":
    smoke()
