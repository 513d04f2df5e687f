"""The table of solution concepts, and the one door to all of them."""

import re
from fractions import Fraction

import pytest

from nashscape import InputError, Status, games, pg
from nashscape.core.options import option
from nashscape.theory import concept_catalogue, equilibria
from nashscape.theory.concepts.table import CONCEPTS, concept_named, found_concept


def test_the_help_of_the_option_names_every_concept():
    said = option("concept", "equilibria").help
    assert [name for name in CONCEPTS if name not in said] == []


def test_every_concept_says_what_it_is_and_needs():
    for one in concept_catalogue():
        assert len(one.says) > 20
        assert one.needs
        assert "concept" not in one.options
        assert found_concept(one.name).name.replace("_", " ") == one.name
        ours = one.name.replace(" ", "_") in CONCEPTS
        assert not ours or list(one.explained) == list(one.options)


@pytest.mark.long
@pytest.mark.parametrize("name", sorted(CONCEPTS))
def test_the_example_of_every_concept_is_answered(name):
    _, verb, game, _, concept = concept_named(name).example.split()
    assert (verb, found_concept(concept).name) == ("equilibria", name)
    assert equilibria(games.by_name(game), concept=concept).status is not Status.INTERRUPTED


def test_options_reach_the_concept_by_text_and_by_name():
    hunt = games.stag_hunt()
    assert [one.name for one in equilibria(hunt, concept="Nash: method=pure")] == ["CC", "DD"]
    assert [one.name for one in equilibria(hunt, concept="nash:most=2", method="pure")] == ["CC", "DD"]


def test_a_concept_of_a_file_of_ones_own_is_asked_as_ours_are(tmp_path):
    (tmp_path / "mine.py").write_text(
        "from nashscape.theory import security_levels\n\n\n"
        "def safe(game, *, player=0):\n    return security_levels(game).levels[player]\n"
    )
    text = f"{tmp_path / 'mine.py'}:safe"
    assert equilibria(games.battle_of_the_sexes(), concept=f"{text}:player=1") == Fraction(2, 3)
    row = concept_named(text)
    assert (row.name, dict(row.options)) == (text, {"player": 0})
    assert row.example == f"nashscape equilibria GAME --concept {text}"
    with pytest.raises(InputError, match="unknown option of safe 'plyer'; did you mean 'player'"):
        equilibria(games.battle_of_the_sexes(), concept=f"{text}:plyer=1")


@pytest.mark.parametrize(
    ("concept", "options", "reason"),
    [
        ("corelated", {}, "unknown concept 'corelated'; did you mean 'correlated'"),
        ("correlated", {"rule": pg()}, "unknown option of correlated 'rule'"),
        ("nash:metod=pure", {}, "unknown option of nash 'metod'; did you mean 'method'"),
    ],
)
def test_what_a_concept_does_not_know_is_refused(concept, options, reason):
    with pytest.raises(InputError, match=re.escape(reason)):
        equilibria(games.stag_hunt(), concept=concept, **options)
