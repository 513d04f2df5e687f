"""What `certify` writes is accepted: updates and flows, sigmoids and softmaxes, coupled players, three of them."""

import numpy as np
import pytest

pytest.importorskip("flint")

from nashscape import games
from nashscape.checking import verify_certificate
from nashscape.core import InputError
from nashscape.learning import lola, meta_mapg, pg
from nashscape.proofs.certification.certifying import certify
from nashscape.semantics import open_source, restricted


def three_players():
    common = np.zeros((3, 2, 2, 2))
    common[:, 0, 0, 0], common[:, 1, 1, 1] = 2.0, 1.0
    return games.dense(common + np.random.default_rng(3).normal(0.0, 0.3, size=common.shape))


def two_by_three():
    return games.dense(np.random.default_rng(11).normal(size=(2, 2, 3)))


def three_actions():
    return games.bimatrix(np.diag([4.0, 3.0, 2.0]), np.diag([4.0, 3.0, 2.0]))


def memory_one():
    dilemma = games.repeated(games.prisoners_dilemma(), discount=0.96)
    return restricted(dilemma, [[("start", "CC", "DC")], [("start", "CC", "CD")]], fixed=0.1)


@pytest.mark.long
@pytest.mark.parametrize(
    ("game", "rule", "options"),
    [
        (games.stag_hunt(), pg(), {"resolution": 1 / 512}),
        (games.stag_hunt(), meta_mapg(), {"resolution": 1 / 256}),
        (games.chicken(), meta_mapg(), {"resolution": 1 / 64}),
        (games.stag_hunt(), pg(), {"resolution": 1 / 64, "time_step": 0.1}),
        (open_source(games.stag_hunt(), 0.3), pg(), {"resolution": 1 / 64}),
        # exploitation: places of rest on edges
        (open_source(games.donation(), 0.5), pg(), {"resolution": 1 / 32}),
        (three_players(), lola(), {"resolution": 1 / 8}),
        (two_by_three(), pg(), {"resolution": 1 / 16, "step_size": 0.5}),
    ],
)
def test_certificates_of_every_kind_are_accepted(game, rule, options, tmp_path):
    made = certify(game, rule, **options)
    claims = int((made.trap >= 0).sum())
    assert claims > 50
    found = verify_certificate(made.save(tmp_path / "proof.json"))
    assert found.accepted, found.reasons
    assert (found.cells, found.traps) == (claims, len(made.traps))


@pytest.mark.long
@pytest.mark.parametrize(
    ("game", "rule", "options"),
    [
        (three_actions(), pg(), {"resolution": 1 / 16}),
        (three_actions(), meta_mapg(), {"resolution": 1 / 16, "seconds": 300.0}),
        (memory_one(), pg(), {"resolution": 1 / 64, "step_size": 0.05, "steps": 1000}),
    ],
)
def test_cells_of_large_certificates_are_accepted_as_they_are_drawn(game, rule, options, tmp_path):
    made = certify(game, rule, **options)
    found = verify_certificate(made.save(tmp_path / "proof.json"), sample=40)
    assert found.verdict == "not rejected", found.reasons
    assert found.traps == len(made.traps)
    assert found.holds == pytest.approx(0.05 ** (1 / 40))


@pytest.mark.long
def test_of_a_sample_all_traps_and_the_cells_drawn_are_looked_at(tmp_path):
    made = certify(games.stag_hunt(), pg(), resolution=1 / 32)
    path = made.save(tmp_path / "proof.json")
    found = verify_certificate(path, sample=30, processes=1)
    assert (found.verdict, found.accepted, found.traps) == ("not rejected", False, len(made.traps))
    assert 0.90 < found.holds < 0.91
    assert "a sample of 30 of" in repr(found)
    assert "at least 90.50% hold" in repr(found)
    assert verify_certificate(path, sample=30, processes=1).to_dict()["holds"] == found.holds


def test_a_cell_is_given_up_after_so_many_pieces(tmp_path, monkeypatch):
    from nashscape.checking.tubes import Tubes

    made = certify(games.stag_hunt(), pg(), resolution=1 / 8)
    path = made.save(tmp_path / "proof.json")
    arrives = Tubes._arrives
    whole = []

    def only_points(self, low, high, entry, limit):
        if all(float(y - x) < 1e-9 for x, y in zip(low, high, strict=True)):
            return arrives(self, low, high, entry, limit)
        whole.append(low)
        return False

    monkeypatch.setattr(Tubes, "_arrives", only_points)
    found = verify_certificate(path, sample=1, processes=1)
    by_depth = len(whole)
    assert found.reasons[0].endswith("not even in pieces")
    monkeypatch.setattr("nashscape.checking.tubes.MOST_PIECES", by_depth - 3)
    again = verify_certificate(path, sample=1, processes=1)
    assert again.reasons == found.reasons
    assert len(whole) - by_depth == by_depth - 3


def test_a_seed_that_is_no_number_is_refused(tmp_path):
    path = certify(games.stag_hunt(), pg(), resolution=1 / 8).save(tmp_path / "proof.json")
    with pytest.raises(InputError, match="seed"):
        verify_certificate(path, sample=1, seed="one")
