"""The second page: what it says of systems, games and stores is what the library says."""

import json

import pytest

import nashscape as ns
from nashscape.app import shelf
from nashscape.core import InputError
from nashscape.games.topology import ordinal_game
from nashscape.systems import cards


@pytest.fixture(scope="module")
def stores(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stores") / "temptation"
    study = ns.Study("temptation", {"game": "stag_hunt", "rule": "pg", "n": 20}, [{"game.T": [2.0, 3.0, 3.5]}])
    study.run(folder)
    return [folder]


def test_systems_and_games_are_all_there(stores):
    told = shelf.shelf(stores)
    json.dumps(told, allow_nan=False)
    assert [own["key"] for own in told["systems"]] == list(cards())
    assert told["stores"] == ["temptation"]
    (own,) = [own for own in told["systems"] if own["key"] == "open-source-neural"]
    assert {one["id"]: one["status"] for one in own["claims"]}["constant"] == "disagrees"
    (game,) = [own for own in told["atlas"] if own["number"] == "322"]
    assert game["equilibria"] == [name for name, _ in ordinal_game(322).equilibria]
    assert game["scene"] == "ordinal:322"
    assert len(told["atlas"]) == 144


def test_a_store_tells_its_rows(stores):
    told = shelf.store(stores, 0)
    json.dumps(told, allow_nan=False)
    assert (told["study"], told["varied"], told["status"]) == ("temptation", ["game.T"], "complete")
    at = {name: k for k, name in enumerate(told["columns"])}
    rows = [row for row in told["rows"] if row[at["quantity"]] == "share" and row[at["of"]] == "CC"]
    shares = {row[at["game.T"]]: row[at["value"]] for row in rows}
    for T, value in shares.items():
        alone = ns.entry_probability(ns.games.stag_hunt(T=T), ns.pg(), n=20)
        assert value == pytest.approx(alone.probability("CC").value)
    assert sorted(shares) == [2.0, 3.0, 3.5]


@pytest.mark.parametrize("number", [-1, 1])
def test_no_other_folder_can_be_named(stores, number):
    for ask in (shelf.store, shelf.report):
        with pytest.raises(InputError, match="numbered from 0"):
            ask(stores, number)


def test_a_report_is_a_page_by_itself(stores):
    assert b"<html" in shelf.report(stores, 0)


def test_the_server_hands_out_stores_that_were_given_alone(stores, talk):
    with talk.served(tuple(stores)) as server:
        assert json.loads(server.get("/shelf")[2])["stores"] == ["temptation"]
        assert json.loads(server.get("/shelf/store/0")[2])["study"] == "temptation"
        status, headers, _ = server.get("/shelf/report/0")
        assert (status, headers["content-disposition"]) == (200, 'attachment; filename="report.html"')
        for path in ("/shelf/store/1", "/shelf/store/-1", "/shelf/other/0", "/shelf/store/..%2f..", "/shelf/store/x"):
            assert server.get(path)[0] == 404
