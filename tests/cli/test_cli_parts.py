import math
import os
import sys
import time

import pytest

from nashscape import InputError, starts
from nashscape.cli import asked, output, parsing, progress, rows, varying
from nashscape.core import machine
from nashscape.core.options import VERBS, option, taken
from nashscape.core.options.values import PLAIN
from nashscape.dynamics import Settling, reducers
from nashscape.learning.dial_table import DIALS
from nashscape.selection.waiting import restart_policies
from nashscape.studies.settings import READERS


def test_rules_are_read_with_their_coefficients():
    rule = parsing.rule("meta-mapg:peer=2,own=0.5,inner_lr=0.1")
    assert (rule.peer.value, rule.own.value, rule.inner_lr) == (2, 0.5, 0.1)


def read(text, name, verb="basin_map"):
    """What an option of a verb is, from its text."""
    return asked.read(rows.typed(option(name, verb)), text)


@pytest.mark.parametrize("text", ["0.9/(t+10)^0.24", " 0.9 / ( t + 10 ) ^ 0.24 "])
def test_step_sizes_are_read_as_formulas(text):
    assert float(read(text, "step_size")(0)) == pytest.approx(0.9 * 10**-0.24)


def test_step_sizes_are_read_as_numbers():
    assert read("3e-1", "step_size").value == 0.3
    for bad in ("nan", "0.9/t", "1,2", ""):
        with pytest.raises(InputError, match="a schedule is"):
            read(bad, "step_size")


STARTS = {
    "normal:std=1.35": starts.normal(std=1.35),
    "normal: mean=0.5, std=1.35": starts.normal(mean=0.5, std=1.35),
    "normal": starts.normal(),
    "uniform:-3,3": starts.uniform(-3, 3),
    "uniform:low=-3,high=3": starts.uniform(low=-3, high=3),
    "uniform-strategies": starts.uniform_strategies(),
}


def test_starts_are_read():
    for text, made in STARTS.items():
        assert read(text, "starts", "entry_probability") == made
    assert read("0.4,0.7", "towards", "explain") == [0.4, 0.7]
    assert read("0.4; 0.2,0.3,0.5", "towards", "explain") == [0.4, [0.2, 0.3, 0.5]]
    assert read(["0.4,0.7", "0.1,0.2"], "starts", "portrait") == [[0.4, 0.7], [0.1, 0.2]]


def test_ways_of_sampling_are_read():
    made = read("sampled:batch=16,form=unbiased,baseline=leave-one-out", "estimator")
    assert (made.batch, made.form, made.baseline) == (16, "unbiased", "leave-one-out")
    assert read("sampled:batch=16", "estimator").baseline is None


def test_every_type_of_the_table_that_can_be_typed_is_read():
    assert read("-2:2", "region", "certify") == read("-2,2", "region", "certify") == (-2, 2)
    assert read("3e6", "chunk") == 3_000_000
    assert read("2", "audit") == 2
    assert read("regret=0.05,follow=false", "settling") == Settling(regret=0.05, follow=False)
    assert read(["payoffs:over=end", "welfare"], "reducers") == (reducers.payoffs(over="end"), reducers.welfare())
    assert read("perturbed:std=0.5", "policy", "restarts") == restart_policies.perturbed(0.5)
    assert read(["CC", "DD"], "targets") == ["CC", "DD"]
    assert read("adam:learning_rate=0.1", "optimiser") is not None
    typed = {row.type for verb in VERBS for row in taken(verb).values() if rows.can_be_typed(row)}
    assert typed <= {*READERS, *PLAIN, "Restarts", "Any"}


VALUES = {
    "0:0.6:3": [0, 0.3, 0.6],
    "3, 1e-1,2": [3, 0.1, 2],
    "0:5": [0.5 * k for k in range(11)],
    "-1:1:2": [-1, 1],
}


def test_values_of_what_varies_are_read_in_one_way():
    peer, warm_up = DIALS["peer"], DIALS["warm_up"]
    for text, values in VALUES.items():
        assert varying.spaced(text, peer) == values
    assert varying.spaced("0:10:5", warm_up) == [0, 2, 5, 8, 10]
    assert varying.spaced("0:2", warm_up) == [0, 1, 2]
    assert varying.ends("0:5") == (0, 5)
    assert varying.ends("") == (None, None)
    for bad in ("", "0:1:1", "0:1:1.5", "a,b", "0:1:2:3"):
        with pytest.raises(InputError):
            varying.spaced(bad, peer)


def test_json_has_neither_nan_nor_infinity():
    assert output.json_text({"a": math.nan, "b": math.inf}) == '{\n  "a": null,\n  "b": "Infinity"\n}\n'


def test_the_environment_is_left_alone_once_jax_has_started(monkeypatch):
    monkeypatch.delenv("JAX_NUM_CPU_DEVICES", raising=False)
    import jax  # noqa: F401 - what counts is that it is imported

    machine.use_every_core()
    assert "JAX_NUM_CPU_DEVICES" not in os.environ
    monkeypatch.delitem(sys.modules, "jax")
    machine.use_every_core()
    assert os.environ.pop("JAX_NUM_CPU_DEVICES") == str(machine.cores())


def test_a_bar_counts_over_all_rules_and_shows_late(monkeypatch, capsys):
    monkeypatch.setattr(progress, "PATIENCE", 0.01)
    with progress.ProgressBar(2) as bar:
        bar(5, 10)
        assert bar._share == 0.25
        bar(10, 10)
        deadline = time.monotonic() + 10
        while bar._bar is None and time.monotonic() < deadline:
            time.sleep(0.01)
        bar(5, 10)
        assert bar._share == 0.75
        assert bar._bar.tasks[0].completed == 0.75
    assert capsys.readouterr().out == ""


def test_short_work_shows_no_bar(capsys):
    with progress.ProgressBar(1) as bar:
        bar(1, 1)
    assert bar._bar is None
    with progress.progress_bar(1) as bar:
        bar(1, 1)
    assert capsys.readouterr().err == ""
