"""A card against what was computed: verdicts, and what makes a card fail."""

from dataclasses import replace

import pytest

from nashscape.core import InputError, Status, record
from nashscape.systems import check, reproduce
from nashscape.systems.checked_claims import (
    AGREES_NOW,
    FAILS,
    MISSING,
    OUTDATED,
    STANDS,
    UNCHECKED,
    Findings,
)
from nashscape.systems.statements import holds, near
from nashscape.systems.system_cards import Claim, card

CARD = replace(
    card("open-source-games"),
    claims=(
        Claim("sum", "It adds up.", "abstract", "agrees", value=0.5, tolerance="equal", computed="added"),
        Claim("far", "It is far.", "abstract", "disagrees", tolerance="far", computed="measured", why="It is near."),
        Claim("lost", "It was there.", "abstract", "not checkable here", why="It is gone."),
    ),
)


def measured(*rows, status=Status.COMPLETE):
    return Findings(rows, status, record("reproduction", {"system": "made up"}))


def said(*rows, card=CARD):
    return {one.claim: one.said for one in check(card, measured(*rows)).verdicts}


SUM, WRONG = near("sum", "1/4 + 1/4", 0.5, 0.5, 1e-9), near("sum", "1/4 + 1/4", 0.75, 0.5, 1e-9)
FAR, NEAR = holds("far", "distance", [True, False], "more than 2"), holds("far", "distance", [True], "more than 2")


def test_a_card_stands_where_all_that_agrees_does():
    assert said(SUM, FAR) == {"sum": STANDS, "far": STANDS, "lost": UNCHECKED}
    assert check(CARD, measured(SUM, FAR)).stands


def test_a_claim_fails_by_a_single_figure():
    found = check(CARD, measured(SUM, WRONG, FAR))
    assert (found.verdicts[0].said, found.verdicts[0].agreeing, found.verdicts[0].figures) == (FAILS, 1, 2)
    assert not found.stands
    assert "does not stand: sum" in repr(found)


def test_what_agrees_now_is_said_and_is_no_failure():
    found = check(CARD, measured(SUM, NEAR))
    assert found.saying(AGREES_NOW) == ["far"]
    assert found.stands


def test_what_was_not_measured_does_not_agree():
    assert said(FAR)["sum"] == MISSING
    assert not check(CARD, measured(FAR)).stands
    assert not check(CARD, measured(SUM)).stands


def test_a_value_on_the_card_has_to_be_ours_of_today():
    moved = near("sum", "1/4 + 1/4", 0.5, 0.6, 1.0)
    assert moved.agrees
    assert said(moved, FAR)["sum"] == OUTDATED
    # the card has one digit, so half of a unit of it is no difference
    assert said(near("sum", "", 0.5, 0.549, 1.0), FAR)["sum"] == STANDS
    wide = replace(CARD, claims=(replace(CARD.claims[0], interval=(0.4, 0.6)), *CARD.claims[1:]))
    assert said(moved, FAR, card=wide)["sum"] == STANDS


@pytest.mark.parametrize("key", ["basin-entry", "open-source-games"])
def test_an_unknown_effort_is_refused_before_anything_is_run(key):
    with pytest.raises(InputError, match="did you mean 'thorough'"):
        reproduce(key, effort="thorogh")


@pytest.mark.parametrize(("claim", "error"), [("lost", "'not checkable here'"), ("sun", "did you mean 'sum'")])
def test_figures_are_about_claims_that_are_computed(claim, error):
    with pytest.raises(InputError, match=error):
        check(CARD, measured(replace(SUM, claim=claim)))


def test_statements_hold_of_all_cases_and_within_their_tolerance():
    assert [near("c", "", 1.0, 1.25, tolerance).agrees for tolerance in (0.25, 0.24)] == [True, False]
    assert not near("c", "", 1.0, float("nan"), 1.0).agrees
    assert not holds("c", "", [], "all").agrees
    assert holds("c", "", [True, True, False, True], "all").ours == 0.75
