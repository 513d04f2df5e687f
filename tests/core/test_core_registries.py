"""Things by name: ours, what installed packages announce, and what is in a file of the user's."""

import importlib
import sys
from importlib import metadata
from pathlib import Path
from types import ModuleType

import pytest

from nashscape.core import InputError
from nashscape.core.announced import announced
from nashscape.core.descriptions import describe
from nashscape.core.found_things import Found
from nashscape.core.registries import Registry
from nashscape.core.user_files import from_file
from nashscape.games.families.known_games import GAMES
from nashscape.learning.rule_table import NAMED_RULES
from nashscape.semantics.from_texts import SEMANTICS

BOXES = Registry("box", "nashscape.boxes", {"cube": lambda side=1: [side] * 3}, "size")
EMPTY = "def made():\n    return 1\n"


def test_a_name_of_ours_reads_no_entry_points(monkeypatch):
    monkeypatch.setattr(metadata, "entry_points", pytest.fail)
    assert BOXES.find("cube").made(lambda thing: False) == [1, 1, 1]
    assert BOXES.find("Cube:side=4").call() == [4, 4, 4]


def test_a_name_of_ours_may_stand_in_a_room_above_which_is_imported_when_it_is_asked_for(monkeypatch):
    room = ModuleType("nashscape.attic")
    room.trunk = lambda size=1, lid=None: [size, lid]
    monkeypatch.setitem(sys.modules, "nashscape.attic", room)
    above = Registry("box", "nashscape.boxes", {"trunk": "attic:trunk", "gone": "cellar:chest"})
    found = above.find("Trunk:size=(2,3),lid=none")
    assert (found.is_ours, found.package, found.call()) == (True, "", [(2, 3), None])
    assert above.names() == ["trunk", "gone"]
    with pytest.raises(InputError, match="unknown option of trunk 'sise'; did you mean 'size'"):
        above.find("trunk:sise=2").call()


@pytest.mark.parametrize("registry", [GAMES, NAMED_RULES, SEMANTICS], ids=lambda own: own.what)
def test_what_stands_above_is_there(registry):
    above = [name for name, own in registry.ours.items() if isinstance(own, str)]
    assert above
    assert all(callable(registry.find(name).thing) for name in above)


def test_no_word_for_nothing_where_there_must_be_something():
    found = Found(lambda size=1, name="oak": [size, name], "box", "box", {"size": "none", "name": "none"})
    assert found.call() == ["none", "none"]


def test_what_a_package_announces_is_loaded_when_it_is_asked_for(packages):
    packages("oak", {"oak_chest": "def chest(drawers=3):\n    return ['drawer'] * drawers\n"}, **{
        "tall-chest": "oak_chest:chest", "lost": "oak_nowhere:chest",
    })  # fmt: skip
    assert BOXES.names() == ["cube", "lost", "tall_chest"]
    assert "oak_chest" not in sys.modules
    assert BOXES.find("tall-chest:drawers=2").call() == ["drawer"] * 2
    found = BOXES.find("tall_chest").having({"drawers": 1})
    assert (found.call(), found.package, dict(found.defaults)) == (["drawer"], "the package oak 2.1", {"drawers": 3})
    with pytest.raises(InputError, match=r"unknown box 'tal_chest'; did you mean 'tall_chest'\? Known: cube, lost"):
        BOXES.find("tal_chest")
    with pytest.raises(InputError, match="unknown size of tall_chest 'drawer'; did you mean 'drawers'"):
        BOXES.find("tall_chest:drawer=2").call()


def test_a_package_that_is_broken_breaks_its_own_names_alone(packages):
    packages("oak", {"oak_broken": "import oak_is_not_here\n"}, chest="oak_broken:chest", lid="oak_whole:lid")
    packages("elm", {"oak_whole": "def lid():\n    return 1 / 0\n"})
    said = "'chest' is announced by the package oak 2.1 as 'oak_broken:chest', which cannot be loaded: ModuleNotFound"
    with pytest.raises(InputError, match=said) as refused:
        BOXES.find("chest")
    assert "No module named 'oak_is_not_here'" in str(refused.value)
    assert BOXES.find("cube").call() == [1, 1, 1]
    with pytest.raises(InputError, match=r"lid, of the package oak 2.1: line 2 of .*oak_whole.py: ZeroDivisionError"):
        BOXES.find("lid").call()
    told = dict(BOXES.others(lambda name: (name, type(BOXES.find(name).thing)), lambda name, why: (name, why)))
    assert told["chest"].startswith("'chest' is announced by the package oak 2.1")


def test_of_two_packages_with_one_name_neither_is_meant(packages):
    packages("oak", chest="json:loads")
    packages("elm", chest="json:dumps")
    with pytest.raises(InputError, match=r"'chest' is announced by the package (oak|elm) 2.1 .* and the package"):
        BOXES.find("chest")


def test_a_name_of_ours_stays_ours_and_the_list_says_who_wanted_it(packages):
    packages("oak", cube="json:loads")
    assert BOXES.find("cube").call() == [1, 1, 1]
    assert BOXES.names() == ["cube"]
    told = BOXES.others(lambda name: name, lambda name, why: why)
    assert told == ["the package oak 2.1 announces it; cube is a box of nashscape"]


def test_entry_points_of_other_groups_are_not_seen(packages):
    packages("oak", group="nashscape.lids", chest="json:loads")
    assert announced("nashscape.boxes") == {}


@pytest.fixture
def mine(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def write(text, name="mine.py"):
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text(text)
        return name

    return write


def test_a_file_is_run_once_for_each_of_its_texts(mine):
    mine("RUNS = []\ndef made(size=1):\n    RUNS.append(size)\n    return list(RUNS)\n")
    assert from_file("mine.py:made:size=2") == [2]
    assert BOXES.find("mine.py:made:size=3").call() == [2, 3]
    assert BOXES.find("mine.py:made").having({"size": 4}).call() == [2, 3, 4]
    # of the same length, and within the second that clocks of files may tell apart
    mine("RUNS = []\ndef made(size=1):\n    RUNS.append(size)\n    return set(RUNS) \n")
    assert from_file("mine.py:made:size=2") == {2}


CLASS = (
    "class Kind:\n    def __init__(self):\n        self.size = 1\n    def to_dict(self):\n        return vars(self)\n"
)


def test_what_code_in_a_file_makes_is_described_by_the_text_that_was_run(mine, monkeypatch, tmp_path):
    first = BOXES.find(mine(CLASS + "made = Kind()\n") + ":made").thing
    before = describe(first).data
    assert len(before["kind"]["sha256"]) == 64
    moved = BOXES.find(mine(CLASS + "made = Kind()\n", "there/mine.py") + ":made").thing
    assert type(moved) is not type(first)
    assert describe(moved).data == before
    # as it is where the file is imported
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "mine", raising=False)
    assert describe(importlib.import_module("mine").made).data == before
    edited = BOXES.find(mine(CLASS + "made = Kind()  # edited\n") + ":made").thing
    assert describe(edited).data != before
    assert describe(first).data == before


WRONG = {
    "no such file": (None, "nowhere.py:made", "cannot read nowhere.py: No such file"),
    "no such name": (EMPTY, "mine.py:mode", "unknown name in mine.py 'mode'; did you mean 'made'"),
    "not to be called": ("made = 3\n", "mine.py:made:size=3", "mine.py:made is no function"),
    "a name too many": (EMPTY, "mine.py:made:size=3", "made takes no sizes; got 'size'"),
    "one too few": (
        "def made(size): ...\n",
        "mine.py:made:",
        "made needs the size size, as mine.py:made:size=",
    ),
    "it breaks": (
        "import math\n\nmade = math.log(0)\n",
        "mine.py:made",
        "cannot be run: line 3 of mine.py: ValueError",
    ),
    "it leaves": ("raise SystemExit(3)\n", "mine.py:made", "mine.py cannot be run: line 1 of mine.py: SystemExit: 3"),
    "it is no Python": (
        "def made(:\n",
        "mine.py:made",
        "cannot be run: line 1 of mine.py: SyntaxError: inva",
    ),
    "what is called breaks": (
        "def log(x):\n    return {}[x]\n\ndef made():\n    return log(2)\n",
        "mine.py:made:",
        "mine.py:made: line 2 of mine.py: KeyError: 2",
    ),
    "it refuses": (
        "from nashscape import games\n\ndef made():\n    return games.dense([[1]])\n",
        "mine.py:made:",
        r"mine.py:made: line 4 of mine.py: payoffs must have shape \[n, a_1",
    ),
}


@pytest.mark.parametrize(("text", "asked", "said"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_in_a_file_is_told_with_its_line(text, asked, said, mine):
    if text is not None:
        mine(text)
    with pytest.raises(InputError, match=said):
        BOXES.find(asked).call()


def test_a_text_alone_is_a_name():
    with pytest.raises(InputError, match="a box by name is a text; got 3"):
        BOXES.find(3)
