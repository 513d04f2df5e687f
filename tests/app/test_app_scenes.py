"""Scenes come from links that anybody sends: whatever is in one, there is a scene or one clear error."""

import json
import re
from importlib import resources

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from nashscape.app.choices import choices
from nashscape.app.scenes import BOUNDS, GAMES, RULES, SCHEDULES, Scene, scene_from_data
from nashscape.core import InputError


def test_a_scene_survives_being_a_link():
    scene = Scene(
        game="chicken", payoffs=(((1.0, 2.0), (3.0, 4.0)),) * 2, subsidy=0.5, coupling=0.3, rules=("lola", "pg"),
        peer=2.0, schedule="handoff", until=7, batch=16, steps=99, grid=51, start=(0.25, 0.75),
    )  # fmt: skip
    assert scene_from_data(json.loads(json.dumps(scene.to_dict()))) == scene
    own = scene_from_data({"game": "donation", "numbers": {"cost": 2, "benefit": 5}})
    assert own.numbers == (("benefit", 5.0), ("cost", 2.0))
    assert scene_from_data(json.loads(json.dumps(own.to_dict()))) == own
    assert Scene().to_dict() == {}


def test_the_usual_scene_of_the_page_is_that_of_the_server():
    text = (resources.files("nashscape.app") / "page" / "scene.js").read_text()
    (own,) = re.findall(r"usual = (\{.*?\n\});", text, re.DOTALL)
    usual = json.loads(re.sub(r",\s*\}", "}", re.sub(r"(\w+):", r'"\1":', own)))
    assert usual == choices()["usual"] | {"rules": list(choices()["usual"]["rules"])}
    assert scene_from_data(usual) == Scene()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ([], "a scene is a mapping"),
        ({"gmae": "chicken"}, "did you mean 'game'"),
        ({"game": "mine.py:market"}, "unknown game"),
        ({"game": "../../etc/passwd"}, "unknown game"),
        ({"game": "played:game=mine.py:market"}, "unknown game"),
        ({"game": "ordinal:999"}, "layer"),
        ({"game": 3}, "unknown game"),
        ({"game": "stag_hnt"}, "did you mean 'stag_hunt'"),
        ({"rules": ["mine.py:slow"]}, "unknown rule"),
        ({"rules": [["pg"]]}, "unknown rule"),
        ({"rules": []}, "one to four names"),
        ({"rules": "pg"}, "one to four names"),
        ({"rules": ["pg", "pg"]}, "each once"),
        ({"peer": "1.5"}, "peer is a number between -2 and 10"),
        ({"peer": True}, "peer is a number"),
        ({"peer": float("nan")}, "peer is a number"),
        ({"peer": 1e308}, "between -2 and 10"),
        ({"steps": 10.5}, "whole number"),
        ({"steps": 10**9}, "between 10 and 1000"),
        ({"schedule": "never"}, "unknown schedule"),
        ({"start": [0.5, 1.0]}, "between 0 and 1"),
        ({"start": "half"}, "between 0 and 1"),
        ({"payoffs": [[[1e308, 0], [0, 1]]] * 2}, "between −10⁶ and 10⁶"),
        ({"payoffs": [[["1", 0], [0, 1]]] * 2}, "a payoff is a number"),
        ({"payoffs": [0] * 6}, "up to five actions"),
        ({"schedule": "handoff", "until": 20, "steps": 20}, "λ ends after 20 updates, and runs have 20"),
        ({"numbers": {"cost": 1}}, "unknown number of stag_hunt 'cost'"),
        ({"game": "donation", "numbers": {"cots": 1}}, "did you mean 'cost'"),
        ({"game": "donation", "numbers": {"cost": 11}}, "cost is a number between 0 and 10"),
        ({"game": "random_game", "numbers": {"seed": 0.5}}, "whole number"),
        ({"game": "donation", "numbers": [1]}, "a mapping from names to values"),
    ],
)
def test_what_is_wrong_is_said(data, said):
    with pytest.raises(InputError, match=said.replace("(", r"\(")) as error:
        scene_from_data(data)
    assert len(str(error.value)) < 400


anything = some.recursive(
    some.none() | some.booleans() | some.floats() | some.integers() | some.text(max_size=8),
    lambda inner: some.lists(inner, max_size=6) | some.dictionaries(some.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(some.dictionaries(some.sampled_from([*Scene().__dataclass_fields__, "x"]), anything, max_size=4))
def test_anything_at_all_is_a_scene_or_an_input_error(data):
    try:
        scene = scene_from_data(data)
    except InputError:
        return
    assert scene.game in GAMES or scene.game.startswith("ordinal:")
    assert set(scene.rules) <= set(RULES)
    assert scene.schedule in SCHEDULES
    assert all(low <= getattr(scene, name) <= high for name, (low, high) in BOUNDS.items())
    hash(scene)
