"""Games in files: every dialect of the formats, what is kept through a file, and what is said of wrong ones."""

import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oracles import gambit_texts

from nashscape import InputError, games
from nashscape.games.exchange.from_texts import game_from_text, parameters_in
from nashscape.games.exchange.tokens import Reader, quotation
from nashscape.studies.files_named import located, paths_in

THIRD = Fraction(1, 3)


def uneven(exact=True):
    """Three players, 2×3×4 actions, no two payoffs alike; with names that need care."""
    payoffs = np.arange(72).reshape(3, 2, 3, 4).astype(object)
    payoffs[0, 1, 2, 3], payoffs[2, 0, 1, 0] = (THIRD, Fraction(-5, 7)) if exact else (0.1, 1e-17)
    payoffs[1, 1, 0, 2] = 0.1
    names = [['"up"', "dö,wn".replace(",", ";")], ["a b", "c\\d", "漢字"], ["1", "2", "3", "4"]]
    return games.dense(payoffs, actions=names, players=["Zoë", 'the "second"', "C, who is third"], name='a "game" of 3')


KEEPS = {"nfg": {"name", "players", "actions"}, "json": {"name", "players", "actions"}, "csv": {"players", "actions"}}


@pytest.mark.parametrize("format", KEEPS)
@pytest.mark.parametrize("exact", [True, False])
def test_what_is_written_is_read_back_exactly(tmp_path, format, exact):
    game = uneven(exact)
    again = games.read_game(games.write_game(game, tmp_path / f"there.{format.upper()}"))
    assert again.fractions.tolist() == game.fractions.tolist()
    assert (again.exact_payoffs is None) == (not exact)
    for part in ("players", "actions"):
        assert getattr(again, part) == getattr(game, part)
    assert again.name == (game.name if "name" in KEEPS[format] else "there")


def test_gametracers_format_keeps_doubles_and_no_names(tmp_path):
    game = uneven()
    again = games.read_game(games.write_game(game, tmp_path / "there.gam"))
    np.testing.assert_array_equal(again.payoffs, game.payoffs)
    assert again.exact_payoffs is None
    assert again.actions[1] == ("A", "B", "C")
    # a fraction that somebody wrote is one
    assert games.parse_game("2\n1 2\n\n1/3 2\n0.1 4", "gam").fractions.tolist() == [
        [[THIRD, 2]],
        [[Fraction(0.1), 4]],
    ]


def test_the_first_players_action_changes_fastest():
    shape = (2, 3, 4)
    numbers = [
        [100 * player + a + 2 * b + 6 * c for c, b, a in itertools.product(range(4), range(3), range(2))]
        for player in range(3)
    ]
    by_profile = " ".join(str(x) for cell in zip(*numbers, strict=True) for x in cell)
    by_player = "\n".join(" ".join(map(str, own)) for own in numbers)
    for text, format in (
        (f'NFG 1 R "" {{ "A" "B" "C" }} {{ 2 3 4 }} {by_profile}', "nfg"),
        (f"3\n2 3 4\n{by_player}", "gam"),
    ):
        game = games.parse_game(text, format)
        assert game.shape == shape
        for player, (a, b, c) in itertools.product(range(3), itertools.product(*map(range, shape))):
            assert game.payoffs[player, a, b, c] == 100 * player + a + 2 * b + 6 * c


def test_outcomes_stand_for_payoffs():
    game = games.parse_game(gambit_texts.OUTCOMES.text, "nfg")
    assert game.payoffs.tolist() == [[[2, 0], [0, 1]], [[0, 1], [1, 0]]]
    assert game.name == "Two person 2 x 2 game with unique mixed equilibrium"
    game = games.parse_game(gambit_texts.NOTHING.text, "nfg")
    first, second = (THIRD, Fraction(-5, 2), Fraction(1, 1000)), (Fraction(1, 2), 4, Fraction(-7, 3))
    cells = [[(0, 0, 0), first, (0, 0, 0)], [second, first, second]]
    for (a, b), player in itertools.product(itertools.product(range(2), range(3)), range(3)):
        assert game.fractions[player, a, b, 0] == cells[a][b][player]
    assert game.name == 'none "at" all'
    assert game.players == ("Zoë", "B, the second", "C")
    assert game.actions == (("up", "down"), ("a|b", "2", "3"), ("stay",))


def test_decimals_are_the_fractions_that_they_are():
    game = games.parse_game(gambit_texts.DECIMALS.text, "nfg")
    first, second = [95, -96, -71, 59, 90, 75, -31, -84], [-78, 3, -14, 76, 3, 69, 36, -37]
    assert game.fractions[0].T.tolist() == [[Fraction(x, 10) for x in own] for own in (first, second)]
    game = games.parse_game(gambit_texts.FRACTIONS.text, "nfg")
    assert game.fractions.tolist() == [[[THIRD, -THIRD], [0, 0]], [[THIRD, 2 * THIRD], [0, 0]]]
    assert game.actions == (("trust", "not"), ("share", "keep"))
    # QuantEcon/QuantEcon.py 326, a tie that a rounded payoff would break
    tie = games.parse_game('NFG 1 R "" { "" "" } { 3 2 } 3 .3 2 2 0 3 3 3/10 5 6 6 1', "nfg")
    assert tie.fractions[1, 0, 0] == tie.fractions[1, 0, 1] == Fraction(3, 10)
    assert tie.players == ("player 1", "player 2")


SAME = {
    "plain": 'NFG 1 R "t" { "A" "B" } { 2 2 } 1 2 3 4 5 6 7 8',
    "doubles": 'NFG 1 D "t" { "A" "B" } { 2 2 } 1.0 2.000 3. 40e-1 +5 6 7 0.08e2',
    "lines": '\tNFG\n1\r\nR "t"\n{ "A"\n\n"B" }{ 2\t2 }\n1 2\n3 4\n5 6\n7 8\n\n',
    "comment": 'NFG 1 R "t" { "A" "B" } { 2 2 } "a \\"comment\\" {\n of two lines" 1 2 3 4 5 6 7 8',
    "comment before": 'NFG 1 R "t" { "A" "B" } "comment" { 2 2 } 1 2 3 4 5 6 7 8',
    "names": 'NFG 1 R "t" { "A" "B" } { { "1" "2" } { "1" "2" } } "" 1 2 3 4 5 6 7 8',
    "names of one": 'NFG 1 R "t" { "A" "B" } { 2 { "" "" } } "" 1 2 3 4 5 6 7 8',
    "commas": 'NFG 1 R "t" { "A", "B" } { 2, 2 } 1, 2, 3, 4, 5, 6, 7, 8',
    "outcomes": 'NFG 1 R "t" { "A" "B" } { 2 2 } { { 5, 6 } { 1 2 } {"" 3 4} { "x" 7, 8 } } 2 3 1 4',
    "one payoff is a fraction": 'NFG 1 R "t" { "A" "B" } { 2 2 } 2/2 2 3 4 5 6 7 16/2',
}


@pytest.mark.parametrize("text", SAME.values(), ids=SAME)
def test_every_dialect_is_the_same_game(text):
    game = games.parse_game(text, "nfg")
    assert game.payoffs.tolist() == [[[1, 5], [3, 7]], [[2, 6], [4, 8]]]
    assert (game.name, game.players, game.actions) == ("t", ("A", "B"), (("1", "2"),) * 2)


def test_a_file_without_a_title_names_its_game(tmp_path):
    # some editors begin a file with a mark of its encoding
    (tmp_path / "mine.nfg").write_text('NFG 1 R { "A" "B" } { 1 1 } 0 0', encoding="utf-8-sig")
    assert games.read_game(tmp_path / "mine.nfg").name == "mine"
    # a game of one profile, gambitproject/gambit 405
    assert games.read_game(tmp_path / "mine.nfg").shape == (1, 1)


HEAD = 'NFG 1 R "t"\n{ "A" "B" }\n'
WRONG = {
    "another file": ("nfg", '{"payoffs": []}', r"the text, line 1: expected NFG; got '\{'"),
    "another version": ("nfg", 'NFG 2 R "t"', r"line 1: expected 1; got '2'"),
    "an open text": ("nfg", 'NFG 1 R "t"\n{ "A" "B }', r'line 2: a text begins with " and does not end'),
    "a number in place of a name": ("nfg", 'NFG 1 R "t" { 2 }', r"the name of a player, a text in quotation"),
    "an open brace": ("nfg", 'NFG 1 R "t" { "A"', r"a brace \} that closes names of players; got the end of the file"),
    "fewer players": ("nfg", HEAD + "{ 2 }", r"line 3: there are 2 players, and actions of 1"),
    "no actions": ("nfg", HEAD + '{ { } { "a" } }', r"line 3: player 1 has no actions"),
    "none": ("nfg", HEAD + "{ 0 2 }", r"line 3: expected a number of actions, .* of at least 1; got '0'"),
    "too few": ("nfg", HEAD + "{ 2 2 }\n1 2 3 4 5 6 7", r"line 4: .*payoff of player 2 in profile 4 of 4.*the end of"),
    "too many": ("nfg", HEAD + "{ 1 1 }\n1 2\n3", r"line 5: expected nothing after the last payoff; got '3'"),
    "half a number": ("nfg", HEAD + "{ 1 1 }\n1 2x", r"line 4: expected .* such as 3, -1/3 or 0.1; got '2x'"),
    "not a number": ("nfg", HEAD + "{ 1 1 }\n1 nan", r"line 4: expected .*; got 'nan'"),
    "over nothing": ("nfg", HEAD + "{ 1 1 }\n1/0 1", r"line 4: expected .* whose denominator is not 0; got '1/0'"),
    "beyond doubles": ("nfg", HEAD + "{ 1 1 }\n1e400 1", r"the text: .* must be finite"),
    "without end": ("nfg", HEAD + "{ 1 1 }\n1e9999999 1", r"line 4: expected .*; got '1e9999999'"),
    "no outcome": ("nfg", HEAD + "{ 1 1 }\n{ { 1 2 } }\n2", r"line 5: expected the number of an outcome, at most 1"),
    "below none": ("nfg", HEAD + "{ 1 1 }\n{ { 1 2 } }\n-1", r"line 5: expected the outcome of profile 1 of 1"),
    "a short outcome": ("nfg", HEAD + "{ 1 1 }\n{\n{ 1 } }", r"line 5: an outcome has 1 payoffs; there are 2 players"),
    "one player": ("nfg", 'NFG 1 R "" { "A" } { 2 } 1 2', r"the text has one player; a game has two or more"),
    "huge": ("nfg", HEAD + "{ 999999999 999999999 }\n1", r"payoff of player 2 in profile 1 of 999999998"),
    "no number": ("gam", "two\n2", r"line 1: expected the number of players, a whole number of at least 1; got 'two'"),
    "gam too few": ("gam", "2\n1 2\n1 2\n3", r"line 4: expected payoff 2 of 2 of player 2, .*the end of the file"),
    "gam huge": ("gam", "2\n99999999 99999999\n1", r"line 3: expected payoff 2 of 9999999800000001 of player 1"),
    "gam infinite": ("gam", "2\n1 1\n1 1e400", "the text: .* finite"),
    "json": ("json", "[1, 2", r"the text is not JSON: Expecting ',' delimiter in line 1"),
    "json list": ("json", "[1, 2]", r'the text must hold an object \{"payoffs": …\}'),
    "json by cell": (
        "json", '{"payoffs": [[[3, 2], [0, 1]], [[1, 0], [2, 3]], [[0, 1], [1, 1]]]}',
        r"got \[3, 2, 2\]: these are payoffs per cell; give a table per player",
    ),
    "json shape": ("json", '{"payoffs": [[1, 2], [3, 4]]}', r"the text: payoffs must have shape \[n, a_1, …, a_n\]"),
    "json key": ("json", '{"payoffs": [], "action": []}', r"unknown entry 'action'; the entries are payoffs, actions"),
    "csv head": ("csv", "A,B,A,B\n", r"line 1: expected the names of players, then 'payoff of …' .*; got 'A,B,A,B'"),
    "csv turned": ("csv", "A,B,payoff of B,payoff of A\n", r"line 1: .* in the same order, as in 'Rose,Colin,"),
    "csv nothing": ("csv", "", r"line 1: expected the names of players"),
    "csv no lines": ("csv", "A,B,payoff of A,payoff of B\n", r"expected a line for every profile below the first"),
    "csv cells": ("csv", "A,B,payoff of A,payoff of B\nx,y,1\n", r"line 2: expected 4 cells, .*; got 3"),
    "csv number": ("csv", "A,B,payoff of A,payoff of B\nx,y,1,?\n", r"line 2: expected a payoff.*; got '\?'"),
    "csv twice": ("csv", "A,B,payoff of A,payoff of B\nx,y,1,2\n\nx,y,1,2\n", r"line 4: the profile x, y is in line 2"),
    "csv hole": (
        "csv",
        "A,B,payoff of A,payoff of B\nx,y,1,2\nz,w,1,2\nx,w,1,2\n",
        r"a line for each of 4 profiles; there is none for z, y",
    ),
    "csv quote": ("csv", 'A,B,payoff of A,payoff of B\n"x"z,y,1,2\n', r"line 2: expected a table with commas; got"),
    "a format": ("ngf", "", r"unknown format of games 'ngf'; did you mean 'nfg'\?"),
}  # fmt: skip


@pytest.mark.parametrize(("format", "text", "said"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_told_with_its_line(format, text, said):
    with pytest.raises(InputError, match=said):
        games.parse_game(text, format)


def test_wrong_files_are_named(tmp_path):
    (tmp_path / "pd.nfg").write_text(HEAD + "{ 2 2 } 1")
    with pytest.raises(InputError, match=rf"{tmp_path}/pd.nfg, line 3: expected the payoff of player 2 in profile 1"):
        games.read_game(tmp_path / "pd.nfg")
    with pytest.raises(InputError, match=r"cannot read .*nothing.nfg: No such file"):
        games.read_game(tmp_path / "nothing.nfg")
    (tmp_path / "latin.nfg").write_bytes('NFG 1 R "é"'.encode("latin-1"))
    with pytest.raises(InputError, match=r"cannot read .*latin.nfg: it is not UTF-8 text"):
        games.read_game(tmp_path / "latin.nfg")
    with pytest.raises(InputError, match=r"game.txt does not end in .json, .csv, .nfg, .gam, .efg; rename it, or say"):
        games.read_game(tmp_path / "game.txt")
    with pytest.raises(InputError, match=r"game.txt does not end in"):
        games.write_game(games.chicken(), tmp_path / "game.txt")
    written = games.write_game(games.chicken(), tmp_path / "game.txt", format="nfg")
    assert games.read_game(written, format="nfg").payoffs.tolist() == games.chicken().payoffs.tolist()
    with pytest.raises(InputError, match=r"expected the text of a game, got PosixPath; files are read by read_game"):
        games.parse_game(written, "nfg")


def test_what_a_format_cannot_hold_is_refused(tmp_path):
    for name in ("ends in \\", 'a \\" quote', "two \\\\"):
        game = games.chicken().replace(name=name)
        with pytest.raises(InputError, match="a backslash may not stand before a quotation mark"):
            games.format_game(game, "nfg")
        assert games.parse_game(games.format_game(game, "json"), "json").name == name
    with pytest.raises(InputError, match=r"not written as trees \(efg\); the formats are json and csv and nfg and gam"):
        games.write_game(games.chicken(), tmp_path / "game.efg")
    with pytest.raises(InputError, match="the name of player ' A' cannot be kept in a table"):
        games.format_game(games.chicken().replace(players=(" A", "B")), "csv")
    with pytest.raises(InputError, match=r"to write a game takes a game whose payoffs can be written out.*\('table'\)"):
        games.format_game(games.tandem(), "nfg")
    # other forms are written as their payoffs
    graph = games.graph_donation([[0, 1, 0], [1, 0, 1], [0, 1, 0]])
    np.testing.assert_array_equal(
        games.parse_game(games.format_game(graph, "nfg"), "nfg").payoffs, graph.to_dense().payoffs
    )


def test_lines_of_a_table_stand_in_any_order():
    text = (
        "\ufeffA,B,payoff of A,payoff of B\r\nx, right ,1/3,2\r\ny,left,5,6\r\nx,left,3,4\r\n,,,\r\ny,right,7,0.1\r\n"
    )
    game = games.parse_game(text, "csv")
    assert game.actions == (("x", "y"), ("right", "left"))
    assert game.fractions[0].tolist() == [[THIRD, 3], [7, 5]]
    assert game.fractions[1].tolist() == [[2, 4], [Fraction(0.1), 6]]


def test_files_are_taken_wherever_games_have_names(tmp_path):
    game = uneven()
    for ending in ("nfg", "csv", "gam", "json"):
        path = games.write_game(game, tmp_path / f"own.{ending}")
        np.testing.assert_array_equal(game_from_text(str(path)).payoffs, game.payoffs)
        assert parameters_in(str(path)) == ()
        with pytest.raises(InputError, match=rf"parameters are of games by name; .*own.{ending} is a payoff file"):
            game_from_text(str(path), {"T": 2})
        assert located(f"own.{ending}", "studies", payoffs=True) == f"studies/own.{ending}"
        assert paths_in({"game": f"own.{ending}"}) == [f"own.{ending}"]
    # what is called otherwise holds JSON
    path.rename(tmp_path / "payoffs")
    np.testing.assert_array_equal(game_from_text(str(tmp_path / "payoffs")).payoffs, game.payoffs)


@settings(
    derandomize=True, max_examples=100, database=None, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
@given(st.text('"\\aé漢 \n{},'))
def test_any_text_between_quotation_marks_is_read_back(text):
    try:
        quoted = quotation(text)
    except InputError:
        assert "\\\\" in text or '\\"' in text or text.endswith("\\")
        return
    reader = Reader(f"{quoted} {quoted}", "here")
    assert [reader.quoted("a"), reader.quoted("b"), reader.now.kind] == [text, text, "end"]


@settings(
    derandomize=True, max_examples=200, database=None, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
@given(st.sampled_from(["nfg", "gam", "efg", "csv", "json"]), st.text('NFGE12RDcpt"{}\\ /.,-\n', max_size=60))
def test_no_text_is_anything_but_a_game_or_told_to_be_wrong(format, text):
    head = {"nfg": 'NFG 1 R "" { "A" "B" } ', "efg": 'EFG 2 R "" { "A" "B" } '}.get(format, "")
    with pytest.raises(InputError, match="the text"):
        games.parse_game(head + text, format)
