"""The command line as a process of its own: what it imports, and what leaves by which door."""

import json
import os
import subprocess
import sys

import pytest

HEAVY = ("jax", "scipy", "numpy", "matplotlib", "rich", "pyarrow")
HELP = "Show this message and exit."

PROBE = f"""
import sys
from nashscape.cli import main
sys.argv = ["nashscape", *sys.argv[1:]]
try:
    main()
except SystemExit as end:
    code = end.code or 0
print([name for name in {HEAVY!r} if name in sys.modules], code, file=sys.stderr)
"""

WITHOUT_FLOWS = """
import sys
from nashscape.cli import main
try:
    main()
finally:
    assert "jax" in sys.modules
    assert "diffrax" not in sys.modules, "it takes as long to import as JAX, and nothing here is a flow"
"""


def process(*arguments, **options):
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=False, **options)


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], [], ["basin", "--help"], ["study", "run", "-h"]])
def test_help_and_version_import_nothing_heavy(arguments):
    done = process("-c", PROBE, *arguments)
    assert done.stderr.strip() == "[] 0"
    assert HELP in done.stdout or done.stdout.startswith("nashscape ")


@pytest.mark.parametrize("command", ["games", "basin", "entry", "simulate"])
def test_every_command_explains_itself_with_examples(command):
    text = process("-m", "nashscape", command, "--help").stdout
    assert f"nashscape {command}" in text
    assert "Examples\n" in text
    described = [line for line in text.splitlines() if line.startswith("  --")]
    assert described
    assert all(len(line.split()) > 1 for line in described)


@pytest.mark.long
def test_one_device_per_core_is_asked_for_before_jax_starts():
    environment = {key: value for key, value in os.environ.items() if key != "JAX_NUM_CPU_DEVICES"}
    arguments = ["-c", WITHOUT_FLOWS, "basin", "stag-hunt", "--grid", "3", "--rule", "pg", "--json"]
    done = process(*arguments, env=environment | {"JAX_PLATFORMS": "cpu"})
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["rules"]["pg"]["provenance"]["devices"] == len(os.sched_getaffinity(0))
    assert done.stderr == ""


@pytest.mark.long
def test_bad_input_leaves_by_stderr_without_a_traceback():
    done = process("-m", "nashscape", "basin", "stag-hnt", "--json")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: unknown game")
    assert done.stderr.count("\n") == 1
