"""What a release is made of: versions that agree, archives and licences that are looked at, forms that can be read."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

import nashscape as ns
from checks import archives, licences
from nashscape.core import citations

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))


def data(name):
    return yaml.safe_load((ROOT / name).read_text())


def by_name(requirements):
    """Versions by name; conda's matplotlib without its windows is called otherwise."""
    parts = (re.fullmatch(r"([a-z-]+?)(?:-base)?\s*(>=.*)?", one) for one in requirements)
    return {found[1]: found[2] for found in parts}


def test_every_place_tells_the_same_version():
    assert data("CITATION.cff")["version"] == data("conda/meta.yaml")["package"]["version"] == ns.__version__
    assert f"version {ns.__version__}." in citations.library(ns.__version__).text
    changes = (ROOT / "CHANGELOG.md").read_text()
    assert f"## [{ns.__version__}]" in changes or f"what {ns.__version__} will be" in changes


def test_the_citation_file_names_what_results_name():
    cited = data("CITATION.cff")
    assert [one["name"] for one in cited["authors"]] == ["The nashscape developers"]
    assert citations.library("1").text.startswith(f"{cited['authors'][0]['name']}: nashscape,")
    assert cited["license"] == PROJECT["license"]


def test_the_conda_recipe_needs_what_the_package_needs():
    recipe = data("conda/meta.yaml")
    needed = by_name(recipe["requirements"]["run"])
    assert needed.pop("python") == PROJECT["requires-python"]
    assert needed == by_name(PROJECT["dependencies"])
    assert recipe["build"]["entry_points"] == [f"nashscape = {PROJECT['scripts']['nashscape']}"]
    assert recipe["about"]["license"] == PROJECT["license"]


def test_pythons_of_the_matrix_are_those_of_the_classifiers():
    matrix = data(".github/workflows/test.yml")["jobs"]["matrix"]["strategy"]["matrix"]
    said = [one.rpartition(" :: ")[2] for one in PROJECT["classifiers"] if re.search(r":: 3\.\d", one)]
    assert matrix["python"] == said
    [jax] = [one for one in PROJECT["dependencies"] if one.startswith("jax>")]
    assert matrix["jax"] == [f"{jax.replace('>=', '==')}.*", "jax"]


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_forms_can_be_read_and_one_asks_for_the_question(path):
    form = data(path.relative_to(ROOT))
    if path.stem == "config":
        return
    assert {"name", "description", "body"} <= form.keys()
    asked = [part["id"] for part in form["body"]]
    assert len(set(asked)) == len(asked)
    if path.stem == "wrong-result":
        assert {"question", "versions"} <= set(asked)
        [text] = [one["attributes"]["description"] for one in form["body"] if one["id"] == "versions"]
        assert "nashscape versions" in text


def test_archives_that_lack_or_hold_too_much_are_told():
    whole = ["nashscape" + name if name.startswith("/") else name for name in archives.IN_WHEEL]
    whole = [name.replace("nashscape/licenses", "nashscape-1.dist-info/licenses") for name in whole]
    assert archives.wrong_in_wheel(whole) == []
    assert archives.wrong_in_wheel(whole[1:]) == ["the wheel lacks nashscape/py.typed"]
    assert archives.wrong_in_wheel([*whole, "tests/a.py", "nashscape/__pycache__/a.pyc"]) == [
        "the wheel holds tests/a.py", "the wheel holds nashscape/__pycache__/a.pyc",
    ]  # fmt: skip
    source = [f"nashscape-1/{name}" for name in archives.IN_SOURCE]
    assert archives.wrong_in_source(source) == []
    assert archives.wrong_in_source(source[1:]) == ["the source archive lacks pyproject.toml"]
    for name in archives.IN_SOURCE:
        assert (ROOT / name).exists(), name


def test_all_that_the_core_needs_may_come_with_it(capsys):
    assert licences.main(["nashscape"]) == 0
    told = capsys.readouterr().out
    assert "jax 0." in told
    assert "ray" not in licences.needed("nashscape")
    assert "python-flint" in licences.needed("nashscape[checker]")


@pytest.mark.parametrize(
    ("headers", "licence", "copyleft"),
    [
        ("License-Expression: GPL-3.0-or-later", "GPL-3.0-or-later", True),
        ("License-Expression: MIT OR GPL-2.0-only", "MIT OR GPL-2.0-only", False),
        ("License: whatever\nClassifier: License :: OSI Approved :: GNU General Public License v3 (GPLv3)",
         "GNU General Public License v3 (GPLv3)", True),
        ("Classifier: License :: OSI Approved\nLicense: BSD", "BSD", False),
        ("License-Expression: LGPL-3.0-or-later", "LGPL-3.0-or-later", False),
        ("Classifier: License :: OSI Approved :: GNU Affero General Public License v3",
         "GNU Affero General Public License v3", True),
    ],
)  # fmt: skip
def test_a_copyleft_package_fails_the_check(headers, licence, copyleft, tmp_path, monkeypatch, capsys):
    for name, more in (("lender", "Requires-Dist: loan>=1\nRequires-Dist: unmet"), ("loan", headers)):
        folder = tmp_path / f"{name}-1.0.dist-info"
        folder.mkdir()
        own = "License-Expression: MIT\n" if name == "lender" else ""
        (folder / "METADATA").write_text(f"Metadata-Version: 2.4\nName: {name}\nVersion: 1.0\n{own}{more}\n")
    monkeypatch.syspath_prepend(tmp_path)
    assert licences.licence_of("loan") == licence
    assert licences.main(["lender"]) == int(copyleft)
    assert ("loan: " in capsys.readouterr().err) == copyleft


NO_NETWORK = """
import socket

def refuse(*given, **named):
    raise RuntimeError(f"a connection was opened: {given}")

socket.socket.connect = socket.socket.connect_ex = socket.create_connection = socket.getaddrinfo = refuse
"""


@pytest.mark.long
@pytest.mark.parametrize(
    ("words", "fails"),
    [
        (["-c", "import socket; socket.create_connection(('localhost', 9))"], True),
        (["-m", "nashscape", "basin", "stag-hunt", "--grid", "3", "--rule", "pg", "--steps", "20"], False),
    ],
)
def test_nothing_is_asked_of_a_network(words, fails, tmp_path, monkeypatch):
    (tmp_path / "sitecustomize.py").write_text(NO_NETWORK)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    done = subprocess.run([sys.executable, *words], capture_output=True, text=True, check=False)
    assert (done.returncode != 0) == fails, done.stderr
    assert ("a connection was opened" in done.stderr) == fails
