"""What is installed, against what Python itself says of it."""

import json
import platform
from importlib import metadata

import jax
from typer.testing import CliRunner

from nashscape import core
from nashscape.cli.app import app
from nashscape.core.installed import installation, versions_table
from nashscape.core.machine import cores
from nashscape.core.makers import this_maker

REQUIRED = [
    "numpy>=2.0", "diffrax >= 0.7", "no_such_library>=1; extra == 'odd'", 'pyarrow>=26; extra == "studies"',
    'pyarrow>=26; python_version > "3" and extra == "odd"', 'ruff>=0.11; extra == "dev"',
]  # fmt: skip


def test_libraries_are_those_that_the_package_names_each_with_its_extras(monkeypatch):
    monkeypatch.setattr(metadata, "requires", lambda name: REQUIRED)
    found = installation()["libraries"]
    versions = {name: metadata.version(name) for name in ("diffrax", "jax", "jaxlib", "numpy", "scipy", "pyarrow")}
    assert {name: own["version"] for name, own in found.items()} == {**versions, "no_such_library": None}
    assert {name: own["extras"] for name, own in found.items() if own["extras"]} == {
        "no_such_library": ["odd"], "pyarrow": ["studies", "odd"],
    }  # fmt: skip
    rows = versions_table(installation()).below[0].rows
    assert rows[-2:] == (("no_such_library", "–", "odd"), ("pyarrow", versions["pyarrow"], "studies, odd"))


def test_a_tree_that_was_never_installed_tells_what_numbers_hang_on(monkeypatch):
    def missing(name):
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "requires", missing)
    assert list(installation()["libraries"]) == ["jax", "jaxlib", "numpy", "scipy"]


def test_machine_code_and_devices_are_those_that_there_are():
    found = installation()
    assert found["code"] == this_maker().code
    assert found["python"].startswith(platform.python_version())
    assert (found["cores"], found["devices"]) == (cores(), [one.device_kind for one in jax.devices()])
    rows = dict(core.show_versions().rows)
    assert rows["devices of JAX"] == f"{jax.device_count()} × cpu"
    assert rows["processor"] == f"{found['processor']}, {cores()} cores, {found['memory'] / 2**30:.1f} GiB"


def test_the_command_prints_the_same():
    told = CliRunner().invoke(app, ["versions", "--json"])
    assert json.loads(told.stdout) == json.loads(json.dumps(installation()))
    assert "devices of JAX" in CliRunner().invoke(app, ["versions"]).stdout
