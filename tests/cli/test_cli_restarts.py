import json

import pytest
from typer.testing import CliRunner

from nashscape import games, meta_mapg, pg, restarts, sampled, starts
from nashscape.cli.app import app

ASKED = [
    "restarts",
    "stag-hunt",
    "--rule",
    "pg",
    "--rule",
    "meta_mapg",
    "--runs",
    "30",
    "--budget",
    "5",
    "--steps",
    "60",
]


def run(*arguments):
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == 0, result.output
    return result


def data(*arguments):
    return json.loads(run(*arguments, "--json").stdout)


def test_restarts_have_the_numbers_of_the_library():
    found = data(*ASKED, "--starts", "normal:mean=0.2,std=1.1", "--level", 0.9, "--seed", 2)
    how = {"runs": 30, "budget": 5, "steps": 60, "level": 0.9, "seed": 2}
    ours = restarts(games.stag_hunt(), [pg(), meta_mapg()], starts=starts.normal(mean=0.2, std=1.1), **how)
    assert list(found["rules"]) == list(ours)
    for name, one in ours.items():
        data_of = found["rules"][name]
        assert data_of["first_success"] == one.first_success.tolist()
        assert data_of["tried"] == one.tried.tolist()
        assert data_of["censored"] == one.censored
        assert data_of["success"] == one.success().to_dict()
        assert data_of["per_start"] == one.per_start().to_dict()
        assert data_of["restarts_to_success"] == one.restarts_to_success().to_dict()
        assert data_of["restarts_within_budget"] == one.restarts_within_budget().to_dict()
        assert data_of["survival"] == [each.to_dict() for each in one.survival()]
        assert data_of["hazards"] == [each.to_dict() for each in one.hazards()]
        assert data_of["geometric_bound"] == one.geometric_bound().tolist()
    one = found["rules"]["pg"]
    assert (one["target"], one["budget"], one["level"]) == ("CC", 5, 0.9)


@pytest.mark.long
def test_sampled_settings_reach_the_library():
    asked = ["restarts", "stag-hunt", "--rule", "meta_mapg:peer=2", "--runs", 8, "--budget", 2, "--steps", 15]
    found = data(*asked, "--estimator", "sampled:batch=16,form=unbiased", "--target", "DD", "--threshold", 0.7,
                 "--projection", "none")  # fmt: skip
    one = found["rules"]["meta_mapg"]
    asked_of = one["provenance"]["question"]["asked"]
    assert one["target"] == "DD"
    assert asked_of["estimator"]["form"] == "unbiased"
    assert asked_of["targets"][0]["threshold"] == 0.7
    assert asked_of["projection"]["high"] == {"number": "inf"}
    how = {"estimator": sampled(16, form="unbiased"), "target": "DD", "threshold": 0.7}
    from nashscape import unbounded

    ours = restarts(games.stag_hunt(), meta_mapg(peer=2), runs=8, budget=2, steps=15, projection=unbounded(), **how)
    assert one["first_success"] == ours.first_success.tolist()


def test_the_table_counts_successes_and_says_what_is_censored():
    output = run(*ASKED).stdout
    ours = restarts(games.stag_hunt(), pg(), runs=30, budget=5, steps=60)
    for part in ("pg", "meta_mapg", f"{30 - ours.censored} of 30", "at most 5 a run", "counts as 4 restarts"):
        assert part in output
    assert f"{ours.per_start().value:.4f}" in output


def test_curves_are_written(tmp_path):
    run(*ASKED, "--out", tmp_path / "new")
    assert {path.name for path in (tmp_path / "new").iterdir()} == {"restarts.png", "restarts.svg", "results.json"}
    assert list(json.loads((tmp_path / "new" / "results.json").read_text())["rules"]) == ["pg", "meta_mapg"]


def test_runs_that_never_succeed_are_shown_and_written(tmp_path):
    asked = ["restarts", "prisoners-dilemma", "--target", "CC", "--rule", "pg", "--runs", 5, "--budget", 2]
    found = data(*asked, "--steps", 40, "--out", tmp_path)
    one = found["rules"]["pg"]
    assert one["censored"] == 5
    assert one["restarts_to_success"]["value"] == one["restarts_to_success"]["high"] == "Infinity"
    assert "inf" in run(*asked, "--steps", 40).stdout


def test_restarts_that_were_saved_go_on(tmp_path):
    asked = ["restarts", "stag-hunt", "--rule", "pg", "--runs", 30, "--steps", 60]
    run(*asked, "--budget", 1, "--save", tmp_path / "kept.json")
    found = data(*asked, "--budget", 3, "--resume", tmp_path / "kept.json")["rules"]["pg"]
    ours = restarts(games.stag_hunt(), pg(), runs=30, budget=3, steps=60)
    assert found["first_success"] == ours.first_success.tolist()


BAD = {
    "nothing to reach": ["restarts matching-pennies", "name a profile as target"],
    "no runs": ["restarts stag-hunt --runs 0", "runs must be at least 1"],
    "no budget": ["restarts stag-hunt --budget 0", "budget must be at least 1"],
    "too large a budget": ["restarts stag-hunt --budget 5000", "budget must be at most"],
    "level": ["restarts stag-hunt --level 1", "level"],
    "starts": ["restarts stag-hunt --starts cauchy:1", "starts"],
    "target": ["restarts stag-hunt --target XX", "not a profile"],
    "rule": ["restarts stag-hunt --rule lolla", "did you mean 'lola'"],
    "exact rule, sampled": ["restarts stag-hunt --rule pola --estimator sampled:batch=16", "exact payoffs"],
    "no earlier result": ["restarts stag-hunt --resume nowhere.json", "cannot be read"],
}


@pytest.mark.parametrize(("line", "part"), BAD.values(), ids=BAD.keys())
def test_bad_input_is_one_line_and_code_two(line, part):
    result = CliRunner().invoke(app, line.split())
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert result.stderr.startswith("error: ")
    assert result.stderr.count("\n") == 1
    assert part in result.stderr
