"""Cards: what a text must hold, the line and the key that an error names, and the pages made from them."""

import re
from pathlib import Path

import pytest

from nashscape.core import InputError
from nashscape.systems import card, card_page, cards, not_reproduced_page, read_card
from nashscape.systems.card_texts import STANDING
from nashscape.systems.system_cards import card_of

ROOT = Path(__file__).parents[2]
GOOD = """\
key = "tiny"
title = "A tiny system"
year = 2026
arxiv = "2601.00001"
authors = ["Doe"]
fidelity = "exact"
about = '''
Two words,
[not_a_header]
no_key = 1
'''
seconds = { full = 2, quick = 1 }

[[claim]]
id = "one"
text = "One is one."
place = "abstract"
status = "agrees"
published = "1"
value = 1.0
interval = [0.9, 1.1]
computed = "counted"
tolerance = "within .1"

[[claim]]
id = "two"
text = "Two is three."
place = "abstract"
status = "disagrees"
computed = "counted"
tolerance = "equal"
why = "It is two."

[[claim]]
id = "three"
text = "Somebody else's."
place = "table 1"
status = "not checkable here"
why = "Their data cannot be had."

[[found]]
title = "More"
text = "Four is four."
"""


def test_a_card_says_what_its_text_says():
    found = card_of(GOOD)
    assert (found.key, found.year, found.authors, found.seconds) == ("tiny", 2026, ("Doe",), {"full": 2, "quick": 1})
    assert found.about == "Two words, [not_a_header] no_key = 1"
    assert found.claim("one").interval == (0.9, 1.1)
    assert found.counts() == {
        "agrees": 1, "not contradicted": 0, "disagrees": 1, "not checkable here": 1, "open": 0,
    }  # fmt: skip
    with pytest.raises(InputError, match="did you mean 'three'"):
        found.claim("thre")


# what is replaced, what stands there instead, the line, the key that is named, and what else is said
MALFORMED = [
    ('title = "A tiny system"', "", 1, "the card", "'title' is missing"),
    ("title =", "titel =", 2, "titel", "did you mean 'title'"),
    ("year = 2026", "year = true", 3, "year", "a year, such as 2026"),
    ("year = 2026", 'year = "2026"', 3, "year", "a year"),
    ('"2601.00001"', '"26.1"', 4, "arxiv", "2605.18078"),
    ('["Doe"]', '"Doe"', 5, "authors", "a list of texts"),
    ('["Doe"]', "[]", 5, "authors", "a list of texts"),
    ('["Doe"]', '[\n  "Doe",\n  3,\n]', 5, "authors", "a list of texts"),
    ('"exact"', '"exakt"', 6, "fidelity", "did you mean 'exact'"),
    ("full = 2", "full = -2", 12, "seconds.full", "a number of seconds"),
    ("full = 2", "full = inf", 12, "seconds.full", "a number of seconds"),
    ("quick = 1", "quik = 1", 12, "seconds.quik", "did you mean 'quick'"),
    ("quick = 1 }", "} ", None, "", ""),
    ('id = "one"', 'id = "One!"', 15, "claim.1.id", "basin-entry"),
    ('id = "two"', 'id = "one"', 26, "claim.2.id", "the claim of line 15"),
    ('text = "Two is three."', 'text = " "', 27, "claim.2.text", "not empty"),
    ('text = "Two is three."', "text = 2", 27, "claim.2.text", "not empty"),
    ('place = "table 1"', 'plase = "table 1"', 37, "claim.3.plase", "did you mean 'place'"),
    ('"disagrees"', '"disagree"', 29, "claim.2.status", "did you mean 'disagrees'"),
    ('"disagrees"', "false", 29, "claim.2.status", "one of"),
    ('why = "It is two."', "", 25, "claim.2", "needs the key 'why'"),
    ('tolerance = "equal"', "", 25, "claim.2", "needs the key 'tolerance'"),
    ('computed = "counted"\ntolerance = "within .1"', 'tolerance = "within .1"', 14, "claim.1", "'computed'"),
    ('why = "Their data', 'value = 3.0\nwhy = "Their data', 39, "claim.3.value", "has none"),
    ("value = 1.0", "value = nan", 20, "claim.1.value", "a finite number"),
    ("value = 1.0", "value = true", 20, "claim.1.value", "a finite number"),
    ("value = 1.0", "value = 2.0", 21, "claim.1.interval", "does not hold the value 2.0"),
    ("value = 1.0\n", "", 20, "claim.1.interval", "add the key 'value'"),
    ("[0.9, 1.1]", "[1.1, 0.9]", 21, "claim.1.interval", "in order"),
    ("[0.9, 1.1]", "[0.9]", 21, "claim.1.interval", "[low, high]"),
    ('text = "Four is four."', "", 41, "found.1", "'text' is missing"),
    ("[[found]]", "[found]", 41, "found", "double brackets"),
    ("[[found]]", "[[fund]]", 41, "fund", "did you mean 'found'"),
    ('key = "tiny"', 'key = "tiny', 1, "", "no TOML"),
    ('status = "agrees"\n', 'status = "agrees"\nstatus = "agrees"\n', 19, "", "no TOML"),
]


@pytest.mark.parametrize(("old", "new", "line", "key", "said"), MALFORMED)
def test_a_malformed_card_gives_one_error_with_line_and_key(old, new, line, key, said):
    assert GOOD.count(old) >= 1
    with pytest.raises(InputError) as caught:
        card_of(GOOD.replace(old, new, 1), "card.toml")
    text = str(caught.value)
    assert "\n" not in text
    assert text.startswith("card.toml")
    assert said in text
    if line is not None:
        assert int(re.search(r"line (\d+)", text)[1]) == line
        assert key in text


SPARE = ("arxiv", "published", "interval", "Two", "no_key", "[not")


@pytest.mark.parametrize("lost", range(len(GOOD.splitlines())))
def test_without_any_one_line_a_card_is_refused_with_a_line_or_still_a_card(lost):
    """Never another error than ours."""
    lines = GOOD.splitlines()
    text = "\n".join(lines[:lost] + lines[lost + 1 :])
    if lines[lost].startswith(SPARE) or not lines[lost]:
        assert card_of(text).key == "tiny"
    else:
        with pytest.raises(InputError, match=r"line \d+"):
            card_of(text)


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    path = tmp_path / "card.toml"
    path.write_bytes(b"\xff\xfe")
    for wrong in (path, tmp_path / "none.toml", tmp_path):
        with pytest.raises(InputError, match=r"cannot be read as a text"):
            read_card(wrong)
    path.write_text(GOOD, encoding="utf-8")
    assert read_card(path) == card_of(GOOD)


def test_no_system_has_a_claim_left_open():
    assert {"basin-entry", "coopetition-1", "coopetition-3", "open-source-games"} <= set(cards())
    for one in cards().values():
        assert one.counts()["open"] == 0
        assert one.arxiv in card_page(one)
    with pytest.raises(InputError, match="did you mean 'basin-entry'"):
        card("basin-entri")


@pytest.mark.parametrize("key", ["basin-entry", "open-source-games"])
def test_pages_are_those_of_the_cards(key):
    page = (ROOT / "docs/systems" / f"{key}.md").read_text(encoding="utf-8")
    assert page == card_page(card(key)), "write them anew: python -m nashscape.systems.pages"
    for one in card(key).claims:
        assert f"### {one.id}\n\n{one.text}\n" in page


def test_what_could_not_be_reproduced_is_one_page_made_from_the_cards():
    page = (ROOT / "docs/systems/not-reproduced.md").read_text(encoding="utf-8")
    assert page == not_reproduced_page(cards().values()), "write it anew: python -m nashscape.systems.pages"
    told = re.findall(r"^### (.+): (.+)$", page, re.MULTILINE)
    missed = [(key, one) for key, own in cards().items() for one in own.claims if one.status not in STANDING]
    assert len(told) == len(missed) > 5
    assert set(told) == {(key, one.id) for key, one in missed}
    for _, one in missed:
        assert one.why
        assert f"* why: {one.why}\n" in page
    # what the authors say stands before what others read into it
    readings = [card(key).claim(id).is_reading for key, id in told if key == "basin-entry"]
    assert set(readings) == {False, True}
    assert readings == sorted(readings)
