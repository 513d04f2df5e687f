"""Every study of the library, in a tiny version; whole ones where there is time."""

import re
import tomllib
from importlib import resources

import numpy as np
import pytest
from checks.library_numbers import NUMBERS, WORDS
from checks.library_page import PAGE, TEMPLATES, on_page, pattern, section

from nashscape.core import Status
from nashscape.studies.findings import Findings
from nashscape.studies.study import Study

LIBRARY = {
    path.name.removesuffix(".toml"): path for path in (resources.files("nashscape.studies") / "library").iterdir()
}

TINY = {
    "grid": 3,
    "rollouts": 2,
    "n": 12,
    "runs": 12,
    "steps": 12,
    "budget": 3,
}
"""Numbers of starts and updates, where a study takes them."""

OFTEN = ("peer-of-each", "geometries", "restarts")
"""Those that are run in every test run; together they ask all that is special of the others' language."""

QUANTITIES = {
    "annealing": "share",
    "atlas": "share",
    "atlas-symmetric": "certified",
    "geometries": "welfare_difference",
    "handoff": "share",
    "network-policies": "standing",
    "pairs-of-rules": "payoff",
    "peer-of-each": "least_payoff",
    "predictors": "auc",
    "predictors-repeated": "auc",
    "restarts": "success",
    "robustness": "first_hit_mean",
    "temptation": "welfare",
    "unrolling": "share",
    "without-clip": "hit",
}
"""Something that each of them measures."""

SHARES = ("share", "standing", "success", "hit", "certified", "gained", "lost", "auc")


def shipped(name):
    data = tomllib.loads(LIBRARY[name].read_text(encoding="utf-8"))
    return Study(**data.pop("study"), **data)


def tiny(name, values):
    study = shipped(name)
    taken = {own: TINY[own] for own in TINY if any(own in readied.verb.options for readied in study.readied)}
    if all(readied.verb.name != "restarts" for readied in study.readied):
        taken.pop("runs", None)  # where others have it, it is the name of a verb
    if "estimator" not in study.fixed:
        taken.pop("rollouts", None)
    verbs = {readied.verb.name for readied in study.readied}
    if "basin_map" in verbs or study.fixed.get("grid"):
        taken.pop("n", None)
    else:
        taken.pop("grid", None)
    if name == "geometries":
        taken.pop("n", None)
        taken["grid"] = 3
    return study.but(taken, values=values)


def checked(name, found):
    assert found.status is Status.COMPLETE, found.failures
    assert QUANTITIES[name] in found.rows["quantity"]
    shares = found.values(quantity=list(SHARES))
    known = np.isfinite(shares["value"])
    assert known.any() or name.startswith("predictors")
    assert ((shares["value"][known] >= 0) & (shares["value"][known] <= 1)).all()
    ends = known & np.isfinite(shares["low"])
    assert (shares["low"][ends] <= shares["value"][ends] + 1e-12).all()
    assert (shares["value"][ends] <= shares["high"][ends] + 1e-12).all()


@pytest.mark.long
def test_every_study_of_the_library_is_what_its_file_says():
    assert set(LIBRARY) == set(QUANTITIES)
    for name in LIBRARY:
        study = shipped(name)
        assert study.name == name
        assert len(study.about.split()) > 15, f"{name} does not say what it asks"
        assert study.n_items > 1
        assert study.sources, f"{name} cites nothing"


@pytest.mark.long
@pytest.mark.parametrize("name", OFTEN)
def test_tiny_versions_run(name):
    checked(name, tiny(name, 1 if name != "geometries" else 3).run())


@pytest.mark.long
@pytest.mark.parametrize("name", sorted(set(QUANTITIES) - set(OFTEN)))
def test_tiny_versions_of_all_run(name):
    checked(name, tiny(name, 2).run())


@pytest.mark.long
@pytest.mark.parametrize("name", sorted(set(QUANTITIES) - {"atlas"}))
def test_whole_studies_find_what_the_page_says(name):
    study = shipped(name)
    found = study.run()
    checked(name, found)
    if name in NUMBERS:
        told = on_page(name, PAGE.read_text(encoding="utf-8"))
        made = NUMBERS[name](study, found)
        assert told == {key: made[key] for key in told}


def test_every_number_on_the_page_is_one_that_is_computed_again():
    text = section(PAGE.read_text(encoding="utf-8"))
    assert NUMBERS.keys() == TEMPLATES.keys() <= LIBRARY.keys()
    for name in NUMBERS:
        assert on_page(name, PAGE.read_text(encoding="utf-8"))
        for template in TEMPLATES[name]:
            text = re.sub(pattern(template), " ", text)
    left = re.sub(r"`[^`]*`", " ", text)  # names of rules and commands
    assert not re.findall(r"\d", left), left


def test_another_number_on_the_page_is_noticed():
    page = PAGE.read_text(encoding="utf-8")
    rows = {"quantity": ["share"] * 3, "of": ["CC"] * 3, "game": ["stag_hunt"] * 3, "value": [0.35, 0.474, 0.506]}
    found = Findings(
        "unrolling", "", {}, {name: np.array(own) for name, own in rows.items()}, {}, "", Status.COMPLETE, None
    )
    assert NUMBERS["unrolling"](shipped("unrolling"), found) == on_page("unrolling", page)
    other = on_page("unrolling", page.replace("35 %, 47 %", "35 %, 48 %"))
    assert other == {"one": "35", "three": "48", "five": "51"}
    with pytest.raises(ValueError, match="the page has this sentence 0 times: With one, three and five"):
        on_page("unrolling", page.replace("imagined updates of the", "looks of the"))


@pytest.mark.long
def test_the_page_counts_games_as_the_studies_do():
    page = " ".join(PAGE.read_text(encoding="utf-8").split())
    assert f"in which of {len(shipped('geometries').points)} games" in page
    every, symmetric = (len(shipped(name).points.values("game")) for name in ("atlas", "atlas-symmetric"))
    assert f"all {every} ordinal games of two actions; the {WORDS[symmetric]} symmetric ones in full" in page


@pytest.mark.long
def test_the_sign_of_the_peer_term_says_where_it_can_hurt():
    # what docs/study-library.md says of 500 games, of the first 40 of them and a coarser grid
    found = shipped("geometries").but({"grid": 5}, values=40).run()
    verdicts = found.values(quantity="peer_direction", of="player 1")
    raises = dict(zip(zip(verdicts["game.S"], verdicts["game.T"], strict=True), verdicts["text"], strict=True))
    assert set(raises.values()) == {"raises", "lowers"}
    assert all((verdict == "lowers") == (s + t > 1) for (s, t), verdict in raises.items())
    for quantity, of in (("difference", "CC"), ("lost", "CC"), ("gained", "CC")):
        rows = found.values(quantity=quantity, of=of)
        for s, t, value in zip(rows["game.S"], rows["game.T"], rows["value"], strict=True):
            if raises[s, t] == "raises":
                assert value >= 0 if quantity != "lost" else value == 0
            else:
                assert value <= 0 if quantity == "difference" else quantity == "lost" or value == 0
    hunts = found.values(quantity="welfare_difference")
    inside = (hunts["game.S"] < 0) & (hunts["game.T"] < 1)
    assert inside.any()
    assert (hunts["value"][inside] >= 0).all()
