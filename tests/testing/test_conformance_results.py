"""The conformance kit of results: each thing that it claims can fail."""

import dataclasses
import itertools
from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
import pytest
from matplotlib.figure import Figure

from nashscape.core import Estimate, InputError, Provenance, Result, Status, record, wilson
from nashscape.core.files import kinds
from nashscape.testing import check_result


@dataclasses.dataclass(frozen=True, eq=False)
class Counted(Result):
    """Shares by something that is no text."""

    question_kind: ClassVar[str] = "counted"
    picture: ClassVar[str] = f"{__name__}:bars"

    shares: Mapping[tuple[int, int], Estimate]
    level: float
    part: Estimate
    status: Status
    provenance: Provenance


def bars(found):
    figure = Figure()
    axes = figure.add_subplot()
    for k, ((row, column), share) in enumerate(found.shares.items()):
        axes.plot([k, k], [share.low, share.high], label=f"{row} and {column}")
    axes.imshow(np.ma.masked_equal([[0, 1]], 0))
    if found.shares:
        axes.legend()
    return figure


SHARES = {(1, 0): wilson(1, 3), (0, 1): wilson(2, 3)}


@pytest.fixture(autouse=True)
def known(monkeypatch):
    monkeypatch.setattr(kinds, "result_of", {"counted": Counted}.get)


def counted(kind="counted", **changed):
    given: dict[str, Any] = {"shares": SHARES, "level": 0.95, "part": wilson(1, 4), "status": Status.COMPLETE}
    return Counted(**given | changed, provenance=record(kind, {"level": 0.95}))


def test_a_result_with_a_mapping_by_something_that_is_no_text_passes_with_its_picture():
    check_result(counted())
    check_result(counted(shares={}, level=float("inf")))


def test_a_question_of_another_kind_does_not_pass():
    with pytest.raises(AssertionError, match="its question is of kind 'share', its class says 'counted'"):
        check_result(counted("share"))


def test_what_a_file_cannot_hold_does_not_pass():
    with pytest.raises(AssertionError, match=r"what is read again\.level is LeftOut"):
        check_result(counted(level=len))


def other_level(found):
    return {"level": found.level / 2}


def other_ends(found):
    return {"part": 0.25, "part_low": 0.0, "part_high": 1.0}


def other_status(found):
    return {"status": "DIVERGED"}


def other_key(found):
    return {"question_key": "0" * 32}


@pytest.mark.parametrize(
    ("function", "said"),
    [
        ("other_level", r"the column 'level' holds \[0.475\], the field 0.95"),
        ("other_ends", r"the columns of 'part' are \[0.25, 0.0, 1.0\]"),
        ("other_status", "the column 'status' is not the status"),
        ("other_key", "the column 'question_key' is of another question"),
    ],
)
def test_columns_that_say_something_else_do_not_pass(function, said, monkeypatch):
    monkeypatch.setattr(Counted, "as_columns", f"{__name__}:{function}")
    with pytest.raises(AssertionError, match=said):
        check_result(counted())


def along_nothing(found):
    return {"level": "levels"}


def test_rows_that_are_laid_out_along_no_column_do_not_pass(monkeypatch):
    monkeypatch.setattr(Counted, "as_grid", f"{__name__}:along_nothing")
    with pytest.raises(AssertionError, match="as_grid fails with KeyError: 'levels'"):
        check_result(counted())


def test_a_picture_of_something_that_is_not_saved_does_not_pass(monkeypatch):
    drawn = itertools.count()

    def moving(found):
        figure = Figure()
        figure.add_subplot().plot([next(drawn)])
        return figure

    monkeypatch.setattr("nashscape.core.pictures.picture_of", lambda kind: moving)
    with pytest.raises(AssertionError, match=r"the picture of what is read again.* has other bits"):
        check_result(counted())


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"level": 0.5}, r"what is read again.level is 0.5, not 0.95"),
        ({"shares": dict(reversed(SHARES.items()))}, r"what is read again.shares has the keys"),
        ({"status": Status.DIVERGED}, r"what is read again.status"),
    ],
)
def test_a_result_that_is_read_as_another_does_not_pass(changes, said, monkeypatch):
    monkeypatch.setattr("nashscape.testing.results.load", lambda path: dataclasses.replace(counted(), **changes))
    with pytest.raises(AssertionError, match=said):
        check_result(counted())


def test_a_class_that_is_read_as_another_class_does_not_pass(monkeypatch):
    class Other(Counted):
        pass

    monkeypatch.setattr(kinds, "result_of", {"counted": Other}.get)
    with pytest.raises(AssertionError, match="it is read again as a Other"):
        check_result(counted())
    with pytest.raises(InputError, match="a Other cannot be saved"):
        check_result(Other(SHARES, 0.5, wilson(1, 2), Status.COMPLETE, record("counted", {})))


def test_a_result_without_a_picture_passes_where_that_is_said(monkeypatch):
    monkeypatch.setattr(Counted, "picture", "")
    check_result(counted(), plots=False)
    with pytest.raises(InputError, match="there is no picture of a Counted"):
        check_result(counted())
