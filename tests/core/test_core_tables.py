"""Tables as text and in notebooks, and the usual tables of classes that name no function for theirs."""

import dataclasses
import html.parser
import json
import re
from typing import ClassVar

import numpy as np
import pytest
from matplotlib.figure import Figure

import nashscape as ns
from nashscape.core import Estimate, InputError, Provenance, Result, Status, plain, record, wilson
from nashscape.core.files import kinds
from nashscape.core.tables import Table, interval, one_by_one, shortened, standing
from nashscape.learning.by_rule import ByRule


def table(**changed):
    given = {"title": "t", "columns": ("rule", "CC"), "rows": [("pg", "0.25"), ("lola", "0.5")]}
    return Table(**{**given, **changed})


def cells(line):
    return re.split(r"\s{2,}", line.strip())


def test_text_has_the_title_the_cells_the_notes_and_what_is_below():
    whole = table(notes=["of 4 starts."], below=[table(title="second", rows=[("sos", "1")])])
    own, second = str(whole).split("\n\nsecond\n")
    title, _, head, rule, *rows, _, note = own.splitlines()
    assert (title, note) == ("t", "of 4 starts.")
    assert set(rule.strip()) == {"─"}
    assert [cells(line) for line in (head, *rows)] == [["rule", "CC"], ["pg", "0.25"], ["lola", "0.5"]]
    assert cells(second.splitlines()[-1]) == ["sos", "1"]
    assert repr(whole) == str(whole)


def test_names_with_marks_and_colours_stay_as_they_are(monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    text = str(table(title="a [bold]name[/bold] :smile:", rows=[("[red]pg", ":x:")]))
    assert "\x1b" not in text
    assert text.startswith("a [bold]name[/bold] :smile:\n")
    assert cells(text.splitlines()[-1]) == ["[red]pg", ":x:"]


def test_nothing_is_broken_but_in_columns_that_wrap():
    long = " ".join(["word"] * 60)
    wide = table(rows=[("pg", long)])
    assert cells(wide.text(40).splitlines()[-1])[1] == long
    broken = table(rows=[("pg", long)], left=["CC"], wrap=["CC"])
    assert max(map(len, broken.text(40).splitlines())) <= 40
    assert broken.text(40).count("word") == 60
    assert max(map(len, str(broken).splitlines())) <= 120


def test_the_first_column_and_those_to_the_left_are_flush_left():
    lines = str(table(rows=[("pg", "1"), ("lola", "0.25")])).splitlines()
    assert [line.index("1") for line in lines if "1" in line] == [lines[-1].index("5")]
    lines = str(table(rows=[("pg", "1"), ("lola", "0.25")], left=["CC"])).splitlines()
    assert [line.index("1") for line in lines if "1" in line] == [lines[-1].index("0")]


def test_a_row_that_does_not_fit_is_refused():
    with pytest.raises(InputError, match=r"has 1 cells for 2 columns: \('pg',\)"):
        table(rows=[("pg",)])


class Reader(html.parser.HTMLParser):
    """What is in the cells of a page, by the tag around them."""

    def __init__(self, text):
        super().__init__()
        self.found, self.tag = [], ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        if tag == "br":
            self.found[-1] = (self.found[-1][0], self.found[-1][1] + "\n")
        else:
            self.tag, self.style = tag, dict(attrs).get("style", "")

    def handle_data(self, data):
        if data.strip():
            last = self.found[-1] if self.found else ("", "")
            self.found = [*self.found[:-1], (last[0], last[1] + data)] if last[1].endswith("\n") else [
                *self.found, (self.tag, data)]  # fmt: skip


def test_notebooks_see_the_same_texts_and_no_markup_of_them():
    one = table(title="<b>", rows=[("a<script>", "1\n[0, 2]")], notes=["x & y"], below=[table(rows=[("sos", "7")])])
    found = Reader(one._repr_html_()).found
    assert found == [
        ("caption", "<b>"), ("th", "rule"), ("th", "CC"), ("td", "a<script>"), ("td", "1\n[0, 2]"), ("p", "x & y"),
        ("caption", "t"), ("th", "rule"), ("th", "CC"), ("td", "sos"), ("td", "7"),
    ]  # fmt: skip


def test_an_interval_has_both_its_ends_and_an_exact_value_none():
    assert interval(Estimate(0.25, 0.1, 0.5, None, "by hand")) == "0.2500\n[0.1000, 0.5000]"
    assert interval(Estimate(0.25, 0.25, 0.25, None, "by hand")) == "0.2500"
    assert interval(Estimate(1.0, 1.0, 1.0, 0.95, "by chance")) == "1.0000\n[1.0000, 1.0000]"


@dataclasses.dataclass(frozen=True, eq=False)
class Tally(Result):
    """A result of somebody else, who says nothing of tables."""

    question_kind: ClassVar[str] = "tally"
    picture: ClassVar[str] = f"{__name__}:bars"
    computed: ClassVar[tuple[str, ...]] = ("double", "refused", "odd")

    rule: str
    share: Estimate
    counts: np.ndarray
    status: Status
    provenance: Provenance

    @property
    def double(self):
        return 2 * self.share.value

    def odd(self):
        return self.counts[1::2]

    def refused(self):
        raise InputError("not of a tally")


def bars(found):
    figure = Figure()
    every = found.values() if isinstance(found, dict) else [found]
    for one in every:
        figure.add_subplot().bar(range(len(one.counts)), one.counts)
    return figure


def tally(rule="mine", status=Status.COMPLETE, notes=()):
    provenance = record("tally", {"n": 4}, notes=notes)
    return Tally(rule, wilson(1, 4), np.arange(4), status, provenance)


def test_a_strangers_result_prints_draws_is_told_saved_and_read_again(monkeypatch, tmp_path):
    monkeypatch.setattr(kinds, "result_of", {"tally": Tally}.get)
    whole = tally()
    again = ns.load(whole.save(tmp_path / "tally.json"))
    low, high = (f"{end:.6g}" for end in (whole.share.low, whole.share.high))
    for one in (whole, again):
        assert one.table().rows == (("rule", "mine"), ("share", f"0.25 [{low}, {high}]"))
        assert [patch.get_height() for patch in one.plot().axes[0].patches] == [0, 1, 2, 3]
        told = json.loads(one.to_json())
        assert (told["result"], told["schema"], told["status"]) == ("tally", 1, "COMPLETE")
        assert (told["double"], told["odd"], told["refused"]) == (0.5, [1, 3], None)
        assert told["advice"] == Status.COMPLETE.advice
    short = whole.to_dict(largest=3)
    assert short["counts"] == {"left_out": "array", "shape": [4]}
    assert {**short, "counts": whole.to_dict()["counts"]} == whole.to_dict()
    both = ByRule(mine=whole, yours=tally("yours"))
    assert [one.rows[0] for one in (both.table(), *both.table().below)] == [("rule", "mine"), ("rule", "yours")]
    assert both.to_dict(largest=3) == {"mine": short, "yours": tally("yours").to_dict(largest=3)}
    assert len(both.plot().axes) == 2


def test_what_a_class_tells_is_told_by_those_that_derive_from_it_too():
    class Deeper(Tally):
        computed: ClassVar[tuple[str, ...]] = ("rule_again",)

        @property
        def rule_again(self):
            return self.rule

    told = Deeper(**vars(tally())).to_dict()
    assert (told["rule_again"], told["double"], told["advice"]) == ("mine", 0.5, Status.COMPLETE.advice)


def test_what_is_to_be_known_is_under_the_table_once():
    notes = ["steps are large: look at them"]
    one, other = (tally(status=Status.INTERRUPTED, notes=notes) for _ in range(2))
    lines = (f"interrupted: {Status.INTERRUPTED.advice}", "Steps are large: look at them.")
    assert standing([one, other]) == one.table().notes == lines
    assert standing([one], statuses=False) == lines[1:]


@dataclasses.dataclass(frozen=True, eq=False)
class Many(Result):
    as_columns: ClassVar[str] = f"{__name__}:columns"

    rows: int
    status: Status
    provenance: Provenance


def columns(found):
    return {
        "game": "g",
        "none": np.nan,
        "empty": "",
        "k": np.arange(found.rows),
        "square": np.arange(found.rows) ** 2.0,
    }


def test_of_many_rows_the_first_and_the_last_are_shown_and_what_is_alike_once():
    few = Many(3, Status.COMPLETE, record("many", {})).table()
    assert (few.title, few.columns, few.notes) == ("Many", ("k", "square"), ("In every row: game g.",))
    assert few.rows == (("0", "0"), ("1", "1"), ("2", "4"))
    many = Many(50, Status.COMPLETE, record("many", {})).table()
    assert len(many.rows) == 25
    assert [many.rows[k][0] for k in (0, 11, 12, 13, 24)] == ["0", "11", "…", "38", "49"]
    assert many.notes[0] == "24 of 50 rows; to_columns() has all."
    assert Many(0, Status.COMPLETE, record("many", {})).table().rows == ()


def test_nothing_to_print_and_functions_that_are_not_there_are_refused():
    with pytest.raises(InputError, match="there are no results to print"):
        ByRule().table()
    with pytest.raises(InputError, match="there are no results to print"):
        one_by_one(lambda found: table())({})

    class Lost(Tally):
        as_table: ClassVar[str] = "nowhere_at_all:table"

    with pytest.raises(InputError, match="Lost names the as_table 'nowhere_at_all:table', which cannot be loaded"):
        Lost(**vars(tally())).table()


def test_rows_are_shortened_from_the_middle_and_not_when_they_fit():
    rows = tuple((str(k), "x") for k in range(6))
    assert shortened(rows, most=6) == rows
    assert shortened(rows, most=4) == (*rows[:2], ("…", "…"), *rows[4:])


def test_large_arrays_are_left_out_wherever_they_stand():
    data = {"a": [np.zeros(3), {"b": np.zeros((2, 2))}], "r": tally()}
    short = plain(data, largest=3)
    assert short["a"] == [[0.0, 0.0, 0.0], {"b": {"left_out": "array", "shape": [2, 2]}}]
    assert short["r"]["counts"] == {"left_out": "array", "shape": [4]}
    assert plain(data)["r"]["counts"] == [0, 1, 2, 3]
