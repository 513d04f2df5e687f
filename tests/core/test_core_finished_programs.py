"""Programs that later processes find by their shape: the same bits, nothing traced, never those of another shape."""

import importlib
import itertools
import os
from dataclasses import dataclass, replace
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import nashscape as ns
from nashscape.dynamics import cells, program
from nashscape.dynamics.case import case_of
from nashscape.dynamics.cells import compiled_cells
from nashscape.dynamics.endings import programs
from nashscape.dynamics.endings.programs import compiled_looks
from nashscape.dynamics.program import compiled
from nashscape.dynamics.setup import in_precision
from nashscape.learning.schedules import handoff
from nashscape.tracing import finished_programs
from nashscape.tracing.finished_programs import keep_finished, kept_or_made
from nashscape.tracing.program_files import ProgramFiles

OWN = Path(finished_programs.__file__)


@pytest.fixture
def files(tmp_path):
    kept = ProgramFiles(tmp_path, 10**9)
    keep_finished(kept)
    theirs = importlib.import_module("jax._src.compilation_cache")
    before, theirs._cache = theirs._cache, kept
    forget()
    yield kept
    theirs._cache = before
    keep_finished(None)
    forget()


def forget():
    for programs_of in (compiled, compiled_looks, compiled_cells):
        programs_of.cache_clear()


def count(files):
    return len(list(Path(files._path).glob("*.program")))


def trace_nothing(monkeypatch):
    for module in (program, programs, cells):
        monkeypatch.setattr(module, "_traced", lambda *_: pytest.fail("traced"))


@pytest.mark.long
def test_a_later_process_traces_nothing_and_gets_the_same_bits(files, monkeypatch):
    game = ns.games.dense([[[3, 0, 1], [1, 2, 0]], [[2, 1, 0], [0, 1, 3]]], actions=[["U", "D"], ["L", "M", "R"]])
    devices = len(jax.devices())

    def asked():
        return ns.entry_probability(game, ns.pg(), n=1200, targets=["UL"], steps=30, seed=3)

    first = asked()
    assert count(files) >= 2, "the runs, and the looks at where they go"
    forget()
    trace_nothing(monkeypatch)
    again = asked()
    assert devices == int(os.environ.get("JAX_NUM_CPU_DEVICES", devices))
    np.testing.assert_array_equal(first.labels, again.labels)
    for name, rows in first.to_columns().items():
        if name != "runtime_seconds":
            np.testing.assert_array_equal(rows, again.to_columns()[name])


@pytest.mark.long
def test_cells_of_a_sweep_are_found_as_well(files, monkeypatch):
    def asked():
        return ns.sweep(ns.games.stag_hunt(), "peer", [0.5, 1.5, 4.0], rule=ns.peer_only(), n=40, steps=30)

    first = asked()
    forget()
    trace_nothing(monkeypatch)
    for name, rows in asked().to_columns().items():
        if name != "runtime_seconds":
            np.testing.assert_array_equal(first.to_columns()[name], rows)


@dataclass(frozen=True)
class Strange:
    """A shape from outside the library."""

    devices: int = 1


def test_what_is_not_of_this_library_is_made_each_time(files):
    made = []

    def make():
        made.append(1)
        return jax.jit(lambda x: 2 * x).lower(jnp.zeros(3)).compile(), "word"

    for _ in range(2):
        call, word = kept_or_made(Strange(), (jnp.zeros(3),), 1, make)
        assert (call(jnp.ones(3)).tolist(), word) == ([2.0, 2.0, 2.0], "word")
    assert finished_programs._key(Strange()) is None
    assert len(made) == 2


def shape(game, rule, *, precision="float32", width=64, devices=1, **options):
    own = {name: options.pop(name) for name in ("reducers",) if name in options}
    setup = case_of(game, rule, options, **own).setup
    return program.shape_of(in_precision(setup, precision), precision=precision, width=width, chunks=1, devices=devices)


def test_whatever_differs_has_another_key():
    hunt, plain = ns.games.stag_hunt(), ns.pg()
    three = ns.games.dense(np.arange(24.0).reshape(3, 2, 2, 2))
    wider = ns.games.dense(np.arange(12.0).reshape(2, 2, 3))
    shapes = [
        shape(hunt, plain),
        shape(hunt, ns.meta_mapg(peer=1.0)),
        shape(hunt, ns.lookahead()),
        shape(hunt, ns.learning.exact_lola()),
        shape(hunt, plain, estimator=ns.sampled(8)),
        shape(hunt, plain, estimator=ns.sampled(9)),
        shape(hunt, ns.meta_mapg(peer=handoff(1.0, at=3))),
        shape(hunt, plain, precision="float64"),
        shape(hunt, plain, width=128),
        shape(hunt, plain, devices=2),
        shape(hunt, plain, projection=ns.unbounded()),
        shape(hunt, plain, reducers=[ns.reducers.first_hit("DD")]),
        shape(ns.open_source(hunt, 0.5), plain),
        shape(three, plain),
        shape(wider, plain),
        programs.Shape(shape(hunt, plain).structure, (), (), 64, 1, 1, plain=False, walks=True, written_out=False),
        programs.Shape(shape(hunt, plain).structure, (), (), 64, 1, 1, plain=True, walks=True, written_out=False),
    ]
    keys = [finished_programs._key(one) for one in shapes]
    assert None not in keys
    for (one, key), (another, other) in itertools.combinations(zip(shapes, keys, strict=True), 2):
        assert (key == other) == (one == another), (one, another)
    assert len(set(keys)) >= 15
    # numbers are arguments, and not of the program
    same = shape(ns.games.stag_hunt(), ns.meta_mapg(peer=2.5), seed=4)
    assert finished_programs._key(same) == keys[1]


def test_a_key_is_of_the_text_of_the_library_and_the_settings(monkeypatch):
    one = shape(ns.games.stag_hunt(), ns.pg())
    key = finished_programs._key(one)
    monkeypatch.setenv("XLA_FLAGS", f"{os.environ.get('XLA_FLAGS', '')} --xla_cpu_enable_fast_math=false")
    assert finished_programs._key(one) != key
    monkeypatch.undo()
    monkeypatch.setattr(finished_programs, "_digest", lambda: "another text")
    assert finished_programs._key(one) != key


def test_nothing_is_found_once_the_library_was_edited_under_a_running_process(monkeypatch):
    one = shape(ns.games.stag_hunt(), ns.pg())
    assert finished_programs._key(one) is not None
    monkeypatch.setattr(finished_programs, "_BEGAN", OWN.stat().st_mtime - 1.0)
    assert finished_programs._key(one) is None


def test_what_holds_anything_of_somebody_else_has_no_key():
    @jax.tree_util.register_dataclass
    @dataclass(frozen=True)
    class Own:
        rate: float = 0.5

    known = shape(ns.games.stag_hunt(), ns.pg())
    for other in (Own(), [{"rule": Own()}], jax.tree_util.Partial(np.sin)):
        strange = replace(known, structure=jax.tree.structure((known, other)))
        assert finished_programs._key(strange) is None
    assert finished_programs._key(replace(known, leaves=lambda: ())) is None


@pytest.mark.long
@pytest.mark.parametrize("spoilt", [b"", b"no program"])
def test_what_cannot_be_loaded_is_made_again_and_kept(files, spoilt):
    one = shape(ns.games.stag_hunt(), ns.pg())
    files.put(finished_programs._key(one), spoilt)
    made = compiled(one)
    assert made.form == "entries"
    assert len(files.get(finished_programs._key(one))) > 1000
