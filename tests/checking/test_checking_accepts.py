"""What `certify` writes is accepted: updates and flows, sigmoids and softmaxes, coupled players, three of them."""

import numpy as np
import pytest

pytest.importorskip("flint")

from nashscape import games
from nashscape.checking import verify_certificate
from nashscape.learning import lola, meta_mapg, pg
from nashscape.semantics import open_source
from nashscape.theory.certifying import certify


def three_players():
    common = np.zeros((3, 2, 2, 2))
    common[:, 0, 0, 0], common[:, 1, 1, 1] = 2.0, 1.0
    return games.dense(common + np.random.default_rng(3).normal(0.0, 0.3, size=common.shape))


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
    ],
)
def test_certificates_of_every_kind_are_accepted(game, rule, options, tmp_path):
    made = certify(game, rule, **options)
    claims = int((made.trap >= 0).sum())
    assert claims > 50
    found = verify_certificate(made.save(tmp_path / "proof.json"))
    assert found.accepted, found.reasons
    assert (found.cells, found.traps) == (claims, len(made.traps))
