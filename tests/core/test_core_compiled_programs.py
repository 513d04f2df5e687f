"""Where compiled programs are kept, and that JAX takes them from there."""

import os
import subprocess
import sys
from pathlib import Path

import jax
import pytest

import nashscape as ns
from nashscape.core import InputError
from nashscape.tracing import compiled_programs, keep_programs
from nashscape.tracing.compiled_programs import kind_of, processor, usual_folder

COMPUTE = """
import warnings
import jax
import nashscape as ns

warnings.simplefilter("error")
events = []
jax.monitoring.register_event_listener(lambda name, **_: events.append(name.rpartition("/")[2]))
print(ns.keep_programs())
print(ns.keep_programs())
print(jax.jit(lambda x: (x @ x / 3).sum())(jax.numpy.arange(12.0).reshape(2, 6)[:, :2]))
print(events.count("cache_hits"), events.count("cache_misses"))
"""
TABLE = """processor\t: 0
vendor_id\t: GenuineIntel
cpu family\t: 6
model\t\t: 85
cpu MHz\t\t: {mhz}
flags\t\t: fpu sse2 {flags}

processor\t: 1
flags\t\t: {second}
"""


def compute(folder):
    others = {key: value for key, value in os.environ.items() if not key.startswith(("JAX_", "NASHSCAPE_"))}
    environment = others | {"NASHSCAPE_CACHE": str(folder), "JAX_PLATFORMS": "cpu"}
    done = subprocess.run(
        [sys.executable, "-c", COMPUTE], capture_output=True, text=True, check=False, env=environment, cwd=folder.parent
    )
    assert (done.returncode, done.stderr) == (0, "")
    own, again, value, counts = done.stdout.splitlines()
    assert own == again
    return Path(own), value, *map(int, counts.split())


@pytest.mark.long
def test_later_processes_take_what_the_first_has_compiled_and_repair_what_is_damaged(tmp_path):
    folder = tmp_path / "cache"
    own, value, hits, compiled = compute(folder)
    assert own.is_relative_to(folder)
    assert (hits, compiled > 1) == (0, True)
    kept = sorted(own.iterdir())
    assert len(kept) == compiled
    for path in (own, own.parent, *kept):
        assert path.stat().st_mode & 0o022 == 0
    assert own.stat().st_mode & 0o077 == 0
    assert compute(folder) == (own, value, compiled, 0)
    whole = [path.read_bytes() for path in kept]
    kept[0].write_bytes(whole[0][:-100])
    kept[1].write_bytes(whole[1][:99] + bytes([whole[1][99] ^ 4]) + whole[1][100:])
    assert compute(folder) == (own, value, compiled - 2, 2)
    assert compute(folder) == (own, value, compiled, 0)


@pytest.fixture
def unset(monkeypatch):
    """JAX keeps nothing yet."""
    before = jax.config.jax_compilation_cache_dir
    jax.config.update("jax_compilation_cache_dir", None)
    yield monkeypatch
    jax.config.update("jax_compilation_cache_dir", before)


@pytest.mark.parametrize("said", ["", "off"])
def test_the_environment_switches_it_off(unset, said):
    unset.setenv("NASHSCAPE_CACHE", said)
    assert ns.keep_programs() is None
    assert jax.config.jax_compilation_cache_dir is None


def test_a_setting_of_jax_stays(unset, tmp_path):
    unset.setenv("NASHSCAPE_CACHE", str(tmp_path / "ours"))
    jax.config.update("jax_compilation_cache_dir", str(tmp_path / "theirs"))
    assert keep_programs() == tmp_path / "theirs"
    jax.config.update("jax_enable_compilation_cache", False)
    try:
        assert keep_programs(tmp_path / "ours") is None
    finally:
        jax.config.update("jax_enable_compilation_cache", True)
    assert list(tmp_path.iterdir()) == []


def test_without_a_place_nothing_is_kept_and_one_that_was_given_is_refused(unset, tmp_path):
    (tmp_path / "file").write_text("")
    unset.setenv("NASHSCAPE_CACHE", str(tmp_path / "file"))
    assert keep_programs() is None
    with pytest.raises(InputError, match=r"cannot be kept in .*file: .*; give a folder of your own"):
        keep_programs(tmp_path / "file")
    assert jax.config.jax_compilation_cache_dir is None


@pytest.mark.parametrize("depth", [0, 1])
def test_a_folder_that_others_may_write_is_not_used(unset, tmp_path, depth):
    kind = kind_of(processor(), f"jax {jax.__version__}", f"jaxlib {jax.lib.__version__}")
    own = tmp_path / "programs" / kind
    own.mkdir(parents=True)
    [own, own.parent][depth].chmod(0o777)
    with pytest.raises(InputError, match="others may write"):
        keep_programs(tmp_path)
    unset.setenv("NASHSCAPE_CACHE", str(tmp_path))
    assert keep_programs() is None
    assert jax.config.jax_compilation_cache_dir is None


def test_a_version_of_jax_without_the_place_keeps_nothing(unset, tmp_path):
    unset.setattr(compiled_programs.importlib, "import_module", lambda name: object())
    assert keep_programs(tmp_path) is None
    assert jax.config.jax_compilation_cache_dir is None


def test_the_usual_folder_is_where_the_system_keeps_what_can_be_made_again(monkeypatch, tmp_path):
    monkeypatch.delenv("NASHSCAPE_CACHE", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert usual_folder() == tmp_path / "xdg/nashscape"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert usual_folder() == tmp_path / ".cache/nashscape"

    def homeless():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", homeless)
    assert usual_folder() is None
    monkeypatch.setenv("NASHSCAPE_CACHE", "mine")
    assert usual_folder() == Path("mine")


def test_what_the_compiler_or_the_processor_can_do_names_the_folder(tmp_path):
    def told(mhz="2500.1", flags="avx2", second="avx2"):
        table = tmp_path / "cpuinfo"
        table.write_text(TABLE.format(mhz=mhz, flags=flags, second=second))
        return processor(table)

    # neither its present speed nor the second core
    assert told() == told(mhz="1200.0") == told(second="")
    assert told() != told(flags="avx2 avx512f")
    kinds = {kind_of(told(flags=f), f"jax {j}", f"jaxlib {l}") for f in "ab" for j in "12" for l in "12"}
    assert len(kinds) == 8
    assert processor(tmp_path / "none") in told()


def test_tests_keep_programs():
    if os.environ.get("NASHSCAPE_CACHE", "") in compiled_programs.OFF or "JAX_COMPILATION_CACHE_DIR" in os.environ:
        pytest.skip("switched off, or elsewhere")
    assert Path(jax.config.jax_compilation_cache_dir).is_relative_to(Path(os.environ["NASHSCAPE_CACHE"]).absolute())
