"""Networks that play, through every door: Python, the command line and studies give the same answer to one question."""

import json

import pytest
from typer.testing import CliRunner

import nashscape as ns
from nashscape import InputError, environments, neural
from nashscape.cli.app import app
from nashscape.dynamics import behaviour, observing
from nashscape.learning import played
from nashscape.studies.items import Place
from nashscape.studies.toml_files import study_from_text

TOML = """
[study]
name = "play"
replicates = 2

[fixed]
game = { name = "played", game = "stag_hunt" }
semantics = "perceptrons:hidden=(),last=1"
estimator = "played:batch=4"
settling = { episodes = 4, moments = 2, greedy = 0 }
targets = [
  { name = "both hunt", measure = "share of C", at_least = 0.8, of = "least" },
  "hares: share of C <= 0.2 of most",
]
n = 2
steps = 2

[[vary]]
rule = ["reinforce:learning_rate=0.1", "reinforce:learning_rate=2"]

[[measure]]
what = "outcomes"
keep = ["runs"]
"""
TYPED = [
    "entry", "played:game=stag-hunt", "--reading", "perceptrons:hidden=(),last=1", "--estimator", "played:batch=4",
    "--rule", "reinforce:learning_rate=0.1", "--rule", "reinforce:learning_rate=2", "--n", "2", "--steps", "2",
    "--target", "both hunt: share of C >= 0.8 of least", "--target", "hares: share of C <= 0.2 of most",
    "--settling", "episodes=4,moments=2,greedy=0", "--json",
]  # fmt: skip

ARMS = ["reinforce:learning_rate=0.1", "reinforce:learning_rate=2"]


def asked(seed):
    """The same in Python, of both rules."""
    env = environments.of_game(ns.games.stag_hunt())
    learners = ns.parametric(env, neural.perceptrons(env, hidden=(), last=1.0))
    return ns.entry_probability(
        learners, [neural.reinforce(learning_rate=rate) for rate in (0.1, 2.0)], n=2, steps=2, seed=seed,
        estimator=played(4), settling=observing(episodes=4, moments=2, greedy=0),
        targets=[
            behaviour("both hunt", "share of C", at_least=0.8, of="least"),
            behaviour("hares", "share of C", at_most=0.2, of="most"),
        ],
    )  # fmt: skip


@pytest.mark.long
def test_the_command_line_asks_what_python_asks():
    typed = CliRunner().invoke(app, TYPED)
    assert typed.exit_code == 0, typed.output
    found = json.loads(typed.stdout)["rules"]
    wanted = asked(0)
    assert list(found) == list(wanted)
    for name, one in wanted.items():
        assert found[name]["provenance"]["question"] == json.loads(json.dumps(one.question.to_dict()))
        assert found[name]["outcomes"] == one.to_dict()["outcomes"]


@pytest.mark.long
def test_a_study_asks_it_too_is_kept_and_goes_on(tmp_path):
    study, seen = study_from_text(TOML), []
    study.run(tmp_path, shard="1/2", seen=lambda point, found: seen.append((point, found)))
    first = len(seen)
    assert 0 < first < 4
    found = study.run(tmp_path, seen=lambda point, found: seen.append((point, found)))
    assert len(seen) == 4
    study.run(tmp_path, seen=lambda point, found: pytest.fail("asked again"))
    for point, one in seen:
        seed = one.provenance.question.parts["seed"].data
        wanted = list(asked(seed).values())[ARMS.index(point["rule"])]
        assert one.provenance.question.key == wanted.provenance.question.key
        assert one.outcomes() == wanted.outcomes()
        rows = found.values(quantity="share", rule=point["rule"], seed=seed, of="hares")["value"]
        assert rows.tolist() == [wanted.outcomes().get("hares", 0) / 2]


def test_tables_and_texts_are_one_question():
    [key] = {
        study_from_text(TOML.replace(old, new)).item(Place(0, 1, 1)).key
        for old, new in (
            ("", ""),
            ('{ name = "played", game = "stag_hunt" }', '"played:game=stag-hunt"'),
            ('{ name = "both hunt", measure = "share of C", at_least = 0.8, of = "least" }',
             '"both hunt: share of C >= 0.8 of least"'),
            ("{ episodes = 4, moments = 2, greedy = 0 }", '"episodes=4,moments=2,greedy=0"'),
            ('"played:batch=4"', '"played:batch=4,fresh=true"'),
        )
    }  # fmt: skip
    assert key != study_from_text(TOML.replace("0.8", "0.7")).item(Place(0, 1, 1)).key


def test_what_is_wrong_is_told_where_it_stands():
    for old, new, said in (
        ("hidden=()", "hiden=()", r"fixed\.semantics: unknown option of perceptrons 'hiden'; did you mean 'hidden'"),
        ("<= 0.2 of most", "<= 0.2 of mist", r"targets: unknown player of stag_hunt 'mist'; did you mean 'most'"),
        ("moments = 2", "moment = 2", r"fixed\.settling: unknown option of settling 'moment'; did you mean 'moments'"),
        ("learning_rate=2", "learning_rat=2", "unknown coefficient of reinforce 'learning_rat'"),
    ):
        with pytest.raises(InputError, match=said):
            study_from_text(TOML.replace(old, new))


def test_parameters_of_the_game_and_the_coupling_of_networks_vary():
    study = study_from_text(
        TOML
        + """
[[vary]]
coupling = [0, 0.5]

[[vary]]
"game.T" = [2, 3]
"""
    )
    calls = [study.readied[0].call(point, 0) for point in map(study.points.__getitem__, range(8))]
    told = {
        (one.first["game"].game.game.payoffs[0, 1, 0].item(), one.first["game"].semantics.reading[0, 1].item())
        for one in calls
    }
    assert told == {(2.0, 0.0), (3.0, 0.0), (2.0, 0.5), (3.0, 0.5)}
