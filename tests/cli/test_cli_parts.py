import math
import os
import sys
import time

import pytest

from nashscape import InputError, starts
from nashscape.cli import machine, output, parsing, progress


def test_rules_are_read_with_their_coefficients():
    rule = parsing.rule("meta-mapg:peer=2,own=0.5,inner_lr=0.1")
    assert (rule.peer.value, rule.own.value, rule.inner_lr) == (2, 0.5, 0.1)


@pytest.mark.parametrize("text", ["0.9/(t+10)^0.24", " 0.9 / ( t + 10 ) ^ 0.24 "])
def test_step_sizes_are_read_as_formulas(text):
    assert float(parsing.step_size(text)(0)) == pytest.approx(0.9 * 10**-0.24)


def test_step_sizes_are_read_as_numbers():
    assert parsing.step_size("3e-1").value == 0.3
    for bad in ("nan", "0.9/t", "1,2", ""):
        with pytest.raises(InputError, match="a step size is"):
            parsing.step_size(bad)


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
        assert parsing.starts(text) == made
    assert parsing.start("0.4,0.7") == [0.4, 0.7]
    assert parsing.start("0.4; 0.2,0.3,0.5") == [0.4, [0.2, 0.3, 0.5]]


def test_ways_of_sampling_are_read():
    made = parsing.estimator(16, unbiased=True, leave_one_out=True)
    assert (made.batch, made.form, made.baseline) == (16, "unbiased", "leave-one-out")
    assert parsing.estimator(16, unbiased=False).baseline is None


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
