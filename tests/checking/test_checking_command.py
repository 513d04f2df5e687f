"""`nashscape verify`: what it prints, and its exit codes."""

import json

import pytest
from typer.testing import CliRunner

pytest.importorskip("flint")

from nashscape.checking.documents import checksum
from nashscape.cli.app import app


@pytest.fixture
def run(tmp_path):
    def ran(data, *options):
        path = tmp_path / "proof.json"
        path.write_text(json.dumps(data | {"checksum": checksum(data)}))
        return CliRunner().invoke(app, ["verify", str(path), *options])

    return ran


def test_what_holds_ends_with_zero(run, hand_made):
    result = run(hand_made)
    assert result.exit_code == 0
    assert "accepted: 1 traps proved, 2 cells with claims, 1 without" in result.stdout


def test_what_is_not_proved_ends_with_one_and_the_reason(run, hand_made):
    hand_made["low"][1] = [1.0, -3.0]
    result = run(hand_made)
    assert result.exit_code == 1
    assert "rejected" in result.stdout
    assert "cell 1: its start" in result.stdout
    data = json.loads(run(hand_made, "--json").stdout)
    assert (data["result"], data["accepted"], data["status"]) == ("verification", False, "COMPLETE")


def test_of_a_sample_nothing_is_accepted_and_what_is_drawn_may_be_rejected(run, hand_made):
    result = run(hand_made, "--sample", "10")
    assert result.exit_code == 0
    assert "not rejected: 1 traps proved, a sample of 10 of 2 cells, at least 74.11% hold" in " ".join(
        result.stdout.split()
    )
    # the false cell is by far the larger one: no seed misses it
    hand_made["low"][1] = [1.0, -3.0]
    for seed in ("0", "1", "2"):
        assert run(hand_made, "--sample", "10", "--seed", seed).exit_code == 1
    assert run(hand_made, "--sample", "0").exit_code == 2


def test_bad_input_ends_with_two_and_one_line(run, hand_made):
    hand_made["version"] = 4
    result = run(hand_made)
    assert result.exit_code == 2
    [line] = result.stderr.strip().splitlines()
    assert "version 4" in line
    assert CliRunner().invoke(app, ["verify", "nothing.json"]).exit_code == 2
