"""The map of the agenda: its page, its names, and systems on the roadmap that it speaks of."""

from pathlib import Path

from nashscape.systems import cards, reproduce
from nashscape.systems.open_problems import agenda, measuring

ROOT = Path(__file__).parents[2]


def test_the_page_is_that_of_the_map():
    page = (ROOT / "docs/open-problems.md").read_text(encoding="utf-8")
    assert page == agenda.page(), "write it anew: python -m nashscape.systems.pages"
    for one in agenda.themes():
        assert one.here
        assert one.absent
        assert f"## {one.name}\n" in page
    # what nobody plans is not called planned
    assert page.count("; nothing is planned\n") == sum(not own.system for one in agenda.themes() for own in one.absent)


def test_a_system_that_is_to_bring_what_is_lacking_is_on_the_roadmap():
    roadmap = (ROOT / "docs/roadmap.md").read_text(encoding="utf-8")
    named = [own.system for one in agenda.themes() for own in one.absent if own.system]
    assert len(named) > 10
    for system in named:
        assert f"| {system} |" in roadmap or f"| [{system}](" in roadmap, system


def test_a_name_that_is_not_there_is_told(monkeypatch):
    gone = [agenda.Feature("", name, "") for name in ("theory.no_such_thing", "no_room.lola", "no_verb")]
    assert [own.exists() for own in gone] == [False] * 3
    assert agenda.Feature("", "theory.decomposition", "").exists()
    [first, *rest] = agenda.themes()
    wrong = (agenda.Theme(first.name, first.about, (*first.here, gone[0]), first.absent), *rest)
    monkeypatch.setattr(measuring, "themes", lambda: wrong)
    found = reproduce("open-problems")
    assert [one.claim for one in found.verdicts if one.said == "holds no longer"] == ["named-features"]


def test_the_card_stands_and_calls_nothing_done_that_is_an_aim():
    found = reproduce("open-problems", effort="quick")
    assert found.stands
    told = {one.id: one.status for one in cards()["open-problems"].claims if one.place == "abstract"}
    assert set(told.values()) == {"not checkable here"}
    assert len(told) == 8
