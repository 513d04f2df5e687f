"""What is no certificate is refused; cells that are no parts of a region are rejected; what the checker may import."""

import ast
import copy
import json
import sys
from pathlib import Path

import pytest

pytest.importorskip("flint")

import nashscape
from nashscape.checking import Verification, verify_certificate
from nashscape.core import InputError, Status


def test_a_certificate_by_hand_is_accepted(hand_made, check):
    found = check(hand_made)
    assert found.accepted, found.reasons
    assert (found.cells, found.undecided, found.traps, found.reasons) == (2, 1, 1, ())
    assert repr(found) == "<Verification accepted; 2 cells, 1 traps, 1 cells without a claim>"
    assert isinstance(found, Verification)
    assert json.loads(found.to_json())["status"] == "COMPLETE"


def changed(data, path, value):
    data = copy.deepcopy(data)
    inner = data
    for key in path[:-1]:
        inner = inner[key]
    if value is None:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    return data


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (["version"], 1, "version 1; this checks versions 2 and 3"),
        (["version"], 2.0, "version 2.0; this checks"),
        (["format"], "basin map", "not a certificate"),
        (["problem"], None, "'problem'"),
        (["problem", "dynamics"], "sampled", "updates, flow"),
        (["problem", "players"], [{"actions": 3, "form": "sigmoid"}] * 2, "two actions"),
        (["problem", "game", "payoffs"], [[[4.0, 0.0]], [[4.0, 3.0]]], "list of 2"),
        (["problem", "game", "kind"], "differential", "one-shot, markov"),
        (["problem", "matrix"], [[1.0, 0.0]], "matrix of the certificate must be a list of 2"),
        (["problem", "bias"], [0.0, "none"], "bias of the certificate must be a finite number"),
        (["problem", "bias"], [0.0, 10**400], "bias of the certificate must be a finite number"),
        (["problem", "bias"], [0.0, True], "bias of the certificate must be a finite number"),
        (["problem", "coefficients"], {"sos": {"kind": "Constant", "value": 1.0}}, "own, peer, lookahead"),
        (["problem", "step_size"], {"kind": "Cosine", "value": 1.0}, "Constant, Power"),
        (["problem", "step_size"], {"kind": "Constant"}, "'value'"),
        (["problem", "time_step"], 0.1, "step_size and no time_step"),
        (["problem", "box", "low"], 9.0, "empty"),
        (["trap"], [0, 1, -1], "there are 1"),
        (["trap"], [0, 0], "a list of 3"),
        (["steps"], [0, 0.5, -1], "whole number"),
        (["low"], [[2.0, 2.0], [1.0], [-1.0, 1.0]], "a list of 2"),
        (["coordinates"], "logits", "strategies, parameters"),
        (["traps", 0, "kind"], "cycle", "corner, rest"),
        (["traps", 0, "rows"], [[2, 0], [0, 1]], "−1, 0 and 1"),
        (["traps", 0, "corner"], [8.0], "list of 2"),
        (["traps", 0, "margin"], None, "'margin'"),
    ],
)
def test_documents_that_do_not_fit_are_refused(path, value, message, hand_made, check):
    with pytest.raises(InputError, match=message):
        check(changed(hand_made, path, value))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "not a certificate"),
        ("[1, 2]", "not a certificate"),
        ('{"format": NaN}', "no number"),
        ('{"format": "nashscape certificate", "version": 2, "x": 1e999}', "not a certificate"),
        ('{"format": "nashscape certificate", "version": 2, "checksum": "0"}', "changed after it was written"),
        ("[" * 100_000, "not a certificate"),
    ],
)
def test_other_files_are_refused(text, message, tmp_path):
    path = tmp_path / "file.json"
    path.write_text(text)
    with pytest.raises(InputError, match=message):
        verify_certificate(path)


def test_files_that_are_not_there_and_impossible_numbers_of_processes(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        verify_certificate(tmp_path / "nothing.json")
    with pytest.raises(InputError, match="processes must be at least 1"):
        verify_certificate(tmp_path / "nothing.json", processes=0)


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (["high", 1], [4.5, 4.5], "does not lie inside the region"),
        (["high", 1], [0.5, 1.25], "does not lie inside the region"),
        (["high", 1], [2.25, 2.25], "cells 0 and 1 overlap"),
        (["high", 2], [1.125, 1.5], "cells 1 and 2 overlap"),
        (["region"], [[4.0, -4.0], [-4.0, 4.0]], "the region is empty"),
        (["problem", "step_size", "exponent"], 1.5, "finite sum"),
        (["problem", "step_size", "scale"], -0.9, "not all positive"),
        (["problem", "coefficients"], {"own": {"kind": "Power", "scale": 1.0, "offset": 1.0, "exponent": -1.0}}, "own"),
        (["problem", "box", "escape"], 8.1, "may count as diverged"),
        (["traps", 0, "margin"], -1.0, "margin is not positive"),
        (["traps", 0, "corner"], [8.0, 7.5], "no corner of the box"),
        (["traps", 0, "rows"], [[1, -1], [0, 1]], "may leave it"),
        (["low", 1], [1.0, -3.0], "was not proved to enter trap 0"),
    ],
)
def test_false_claims_are_rejected_with_their_reason(path, value, message, hand_made, check):
    found = check(changed(hand_made, path, value))
    assert not found.accepted
    assert any(message in reason for reason in found.reasons), found.reasons


def test_many_cells_that_fill_a_region_do_not_overlap_and_one_more_does(hand_made, check):
    sides = [x / 16 for x in range(32, 64)]
    hand_made |= {
        "low": [[x, y] for x in sides for y in sides],
        "high": [[x + 1 / 16, y + 1 / 16] for x in sides for y in sides],
        "trap": [0] * 1024, "steps": [0] * 1024,
    }  # fmt: skip
    assert check(hand_made).accepted
    hand_made["low"][700][1] -= 2.0**-40
    [reason] = check(hand_made).reasons
    assert reason == "cells 699 and 700 overlap"


def test_a_wide_cell_overlaps_what_is_far_to_its_right(hand_made, check):
    columns = [2.0 + k / 16 for k in range(9)] + [3.25 + k / 16 for k in range(9)]
    low, high = [[x, 2.0] for x in columns], [[x + 1 / 16, 4.0] for x in columns]
    hand_made |= {"low": low, "high": high, "trap": [0] * 18, "steps": [0] * 18}
    assert check(hand_made).accepted
    high[8][0] = 3.25 + 1 / 32
    [reason] = check(hand_made).reasons
    assert reason == "cells 8 and 9 overlap"


def test_processes_do_not_change_what_is_found(bases, check):
    data = copy.deepcopy(bases[0])
    for k, trap in enumerate(data["trap"]):
        if k % 3 == 0 and trap >= 0:
            data["trap"][k] = 1 - trap
    one, two = (check(data, processes=count) for count in (1, 2))
    assert not one.accepted
    assert one.reasons == two.reasons
    assert (one.cells, one.traps) == (two.cells, two.traps)


def test_progress_and_interruption(hand_made, check):
    calls = []
    assert check(hand_made, progress=lambda done, total: calls.append((done, total))).accepted
    assert calls == [(2, 2)]

    def stop(done, total):
        raise KeyboardInterrupt

    found = check(hand_made, progress=stop)
    assert not found.accepted
    assert found.status is Status.INTERRUPTED


def test_without_the_library_the_error_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "flint", None)
    with pytest.raises(InputError, match=r'pip install "nashscape\[checker\]"'):
        verify_certificate(tmp_path / "any.json")


def test_the_checker_imports_nothing_but_core_flint_and_the_standard_library():
    folder = Path(nashscape.__file__).parent / "checking"
    names = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0
                names.add(node.module)
    assert names
    for name in names - {"lazy_loader"}:  # by which the room's face loads its names
        known = name == "flint" or f"{name}.".startswith(("nashscape.core.", "nashscape.checking."))
        assert known or name.partition(".")[0] in sys.stdlib_module_names, name
