"""Compiled programs that processes of tests hand to each other: between modules, and whole ones only."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FIRST = """
import os
from pathlib import Path

OWN = Path(os.environ["JAX_COMPILATION_CACHE_DIR"])
[KEPT] = [path for path in OWN.parent.iterdir() if not path.name.startswith("own-")]

def test_what_was_there_is_there():
    assert (OWN / "old").read_text() == "old"
    (OWN / "made").write_text("ma")
    (KEPT / "of another").write_text("theirs")

def test_within_a_module_nothing_is_handed_over():
    (OWN / "made").write_text("made")
    assert not (KEPT / "made").exists()
    assert not (OWN / "of another").exists()
"""
SECOND = """
from test_first import KEPT, OWN

def test_between_modules_it_is():
    assert (KEPT / "made").read_text() == "made"
    assert (OWN / "of another").read_text() == "theirs"
    (OWN / "last").touch()
"""


def run(folder, *files):
    environment = {name: value for name, value in os.environ.items() if name != "JAX_COMPILATION_CACHE_DIR"}
    environment |= {"NASHSCAPE_TEST_CACHE": str(folder / "cache"), "PYTHONPATH": str(folder)}
    asked = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *files]
    ended = subprocess.run(asked, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout
    [kept] = list((folder / "cache").iterdir())
    return kept


def test_programs_are_exchanged_between_modules_and_kept_at_the_end(tmp_path):
    for name in ("conftest.py", "requirements.lock"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "test_nothing.py").write_text("def test_nothing():\n    pass\n")
    kept = run(tmp_path, "test_nothing.py")
    assert list(kept.iterdir()) == []
    (kept / "old").write_text("old")
    (tmp_path / "test_first.py").write_text(FIRST)
    (tmp_path / "test_second.py").write_text(SECOND)
    run(tmp_path, "test_first.py", "test_second.py")
    assert {path.name for path in kept.iterdir()} == {"old", "made", "of another", "last"}
