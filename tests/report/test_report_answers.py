"""The answers that lead a report: true of the numbers, whatever varies and whatever is missing."""

import numpy as np
import pytest

from nashscape.figures.study_parts import Part
from nashscape.report.answer_points import change
from nashscape.report.answers import answer

NAN = np.nan


def part(rows, texts=(), numbers=(), quantity="welfare", scattered=()):
    """A part of rows of (setting, value, low, high), or with what it is of before and a text behind."""
    full = [row if isinstance(row[0], str) else ("", *row) for row in rows]
    full = [(*row, "") if len(row) == 5 else row for row in full]
    names = (*texts, *numbers)
    columns = {name: np.array([row[1][name] for row in full]) for name in names}
    for k, name in ((0, "of"), (2, "value"), (3, "low"), (4, "high"), (5, "text")):
        columns[name] = np.array([row[k] for row in full])
    ofs = tuple(dict.fromkeys(row[0] for row in full))
    return Part("made", quantity, tuple(texts), tuple(numbers), tuple(scattered), columns, ofs)


def by_peer(*values, half=0.05):
    return part([({"peer": float(k)}, own, own - half, own + half) for k, own in enumerate(values)], numbers=["peer"])


def sentences(text):
    return [own.rstrip(".") for own in text.replace("; ", ". ").split(". ")]


def test_the_highest_and_the_lowest_are_named_with_intervals_and_how_far_they_are_apart():
    told = answer(by_peer(0.22, 0.4, 0.61), "")
    assert sentences(told) == [
        "Payoffs of all players together: highest at peer coefficient λ = 2 (0.61 [0.56, 0.66]), "
        "lowest at peer coefficient λ = 0 (0.22 [0.17, 0.27])",
        "they differ by 0.39, by 0.29 at least from interval to interval",
        "As peer coefficient λ grows, it rises",
    ]


def test_differences_within_the_intervals_are_none():
    told = answer(by_peer(0.5, 0.52, 0.48), "")
    assert "no difference between settings is larger than the intervals" in told
    assert "highest" not in told
    assert "it stays within the intervals" in told


def test_where_the_two_ends_overlap_and_others_are_apart_both_is_said():
    rows = [(0.0, 0.9, 0.1, 1.0), (1.0, 0.6, 0.5, 0.7), (2.0, 0.2, 0.1, 0.3), (3.0, 0.19, 0.0, 0.95)]
    told = answer(part([({"peer": x}, *own) for x, *own in rows], numbers=["peer"]), "")
    assert "highest at peer coefficient λ = 0" in told
    assert "the intervals of these two overlap" in told


@pytest.mark.parametrize(
    ("values", "direction"),
    [((0.6, 0.4, 0.2), "falls"), ((0.2, 0.6, 0.2), "goes up and down"), ((0.2, 0.25, 0.22, 0.5), "rises")],
)
def test_a_number_that_varies_has_a_direction(values, direction):
    assert f"As peer coefficient λ grows, it {direction}." in answer(by_peer(*values), "")


def test_ties_are_counted_and_rounding_makes_none_of_last_bits():
    told = answer(by_peer(0.5, 0.5 + 1e-9, 0.5, half=0.0), "")
    assert told == (
        "Payoffs of all players together: 0.5 at each of 3 settings. "
        "As peer coefficient λ grows, it stays within the intervals."
    )
    told = answer(by_peer(0.2, 0.2, 0.7, 0.7, 0.7), "")
    assert "highest at 3 settings, such as peer coefficient λ = 2 (0.7 [0.65, 0.75])" in told
    assert "lowest at peer coefficient λ = 0 and at peer coefficient λ = 1 (0.2 [0.15, 0.25])" in told


def test_of_several_rules_it_is_counted_which_is_highest():
    values = {"pg": (0.2, 0.3, 0.5), "lola": (0.5, 0.6, 0.52)}
    rows = [
        ({"rule": rule, "peer": float(k)}, own, own - 0.05, own + 0.05)
        for rule, several in values.items()
        for k, own in enumerate(several)
    ]
    told = answer(part(rows, texts=["rule"], numbers=["peer"]), "")
    assert "By rule: lola is highest in 2 of 3 cases (in 1 the highest is not apart from the next)." in told
    assert "As peer coefficient λ grows, it rises in 1, stays within the intervals in 1 of 2 cases." in told


def test_what_has_no_value_and_what_is_not_measured_is_said():
    rows = [
        ("CC", {"rule": "pg"}, 0.5, 0.4, 0.6), ("CC", {"rule": "lola"}, NAN, NAN, NAN),
        ("CC", {"rule": "sos"}, 0.9, 0.8, 1.0), ("DD", {"rule": "lookahead"}, 0.1, 0.1, 0.1),
    ]  # fmt: skip
    told = answer(part(rows, texts=["rule"]), "CC")
    assert "highest at rule = sos (0.9 [0.8, 1])" in told
    assert "It has no value at 1 setting. It is not measured at 1 setting." in told
    told = answer(part(rows, texts=["rule"]), "DD")
    assert told.startswith(
        "Payoffs of all players together (DD): 0.1 at rule = lookahead, the only setting with a number. "
        "It is not measured at 3 settings."
    )


def test_numbers_that_are_nowhere_are_said_to_be_so():
    told = answer(by_peer(NAN, NAN), "")
    assert told == "Payoffs of all players together: no value at any setting."


def test_without_intervals_nothing_is_said_to_rise_or_to_be_apart():
    rows = [({"rule": rule, "peer": x}, x, NAN, NAN) for rule in ("pg", "lola") for x in (1.0, 2.0)]
    told = answer(part(rows, texts=["rule"], numbers=["peer"]), "")
    assert told.endswith("they differ by 1; without intervals.")
    # one number without an interval: it is apart from none
    rows = [({"peer": 0.0}, 0.1, 0.0, 0.2), ({"peer": 1.0}, 0.9, NAN, NAN)]
    told = answer(part(rows, numbers=["peer"]), "")
    assert "they differ by 0.8; 1 number without an interval." in told
    assert "it stays within the intervals" in told


def test_signs_are_counted_by_whole_intervals():
    assert "Above zero with the whole interval: 1 of 3; below: 1." in answer(by_peer(-0.3, 0.02, 0.4), "")


def test_a_single_setting_has_its_number():
    assert answer(part([({}, 0.24, 0.04, 0.52)]), "") == "Payoffs of all players together: 0.24 [0.04, 0.52]."


def test_where_one_target_overtakes_the_other_is_told_for_each_rule():
    shares = {"pg": (0.7, 0.52, 0.2), "lola": (0.9, 0.8, 0.7)}
    rows = [
        (of, {"rule": rule, "game.T": 2.0 + k}, own, own - 0.05, own + 0.05)
        for rule, several in shares.items()
        for k, share in enumerate(several)
        for of, own in (("CC", share), ("DD", 1 - share))
    ]
    made = part(rows, texts=["rule"], numbers=["game.T"], quantity="share")
    told = answer(made, "CC")
    # at T = 3 the two intervals overlap
    assert told.endswith("At rule = pg CC is the larger share up to T = 2, DD from T = 4 on.")
    assert "larger share" not in answer(made, "DD")


def test_texts_are_counted_and_the_place_of_a_change_is_told():
    texts = ("raises", "raises", "lowers")
    rows = [("player 1", {"game.T": float(k)}, NAN, NAN, NAN, own) for k, own in enumerate(texts)]
    told = answer(part(rows, numbers=["game.T"], quantity="peer_direction"), "player 1")
    assert told == (
        "Peer direction (player 1): raises at 2, lowers at 1 of 3 settings. "
        "raises is the answer up to T = 1, lowers from T = 2 on."
    )
    alike = [(*own[:5], "raises") for own in rows]
    told = answer(part(alike, numbers=["game.T"], quantity="peer_direction"), "player 1")
    assert told == "Peer direction (player 1): raises at all 3 settings."


def test_a_number_between_texts_is_another_answer():
    rows = [
        ("", {"game.T": 0.0}, NAN, NAN, NAN, "never"), ("", {"game.T": 1.0}, 0.7, 0.7, 0.7, ""),
        ("", {"game.T": 2.0}, NAN, NAN, NAN, "always"),
    ]  # fmt: skip
    told = answer(part(rows, numbers=["game.T"], quantity="threshold"), "")
    assert "never at 1, always at 1 of 3 settings." in told
    assert "is the answer" not in told


def test_points_that_fill_a_box_have_no_direction():
    rows = [({"game.S": s, "game.T": t}, s, s - 0.01, s + 0.01) for s, t in ((0.1, 0.9), (0.5, 0.2), (0.8, 0.4))]
    names = ["game.S", "game.T"]
    assert "grows" not in answer(part(rows, numbers=names, scattered=names), "")


def test_a_change_is_one_change_and_undecided_places_lie_in_it():
    assert change([(0, "a"), (1, "a"), (2, "b")]) == ("a", 1, "b", 2)
    assert change([(0, ""), (1, "a"), (2, "b")]) is None
    assert change([(0, "a"), (1, "a")]) is None
    assert change([(0, "a"), (1, "b"), (2, "a")]) is None
