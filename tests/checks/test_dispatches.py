"""The ratchet of questions for classes: what it finds, and that it can fail."""

import pytest

from checks import dispatches as ratchet

CLASSES = "class Cat:\n    pass\n\n\nclass Dog:\n    pass\n"


def found(tmp_path, text, room="learning"):
    (tmp_path / "core").mkdir()
    (tmp_path / "core" / "animals.py").write_text(CLASSES)
    (tmp_path / room).mkdir(parents=True)
    (tmp_path / room / "asks.py").write_text(text)
    return ratchet.dispatches(tmp_path)


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("isinstance(x, Cat)", ("Cat",)),
        ("isinstance(x, (int, Dog, Cat))", ("Cat", "Dog")),
        ("isinstance(x, animals.Cat | None)", ("Cat",)),
        ("issubclass(type(x), Dog)", ("Dog",)),
        ("type(x) is Cat", ("Cat",)),
        ("type(x) in (Cat, Dog)", ("Cat", "Dog")),
        ("isinstance(x, int | str)", None),
        ("Cat(x) == Dog(x)", None),
    ],
)
def test_questions_for_classes_of_the_library_are_found(tmp_path, line, names):
    asked = found(tmp_path, f"import os\n\nnumber = {line}\n")
    assert [(one.line, one.names, one.reason) for one in asked] == ([] if names is None else [(3, names, "")])


def test_patterns_are_questions_too(tmp_path):
    asked = found(tmp_path, "match x:\n    case Cat():\n        pass\n    case int():\n        pass\n")
    assert [one.names for one in asked] == [("Cat",)]


@pytest.mark.parametrize(
    "text",
    [
        "y = isinstance(x, Cat)  # class: a cat is a cat\n",
        "# class: a cat is a cat\ny = isinstance(x, Cat)\n",
        "y = isinstance(\n    x,\n    Cat,  # class: a cat is a cat\n)\n",
    ],
)
def test_a_reason_stands_beside_or_above(tmp_path, text):
    assert [one.reason for one in found(tmp_path, text)] == ["a cat is a cat"]


def test_a_reason_further_off_is_none(tmp_path):
    assert [one.reason for one in found(tmp_path, "# class: a cat\n\ny = isinstance(x, Cat)\n")] == [""]


@pytest.mark.parametrize("room", ratchet.ROOMS)
def test_rooms_about_representations_are_left_out(tmp_path, room):
    assert not found(tmp_path, "y = isinstance(x, Cat)\n", room)


@pytest.mark.long
def test_the_library_asks_for_few_classes_and_says_why():
    asked = ratchet.dispatches()
    assert [one for one in asked if not one.reason] == []
    # exactly: who removes one lowers the number, so that it cannot come back
    assert len(asked) == ratchet.MOST


@pytest.mark.parametrize(("most", "text"), [(0, "# class: why\nisinstance(x, Cat)\n"), (1, "isinstance(x, Cat)\n")])
def test_too_many_and_those_without_a_reason_fail(monkeypatch, capsys, tmp_path, most, text):
    asked = found(tmp_path, text)
    monkeypatch.setattr(ratchet, "dispatches", lambda **_: asked)
    monkeypatch.setattr(ratchet, "MOST", most)
    assert ratchet.main() == 1
    assert "learning/asks.py" in capsys.readouterr().out
    monkeypatch.setattr(ratchet, "dispatches", lambda **_: [])
    assert ratchet.main() == 0
