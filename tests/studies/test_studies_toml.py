"""Studies as TOML files: what is read, what is written, and what is said of files that are wrong."""

import importlib.util
import random
import re
import shutil
import string

import pytest

from nashscape.core import InputError
from nashscape.studies import Study
from nashscape.studies.faults import StudyError
from nashscape.studies.toml_files import read_study, study_from_text
from nashscape.studies.toml_texts import study_text, write_study

GOOD = """\
[study]
name = "temptation"
about = "what temptation does"
seed = 7
replicates = 2

[fixed]
game = "stag_hunt"
estimator = "sampled:batch=16"
step_size = 0.3
threshold = 0.9          # above 0.5

[[vary]]
"game.T" = { from = 1.0, to = 2.0, count = 3 }

[[vary]]
rule = [
  "pg",
  "meta_mapg",
  ["pg", "lola"],
]
projection = [8, 6.0, "none"]

[[vary]]
design = "sobol"
count = 4
"game.S" = { from = -1, to = 0.5 }

[[measure]]
what = ["outcomes", "first_hit"]
name = "entries"
steps = 30
until = { quantity = "share", of = "CC", width = 0.2, most = 4 }
keep = ["runs"]

[[measure]]
what = "alignment"
target = "CC"
"""
LINES = GOOD.splitlines()
KEYS = [(k + 1, match[1]) for k, own in enumerate(LINES) if (match := re.match(r'"?([\w.]+)"? =', own))]
INSIDE = {
    word: next(k for k, own in enumerate(LINES, 1) if f"{word} =" in own and "{" in own)
    for word in ("from", "count", "quantity", "width", "most")
}


def refused(text):
    with pytest.raises(InputError) as caught:
        study_from_text(text)
    return caught.value


def with_line(number, line):
    return "\n".join([*LINES[: number - 1], line, *LINES[number:]])


def test_a_file_is_the_study_built_in_python():
    read = study_from_text(GOOD)
    built = Study(
        "temptation",
        fixed={"game": "stag_hunt", "estimator": "sampled:batch=16", "step_size": 0.3, "threshold": 0.9},
        vary=[
            {"game.T": [1.0, 1.5, 2.0]},
            {"rule": ["pg", "meta_mapg", ["pg", "lola"]], "projection": [8, 6.0, "none"]},
            {"design": "sobol", "count": 4, "game.S": {"from": -1, "to": 0.5}},
        ],
        measure=[
            {
                "what": ["outcomes", "first_hit"], "name": "entries", "steps": 30, "keep": ["runs"],
                "until": {"quantity": "share", "of": "CC", "width": 0.2, "most": 4},
            },
            {"what": "alignment", "target": "CC", "replicates": 2},
        ],
        seed=7,
    )  # fmt: skip
    assert [own.verb for own in read.measures] == ["entry_probability", "alignment"]
    assert [own.replicates for own in read.measures] == [1, 2]
    assert (len(read.points), read.n_items) == (36, 36 * 4 + 36 * 2)
    assert {read.item(place).key for place in read.places()} == {built.item(place).key for place in built.places()}


def test_a_study_is_written_and_read_with_the_same_key(tmp_path):
    from_file = study_from_text(GOOD)
    built = Study(
        "odd-values",
        fixed={"game": {"name": "stag_hunt", "T": 2}, "settling": {"regret": 0.02}, "starts": "normal:std=1.35"},
        vary=[
            {"game.S": [0.1 + 0.2, -1e-300, 1e17, 0.0, -3]},
            {"rule": ("meta_mapg", ["meta_mapg", "pg"]), "peer@1": {"from": 0.5, "to": 2, "count": 2, "log": True}},
            {"estimator": ["exact", *(f"sampled:batch={k}" for k in range(1, 40))]},
        ],
        measure=["outcomes", {"what": "welfare", "name": 'a "quoted"\\ name\t\x7f\n', "n": 3, "reducers": []}],
        about="é ∑ 🂡 # = [no table]",
    )
    for study in (from_file, built):
        again = read_study(write_study(study, tmp_path / f"{study.name}.toml"))
        assert again.key == study.key
        assert again.about == study.about
        assert [again.item(own) for own in again.places()] == [study.item(own) for own in study.places()]
        assert study_text(again) == (tmp_path / f"{study.name}.toml").read_text()


def test_numbers_are_one_number_however_they_are_written():
    """Case 130: 1, 1.0 and 1e0 are one key; true is no number; the last digit makes another key."""

    def keys(text):
        study = study_from_text(f'[study]\nname = "n"\n[fixed]\ngame = "stag_hunt"\n{text}\n')
        return study.key, study.item(next(study.places())).key

    assert len({keys(f"step_size = {own}") for own in ("1", "1.0", "1e0", "1_0e-1")}) == 1
    assert keys("steps = 300") == keys("steps = 3e2")
    assert keys("'game.T' = 2") == keys('"game.T" = 2.0 # the same\n')
    assert keys("step_size = 0.3")[1] != keys(f"step_size = {0.1 + 0.2!r}")[1]
    assert keys("threshold = 0.82")[1] == keys("")[1]  # the default, written or left out
    assert keys("n = 3\nsteps = 4") == keys("steps = 4\nn = 3")
    assert "finite number" in str(refused('[study]\nname = "n"\n[fixed]\ngame = "stag_hunt"\nthreshold = true'))


def test_files_are_looked_for_in_the_folder_of_the_study(tmp_path, monkeypatch):
    (tmp_path / "inside").mkdir()
    (tmp_path / "inside" / "mine.py").write_text(
        "from nashscape.games import stag_hunt\n\n\ndef hunt(T=2.0):\n    return stag_hunt(T=T)\n\n\n"
        "def ends(found):\n    return {'end': 1.0}\n"
    )
    (tmp_path / "inside" / "game.json").write_text('{"payoffs": [[[4, 1], [3, 3]], [[4, 3], [1, 3]]]}')
    text = """
        [study]
        name = "mine"
        [[vary]]
        game = ["mine.py:hunt:T=3", "game.json"]
        [[measure]]
        what = "mine.py:ends"
        verb = "entry_probability"
        n = 3
    """
    file = tmp_path / "inside" / "study.toml"
    file.write_text(text)
    monkeypatch.chdir(tmp_path)
    study = read_study("inside/study.toml")
    keys = [study.item(place).key for place in study.places()]
    assert study.folder == str(tmp_path / "inside")  # whole: workers may be at home elsewhere
    shutil.copytree(tmp_path / "inside", tmp_path / "elsewhere")
    monkeypatch.chdir(tmp_path / "elsewhere")
    again = read_study("study.toml")
    assert again.key == study.key
    assert [again.item(place).key for place in again.places()] == keys
    assert study.cells(study.item(next(study.places())).point) == {"game": "mine.py:hunt:T=3"}
    # what a measure in a file does is part of what is asked
    (tmp_path / "elsewhere" / "mine.py").write_text((tmp_path / "inside" / "mine.py").read_text().replace("1.0", "2.0"))
    assert {read_study("study.toml").item(place).key for place in study.places()}.isdisjoint(keys)
    file.write_text(text.replace("game.json", "gone.json"))
    with pytest.raises(StudyError, match=r"line 5: vary\[0\]\.game\[1\]: .*No such file"):
        read_study(file)


@pytest.mark.parametrize(("line", "key"), KEYS)
def test_a_misspelt_key_is_named_with_its_line_and_the_right_one(line, key):
    half = len(key) // 2
    wrong = key[:half] + "x" + key[half:]
    error = refused(with_line(line, LINES[line - 1].replace(key, wrong, 1)))
    own = [fault for fault in error.faults if wrong in fault.words]
    assert own
    assert own[0].stands == f"study.toml, line {line}"
    if len(key) > 2:
        assert repr(key) in own[0].words.partition("Known")[0]


@pytest.mark.parametrize(("key", "line"), INSIDE.items())
def test_a_misspelt_key_inside_a_table_is_named_too(key, line):
    error = refused(with_line(line, LINES[line - 1].replace(f"{key} =", f"{key}x =")))
    assert any(f"{key}x" in own.words and own.stands.endswith(f"line {line}") for own in error.faults)
    assert repr(key) in str(error)


WRONG = ["true", "-3", "[]", "{}", "nan", "1979-05-27", "[[1]]", '"no such thing"', "{ deep = { deeper = 1 } }"]
ALLOWED = {("about", '"no such thing"'), ("name", '"no such thing"')}


@pytest.mark.parametrize("value", WRONG)
@pytest.mark.parametrize(("line", "key"), [own for own in KEYS if own[1] not in ("keep", "what")])
def test_a_value_of_another_kind_is_refused_on_its_line(line, key, value):
    if ((key, value) in ALLOWED and line != 2) or (key, value) == ("projection", "[]"):
        return
    text = with_line(line, f'"{key}" = {value}')
    if line == 17:  # a list on several lines
        text = "\n".join([*LINES[:16], f"rule = {value}", *LINES[21:]])
    error = refused(text)
    where = {int(own) for own in re.findall(r"line (\d+)", str(error))}
    assert where == {line} or (key in ("until", "count", "design", "rule", "projection", "target") and where), str(
        error
    )


SPOILT = {
    "nothing": ("", "line 1: study: a study begins with"),
    "no study": ("[fixed]\n", "line 1: study: a study begins with"),
    "no name": ("\n[study]\n", "line 2: study.name: a study has a name"),
    "a table of many": (
        GOOD.replace("[fixed]", "[fixd]"),
        "line 7: fixd: unknown table or key 'fixd'; did you mean 'fixed'",
    ),
    "one block": (GOOD.replace("[[measure]]", "[measure]", 1).split("[[measure]]")[0], "begins with [[measure]]"),
    "a table twice": (GOOD + "[fixed]\n", f"line {len(LINES) + 1}, [fixed]: this has a value already"),
    "a key twice": (GOOD.replace("seed = 7", "seed = 7\nseed = 8"), "line 5, seed: this has a value already"),
    "no quotes": (GOOD.replace('"game.T"', "game.T", 1), 'a name with a dot is written in quotes, as "game.T"'),
    "dots in fixed": (GOOD.replace("step_size", "game.T"), "line 10, game.T: this has a value already"),
    "a table on lines": (GOOD.replace("to = 2.0,", "\n  to = 2.0,"), "a table in { } stands on one line"),
    "half a text": (GOOD.replace('"stag_hunt"', '"stag_hunt'), "line 8, game:"),
    "the end": (GOOD + "last = [", f"line {len(LINES) + 1}, last:"),
    "too deep": (GOOD + "last = " + "[" * 5_000, "line"),
}


@pytest.mark.parametrize(("text", "words"), SPOILT.values(), ids=SPOILT)
def test_what_cannot_be_read_is_told_with_line_and_key(text, words):
    assert words in str(refused(text))


def test_all_that_is_wrong_is_told_in_one_message_in_order():
    text = GOOD.replace("stag_hunt", "stag_hnt").replace('"lola"', '"lolla"').replace("width = 0.2", "width = -1.0")
    assert [int(own) for own in re.findall(r"line (\d+)", str(refused(text)))] == [33]
    text = text.replace("width = -1.0", "width = 0.2").replace("steps = 30", "stepz = 30")
    error = refused(text)
    assert [int(own) for own in re.findall(r"line (\d+)", str(error))] == [8, 20, 32]
    assert [own.place for own in error.faults] == [("fixed", "game"), ("vary", 1, "rule", 2), ("measure", 0, "stepz")]


@pytest.mark.parametrize("data", [b"\xff\xfe[\x00", "[study]\nname = 'é'\n".encode("latin-1"), b"a = '\x00'", b"\x00"])
def test_what_is_no_text_is_one_error(data, tmp_path):
    file = tmp_path / "study.toml"
    file.write_bytes(data)
    with pytest.raises(InputError, match="line"):
        read_study(file)


def test_paths_that_are_no_files_are_one_error(tmp_path):
    for path in (tmp_path, tmp_path / "none.toml", "a\0b", tmp_path / "x" / "y.toml"):
        with pytest.raises(InputError, match=r"folder|cannot be read"):
            read_study(path)
    with pytest.raises(InputError, match="path"):
        read_study(3)
    (tmp_path / "marked.toml").write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert read_study(tmp_path / "marked.toml").key == study_from_text(GOOD).key


def mutated(text, rng):
    """A good file with one to three things done to it that people and disks do."""
    for _ in range(rng.randrange(1, 4)):
        lines = text.split("\n")
        k, at = rng.randrange(len(lines)), rng.randrange(len(text) + 1)
        match rng.randrange(8):
            case 0:
                del lines[k]
            case 1:
                lines.insert(rng.randrange(len(lines) + 1), lines[k])
            case 2:
                lines[k] = re.sub(r"= .*", lambda _: f"= {rng.choice(WRONG)}", lines[k])
            case 3:
                lines[k] = lines[k][: rng.randrange(len(lines[k]) + 1)]
            case 4:
                text = text[:at] + rng.choice("[]{}=\"'#.,\n\\_é\x00\r" + string.ascii_letters) + text[at:]
                continue
            case 5:
                text = text[:at] + text[at + 1 :]
                continue
            case 6:
                text = text[:at]
                continue
            case _:
                other = rng.randrange(len(lines))
                lines[k], lines[other] = lines[other], lines[k]
        text = "\n".join(lines)
    return text


def said_of(text):
    """The message for a text; empty where it is a study. Any other error ends the test."""
    try:
        study_from_text(text)
    except InputError as error:
        return str(error)
    return ""


def corpus(count):
    """How many of so many files are refused, all of them with lines."""
    rng = random.Random(15)
    wrong = 0
    for _ in range(count):
        text = mutated(GOOD, rng)
        said = said_of(text)
        wrong += bool(said)
        for line in said.splitlines():
            assert re.match(r"study\.toml, line \d+|and \d+ more", line), (text, said)
    return wrong


@pytest.mark.long
def test_a_generated_corpus_is_read_or_refused_with_lines():
    assert corpus(300) > 150


@pytest.mark.long
def test_a_large_generated_corpus_is_read_or_refused_with_lines():
    assert corpus(10_000) > 5_000


def test_without_pydantic_it_is_said_what_to_install(monkeypatch, tmp_path):
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *a: None if name == "pydantic" else found(name, *a))
    with pytest.raises(InputError, match=r"pydantic.*pip install pydantic"):
        study_from_text(GOOD)


def test_objects_cannot_be_written(tmp_path):
    import nashscape as ns

    for study, place in (
        (Study("objects", {"game": ns.games.stag_hunt()}), "fixed.game"),
        (Study("objects", {"game": "stag_hunt"}, [{"rule": ["pg", ns.lola()]}]), r"vary\[0\]\.rule\[1\]"),
    ):
        with pytest.raises(StudyError, match=f"{place}: files hold texts"):
            write_study(study, tmp_path / "study.toml")
    assert not (tmp_path / "study.toml").exists()
