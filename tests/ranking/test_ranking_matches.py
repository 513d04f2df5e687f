"""Matches as people write them down, and what is wrong with some."""

import numpy as np
import pytest

from nashscape.core import InputError
from nashscape.ranking import counted_matches, matches


def written(folder, text):
    path = folder / "matches.csv"
    path.write_text(text, encoding="utf-8")
    return path


def told(found):
    return [
        (found.players[i], found.players[j], result)
        for i, j, result in zip(found.first, found.second, found.results, strict=True)
    ]


WANTED = [("ann", "bob", 1.0), ("bob", "cy", 0.5), ("cy", "ann", 0.0)]


@pytest.mark.parametrize(
    "text",
    [
        "player,player,result\nann,bob,1\nbob,cy,0.5\ncy,ann,0\n",
        "ann,bob,win\nbob,cy,tie\ncy,ann,loss\n",
        "White,Black,Result\nann,bob,1-0\nbob,cy,1/2-1/2\ncy,ann,0–1\n",
        "model_a,model_b,winner\nann,bob,model_a\nbob,cy,tie (bothbad)\ncy,ann,model_b\n",
        "home,away,score\nann,bob,3:1\n\nbob,cy,2:2\ncy,ann,0:4\n",
        "ann;bob;win\nbob;cy;tie\ncy;ann;loss;\n",
        "ann\tbob\twin\nbob\tcy\ttie\ncy\tann\tloss\n",
        "\ufeffplayer_1, player_2, winner\nann, bob, ann\nbob, cy, draw\ncy, ann, ann\n",
    ],
)
def test_a_file_is_read_whatever_results_are_called(text, tmp_path):
    found = matches(written(tmp_path, text))
    assert told(found) == WANTED
    assert found.points.tolist() == [[0, 1, 1], [0, 0, 0.5], [0, 0.5, 0]]
    assert found.played.tolist() == [[0, 1, 1], [1, 0, 1], [1, 1, 0]]


def test_a_result_that_names_a_column_is_the_win_of_that_column(tmp_path):
    path = written(tmp_path, "black,white,result\nann,bob,white\nann,bob,black\nann,bob,draw\n")
    assert matches(path, columns=["black", "white", "result"]).results.tolist() == [0.0, 1.0, 0.5]


def test_numbers_are_results_although_players_are_called_so(tmp_path):
    assert told(matches([(0, 1, 1), (2, 1, 0)])) == [("0", "1", 1.0), ("2", "1", 0.0)]
    named = written(tmp_path, "player,player,winner\n0,1,1\n2,1,2\n")
    assert told(matches(named)) == [("0", "1", 0.0), ("2", "1", 1.0)]


def test_columns_are_chosen_and_frames_are_taken(tmp_path):
    pandas = pytest.importorskip("pandas")
    path = written(tmp_path, "date,elo,w,b,points\n1,2,ann,bob,1\n2,2,bob,cy,.5\n3,2,cy,ann,0\n")
    assert told(matches(path, columns=["w", "b", "points"])) == WANTED
    frame = pandas.DataFrame(WANTED, columns=["player_1", "player_2", "result"])
    assert told(matches(frame)) == WANTED
    assert told(matches(pandas.read_csv(path), columns=["w", "b", "points"])) == WANTED


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("player,elo,result\nann,bob,1\n", "the unknown column 'elo'"),
        ("player,player,result,date\nann,bob,1,2\n", "the unknown column 'date'"),
        (
            "question_id,model_a,model_b,winner,judge\n7,ann,bob,model_a,eve\n",
            "has more columns .*columns=.'model_a', 'model_b', 'winner'., typed --columns model_a,model_b,winner. It",
        ),
        ("White,Black,Elo,Result\nann,bob,2700,1-0\n", "typed --columns White,Black,Result"),
        ("white,black,result,points\nann,bob,1-0,1\n", "4 columns in an order"),
        ("ann,bob,-1\nann,bob,1\n", "matches.csv: cannot read the result '-1' of its first line; a result is a number"),
        ("model_a,model_b,winner\n", "matches.csv has headings, model_a, model_b, winner, and no match below"),
        ("player,player\nann,bob\n", "2 columns in an order"),
        ("black,white,result\nann,bob,1-0\n", "3 columns in an order"),
        ("player,opponent,win\nann,bob,1\nbob,ann,1\n", "unknown columns player, opponent, win"),
        ("winner,home,away\nann,ann,bob\n", "in an order"),
        ("0,1,1\n2,1,1\n", "line 1: cannot read the result '1'; a player is called 1, so it says two things"),
        ("bob,win,loss\nbob,win,win\n", "line 2: .* a player is called win"),
        ('ann,bob,win\n"ann,bob,win\nbob,ann,win\n', "a quotation mark is not closed"),
        ("player,player,result\nann,bob,1\nbob,ann,2\n", r"line 3: cannot read the result '2'; a result is a number"),
        ("ann,bob,win\nbob,ann,nan\n", "line 2: cannot read the result 'nan'"),
        ("ann,bob,win\nbob,ann,3:x\n", "line 2: cannot read the result '3:x'"),
        ("ann,bob,win\nbob,bob,win\n", "line 2: bob plays against itself"),
        ("ann,bob,win\nbob\n", "line 2: 1 columns, where the first line has 3"),
        ("ann,bob,win\n,bob,win\n", "line 2: a player has no name"),
        ("", "is empty"),
        ("player,player,result\n", "matches.csv has headings, player, player, result, and no match below"),
    ],
)
def test_what_is_no_match_is_told_with_its_line(text, wrong, tmp_path):
    with pytest.raises(InputError, match=wrong):
        matches(written(tmp_path, text))


def test_what_are_no_matches_at_all_is_told(tmp_path):
    with pytest.raises(InputError, match=r"cannot read .*nowhere"):
        matches(tmp_path / "nowhere.csv")
    with pytest.raises(InputError, match="match 1 must be"):
        matches([("a", "b", 1), ("a", "b")])
    with pytest.raises(InputError, match="got 7"):
        matches(7)
    for table in ([[0, 3], [2, 0]], [[0, 3, 1, 1], [2, 0, 1, 1], [0, 0, 0, 1], [0, 0, 0, 0]]):
        with pytest.raises(InputError, match=r"each against each is counted_matches\(table\)"):
            matches(table)
    with pytest.raises(InputError, match="it has no 'x'"):
        matches(written(tmp_path, "a,b,c\n1,2,3\n"), columns=["a", "b", "x"])
    with pytest.raises(InputError, match="three; got a, a, c"):
        matches(written(tmp_path, "a,b,c\n1,2,3\n"), columns=["a", "a", "c"])


def test_counts_are_matches_without_an_order():
    found = counted_matches([[0, 3.5, 0], [1.5, 0, 2], [0, 1, 0]])
    assert found.points.tolist() == [[0, 3.5, 0], [1.5, 0, 2], [0, 1, 0]]
    assert len(found) == 8
    assert not found.ordered
    assert sorted(np.unique(found.results)) == [0.0, 0.5, 1.0]


@pytest.mark.parametrize(
    ("points", "players", "wrong"),
    [
        ([[0, 1]], None, "got 1 × 2"),
        ([[0, -1], [1, 0]], None, r"at \(0, 1\), -1, is negative"),
        ([[0, 0.3], [0.7, 0]], None, "no whole number and no half"),
        ([[0, 0.5], [1, 0]], None, "sum to 1"),
        ([[0, 0], [0, 0]], None, "all counts are 0"),
        ([[5]], None, "there is one, A"),
        ([[0, 1], [1, 0]], ["ann", "ann"], "different names"),
        ([[0, 1], [1, 0]], 5, "different names"),
        ([[0, 1e300], [0, 0]], None, "at most in all"),
    ],
)
def test_what_no_counts_are_is_told(points, players, wrong):
    with pytest.raises(InputError, match=wrong):
        counted_matches(points, players)
