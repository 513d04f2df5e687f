"""`nashscape certify`: the numbers of the library, a file that can be checked, and clear refusals."""

import json

import pytest
from typer.testing import CliRunner

import nashscape as ns
from nashscape.cli.app import app


def run(*arguments):
    return CliRunner().invoke(app, ["certify", *map(str, arguments)])


def test_it_prints_what_is_proved_and_writes_a_file_that_is_accepted(tmp_path):
    path = tmp_path / "proof.json"
    result = run("stag-hunt", "--target", "CC", "--resolution", 1 / 16, "--save", path)
    assert result.exit_code == 0, result.output
    ours = ns.certify(ns.games.stag_hunt(), ns.pg(), "CC", resolution=1 / 16)
    assert f"{ours.fraction('CC'):.4f}" in result.stdout
    assert "by resolution" in result.stdout
    assert ours.advice in " ".join(result.stdout.split())
    assert f"nashscape verify {path} proves it again" in result.stdout
    assert ns.load(path).fraction("CC") == ours.fraction("CC")


@pytest.mark.long
def test_its_json_and_its_picture(tmp_path):
    line = ["prisoners-dilemma", "--coupling", 0.75, "--region", "-2:2", "--projection", 2, "--resolution", 1 / 8]
    result = run(*line, "--out", tmp_path, "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    ours = ns.certify(
        ns.open_source(ns.games.prisoners_dilemma(), 0.75), ns.pg(), None, (-2, 2), projection=ns.box(2.0),
        resolution=1 / 8,
    )  # fmt: skip
    assert found["certified"] == {name: ours.fraction(name) for name in ours.targets}
    assert found["undecided_by"] == ours.undecided_by
    assert {path.name for path in tmp_path.iterdir()} == {"certificate.png", "certificate.svg", "results.json"}


def test_bad_input_ends_with_two_and_one_line():
    for arguments, message in (
        (["stag-hunt", "--region", 0.1], "region is a pair"),
        (["prisoners-dilemma", "--target", "CC"], "does not attract"),
        (["stag-hunt", "--projection", "none"], "finite box"),
    ):
        result = run(*arguments)
        assert result.exit_code == 2
        [line] = result.stderr.strip().splitlines()
        assert message in line
