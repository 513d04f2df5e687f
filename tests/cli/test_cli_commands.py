import json

import pytest
from typer.testing import CliRunner

from nashscape import basin_map, compare, entry_probability, games, meta_mapg, pg, simulate, starts
from nashscape.cli import parsing
from nashscape.cli.app import app
from nashscape.dynamics import choose_targets

BASIN = ["basin", "stag-hunt", "--grid", "5", "--rule", "pg", "--rule", "meta_mapg"]


def run(*arguments):
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == 0, result.output
    return result


def data(*arguments):
    return json.loads(run(*arguments, "--json").stdout)


def test_games_are_listed():
    output = run("games").stdout
    assert all(name in output for name in games.NAMED)
    assert [entry["name"] for entry in data("games")][: len(games.NAMED)] == list(games.NAMED)


def test_a_game_is_shown_with_its_parameters_and_equilibria():
    output = run("games", "stag-hunt", "--set", "T=2.5").stdout
    assert "2.5" in output
    found = data("games", "stag_hunt", "--set", "T=2.5", "--set", "R=6")
    assert found["game"]["payoffs"][0] == [[6, 0], [2.5, 2]]
    assert [(one["name"], one["strict"]) for one in found["pure_equilibria"]] == [("CC", True), ("DD", True)]
    assert "no pure equilibrium" in run("games", "matching-pennies").stdout


def test_an_auction_is_shown_with_its_types_and_has_bayes_nash_equilibria():
    shown = run("games", "first-price-auction", "--set", "values=2").stdout
    assert "Types of bidder 1: 0, 4; bidder 2: 0, 4" in shown
    assert shown.rstrip().endswith("Equilibria: nashscape equilibria first_price_auction")
    found = data("equilibria", "first-price-auction", "--concept", "bayes-nash")
    assert [one["name"] for one in found["equilibria"]] == ["0 1 1/0 1 1", "0 1 2/0 1 2"]
    assert read_targets("first-price-auction") == ["0 1 2/0 1 2"]


def read_targets(name):
    return [target.name for target in choose_targets(parsing.game(name, []), None)]


def test_a_concept_is_shown_with_its_options_and_an_example():
    found = data("concepts", "coarse-correlated")
    assert found["needs"] == "payoffs for all profiles"
    assert found["options"] == {"objective": "welfare", "player": 0}
    assert found["explained"]["player"] == "whose payoff is best or worst, by index or name; by default the first."
    lines = [" ".join(line.split()) for line in run("concepts", "coarse correlated").stdout.splitlines()]
    assert lines[0].startswith("coarse correlated: A coarse correlated equilibrium: nobody gains")
    assert "player=0 whose payoff is best or worst, by index or name; by default the first." in lines
    assert lines[-1] == "Example nashscape equilibria shapley --concept coarse-correlated:objective=least_welfare"
    wrong = CliRunner().invoke(app, ["concepts", "corelated"])
    assert wrong.exit_code == 2
    assert "unknown concept 'corelated'; did you mean 'correlated'" in wrong.output


def test_games_of_many_players_are_shown_in_their_compact_form():
    found = data("games", "volunteers-dilemma", "--set", "players=4", "--set", "cost=0.5")
    assert found["game"]["by_count"][0] == [[1.5, 1.5, 1.5, 1.5], [0, 2, 2, 2]]
    assert [one["name"] for one in found["pure_equilibria"]] == ["CDDD", "DCDD", "DDCD", "DDDC"]
    assert "player 1 – player 2, player 1 – player 6" in run("games", "graph-donation").stdout
    large = run("games", "public-goods", "--set", "players=40").stdout
    assert "40 players" in large
    assert "too many profiles" in large
    assert data("games", "public-goods", "--set", "players=40")["pure_equilibria"] is None


@pytest.mark.long
def test_a_basin_map_has_the_numbers_of_the_library():
    found = data(*BASIN)
    maps = basin_map(games.stag_hunt(), [pg(), meta_mapg()], grid=5)
    assert list(found["rules"]) == list(maps)
    for name, basin in maps.items():
        one = found["rules"][name]
        assert one["fractions"]["CC"] == basin.fraction("CC").to_dict()
        assert one == {**basin.to_dict(largest=1000), "provenance": one["provenance"]}
        assert one["provenance"]["question"]["key"] == basin.question.key
        assert {"compile_seconds", "run_seconds", "trajectory_steps", "devices"} <= set(one["provenance"])
    comparison = compare(maps["meta_mapg"], maps["pg"])
    assert found["comparisons"]["meta_mapg"]["gained_share"] == comparison.gained_share
    assert found["comparisons"]["meta_mapg"]["baseline"] == "pg"


@pytest.mark.long
def test_cells_are_put_into_the_json_when_asked_for():
    asked = ["basin", "stag-hunt", "--grid", 32, "--rule", "pg", "--steps", 5]
    assert data(*asked)["rules"]["pg"]["labels"] == {"left_out": "array", "shape": [1, 32, 32]}
    found = data(*asked, "--cells")
    basin = basin_map(games.stag_hunt(), pg(), grid=32, steps=5)
    assert found["rules"]["pg"]["labels"] == basin.labels.tolist()
    assert found["rules"]["pg"]["first_hit"] == basin.first_hit.tolist()


@pytest.mark.long
def test_the_table_names_rules_outcomes_and_the_baseline():
    output = run(*BASIN, "--baseline", "meta-mapg").stdout
    for part in ("pg", "meta_mapg", "CC", "DD", "gained", "lost", "against meta_mapg", "5×5"):
        assert part in output


@pytest.mark.long
def test_every_setting_reaches_the_library():
    found = data(
        "basin", "stag-hunt", "--grid", 3, "--rule", "meta_mapg:peer=2", "--rule", "meta_mapg:peer=5", "--steps", 7,
        "--step-size", "0.9/(t+10)^0.24", "--estimator", "sampled:batch=16,form=unbiased,baseline=leave-one-out",
        "--rollouts", 3, "--target", "DD", "--threshold", 0.7, "--projection", "none", "--seed", 4, "--low", 0.1,
        "--high", 0.8, "--kind", "endpoints",
    )  # fmt: skip
    assert list(found["rules"]) == ["meta_mapg:peer=2", "meta_mapg:peer=5"]
    one = found["rules"]["meta_mapg:peer=5"]
    asked = one["provenance"]["question"]["asked"]
    assert asked["rule"]["name"] == "meta_mapg", "what is asked does not hang on what stands beside"
    assert list(found["comparisons"]) == ["meta_mapg:peer=5"]
    assert found["comparisons"]["meta_mapg:peer=5"]["baseline"] == "meta_mapg:peer=2"
    assert one["rollouts"] == 3
    assert asked["steps"] == 7
    assert {"kind": "endpoints", "grid": 3, "low": 0.1, "high": 0.8}.items() <= asked["starts"].items()
    assert asked["estimator"]["form"] == "unbiased"
    assert asked["estimator"]["baseline"] == "leave-one-out"
    assert [(one["name"], one["threshold"]) for one in asked["targets"]] == [("DD", 0.7)]
    assert (asked["projection"]["low"], asked["projection"]["high"]) == ({"number": "-inf"}, {"number": "inf"})
    assert asked["rule"]["peer"]["value"] == 5
    assert [asked["step_size"][part] for part in ("scale", "offset", "exponent")] == [0.9, 10, 0.24]
    assert one["provenance"]["seed"] == 4


@pytest.mark.long
def test_files_are_written(tmp_path):
    printed = run(*BASIN, "--out", tmp_path / "new" / "folder")
    written = {path.name for path in (tmp_path / "new" / "folder").iterdir()}
    pictures = {f"{name}.{kind}" for name in ("basins", "first_hits", "gains") for kind in ("png", "svg")}
    assert written == pictures | {"results.json"}
    told = [line for line in printed.stdout.splitlines() if line.startswith("wrote ")]
    assert {line.rpartition("/")[2] for line in told} == written
    assert len(told) == len(written)
    kept = json.loads((tmp_path / "new" / "folder" / "results.json").read_text())
    assert kept["rules"].keys() == {"pg", "meta_mapg"}


def test_a_game_without_targets_has_a_map(tmp_path):
    found = data("basin", "matching-pennies", "--grid", 3, "--steps", 5, "--rule", "pg", "--out", tmp_path)
    assert found["rules"]["pg"]["targets"] == []
    assert found["comparisons"] == {}
    assert (tmp_path / "basins.png").exists()


def test_games_come_from_files(tmp_path):
    file = tmp_path / "mine.json"
    file.write_text(json.dumps({"payoffs": [[[1, 0], [0, 2]], [[1, 0], [0, 2]]], "actions": ["A", "B"]}))
    found = data("basin", file, "--grid", 3, "--rule", "pg")
    assert found["rules"]["pg"]["game"] == "mine"
    assert found["rules"]["pg"]["targets"] == ["BB", "AA"]


def test_entry_has_the_numbers_of_the_library():
    asked = ["entry", "stag-hunt", "--n", 50, "--steps", 40, "--rule", "pg", "--rule", "meta_mapg"]
    found = data(*asked, "--starts", "normal:mean=0.5,std=1.2")
    entries = entry_probability(
        games.stag_hunt(), [pg(), meta_mapg()], n=50, steps=40, starts=starts.normal(mean=0.5, std=1.2)
    )
    for name, entry in entries.items():
        assert found["rules"][name]["probability"] == entry.probability().to_dict()
        assert found["rules"][name]["exact_interval"] == entry.exact_interval().to_dict()
        assert found["rules"][name]["outcomes"] == entry.outcomes()
    comparison = compare(entries["meta_mapg"], entries["pg"])
    assert found["comparisons"]["meta_mapg"]["test"]["p_value"] == comparison.test.p_value
    assert found["comparisons"]["meta_mapg"]["difference"] == comparison.difference.to_dict()


def test_entry_prints_both_intervals_and_the_test(tmp_path):
    asked = ["entry", "stag-hunt", "--n", 50, "--steps", 40, "--rule", "pg", "--rule", "meta_mapg"]
    output = run(*asked, "--out", tmp_path).stdout
    for part in ("Wilson", "Clopper", "McNemar", "p = ", "50 random starts"):
        assert part in output
    assert {path.name for path in tmp_path.iterdir()} == {"entries.png", "entries.svg", "results.json"}


@pytest.mark.long
def test_a_run_has_the_numbers_of_the_library(tmp_path):
    found = data("simulate", "stag-hunt", "--start", "0.6,0.55", "--rule", "meta_mapg", "--steps", 20)
    one = simulate(games.stag_hunt(), meta_mapg(), start=[0.6, 0.55], steps=20, targets=["CC", "DD"])
    assert found["payoffs"] == one.payoffs.tolist()
    assert (found["outcome"], found["first_hit"]) == (one.outcome, one.first_hit)
    asked = ["simulate", "stag-hunt", "--start", "0.6,0.55", "--steps", 20, "--rows", 3, "--out", tmp_path]
    output = run(*asked).stdout
    assert "Outcome after 20 updates" in output
    assert (tmp_path / "run.svg").exists()


def test_whole_strategies_start_a_run():
    found = data("simulate", "shapley", "--start", "0.2,0.3,0.5; 0.5,0.3,0.2", "--steps", 5)
    assert found["strategies"][0][0] == pytest.approx([0.2, 0.3, 0.5])


def test_json_alone_is_on_stdout_and_nothing_on_stderr():
    result = run(*BASIN, "--json")
    json.loads(result.stdout)
    assert result.stderr == ""
