"""Real runs: the bits of a study do not hang on the engine, nor on the number of devices of its workers."""

import pytest

from nashscape.studies.driving import run
from nashscape.studies.engines.here import Here
from nashscape.studies.engines.pool import Pool
from nashscape.studies.engines.shards import Shard
from nashscape.studies.items import VALUES
from nashscape.studies.memory import Memory
from nashscape.studies.study import Study


@pytest.mark.long
def test_sampled_and_exact_runs_of_a_study_have_the_same_bits_on_every_engine():
    """Workers have one device each, this process has two."""
    study = Study(
        "bits",
        fixed={"game": "stag_hunt", "steps": 20},
        vary=[{"game.T": [1.0, 1.5]}, {"rule": ["pg", "meta_mapg"]}],
        measure=[{"what": "outcomes", "grid": 5}, {"what": "outcomes", "verb": "entry_probability", "n": 17}],
    )

    def rows(engine, *shards):
        keeping = Memory(study.header())
        for shard in shards or (None,):
            run(study, keeping, engine, shard=shard)
        assert not keeping.failures
        return {name: (column.dtype.str, column.tobytes()) for name, column in keeping.columns(VALUES).items()}

    here = rows(Here())
    assert len(here) > 10
    assert rows(Pool(2)) == here
    assert rows(Here(), Shard(2, 2), Shard(1, 2)) == here
