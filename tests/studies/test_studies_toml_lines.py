"""Lines of a TOML file against a count of line breaks: every number of a generated file is there once, at its place."""

import random
import tomllib

import pytest

from nashscape.studies.toml_lines import lines_of, nearest_above

TRAPS = (
    "# [trap] = 1 {",
    '"""\n[trap]\nx = 1 ]]\\""" }\n""""',
    "'''\n# x = [\n[[trap]]\n''''",
    '"a # b = [\\""',
    "'c:\\'",
)
WORDS = ("a", "b-c", '"game.T"', "'d e'", "3", '"\\u0041\\" ]"')


class Writer:
    """Writes a random file, in all ways that TOML has to write tables and lists."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.next = 100_000

    def number(self):
        self.next += 1
        return str(self.next)

    def blank(self):
        return self.random.choice(("", " ", "\n", "\n  # , ] }\n\t"))

    def value(self, depth=0):
        form = self.random.choice(("number", "list", "table", "trap") if depth < 3 else ("number",))
        if form == "list":
            entries = [self.blank() + self.value(depth + 1) + self.blank() for _ in range(self.random.randrange(3))]
            return f"[{','.join([*entries, *([self.blank()] if entries and self.random.random() < 0.5 else [])])}]"
        if form == "table":
            return "{ " + ", ".join(self.pairs(self.random.randrange(3), depth + 1)) + " }"
        if form == "trap":
            return f"[{self.random.choice(TRAPS[1:])},\n {self.number()}]"
        return self.number()

    def pairs(self, count, depth=0):
        for word in self.random.sample(WORDS, count):
            key = self.random.choice((word, f"{word} . k", f"{word}.'x.y'.z"))
            yield f"{key} {self.random.choice(('=', ' =  '))} {self.inline(depth) if depth else self.value()}"

    def inline(self, depth):
        """Tables in braces stand on one line, but for lists in them."""
        return self.value(depth + 1)

    def document(self):
        lines = [*self.pairs(2)]
        for head in self.random.sample(("[t]", "[[u]]", "[[u]]", "[u.inside]", '["v.w".x]', "[[v.y]]", "[[v.y]]"), 5):
            lines += [head + self.random.choice(("", "  # [x]"))] if self.fits(head, lines) else []
            lines += [TRAPS[0], *self.pairs(self.random.randrange(4))]
        return self.random.choice(("\n", "\r\n")).join(lines)

    def fits(self, head, lines):
        try:
            tomllib.loads("\n".join([*(own for own in lines if own.startswith("[")), head]))
        except tomllib.TOMLDecodeError:
            return False
        return True


def leaves(value, place=()):
    if isinstance(value, dict | list):
        for key, own in value.items() if isinstance(value, dict) else enumerate(value):
            yield (*place, key), None
            yield from leaves(own, (*place, key))
    elif isinstance(value, int):
        yield place, value


def documents():
    found = []
    for seed in range(400):
        text = Writer(seed).document()
        try:
            found.append((text, tomllib.loads(text)))
        except tomllib.TOMLDecodeError:  # a key that is there already
            continue
    return found


def test_every_number_is_on_the_line_where_it_is():
    found = documents()
    assert len(found) > 100
    numbers = 0
    for text, data in found:
        lines = lines_of(text)
        for place, value in leaves(data):
            assert place in lines.of, (text, place)
            if value is not None and isinstance(place[-1], int):
                # of a list the entry itself stands there
                assert lines.of[place] == text.count("\n", 0, text.index(str(value))) + 1, (text, place)
                numbers += 1
    assert numbers > 200


def test_a_key_is_on_its_line_and_of_what_is_not_there_the_table_is_found():
    text = '[study]\nname = "x" # = 3\n\n[[vary]]\n"game.T" = [\n 1,\n 2]\n[[vary]]\nrule.pairs = ["pg"]\n'
    lines = lines_of(text)
    wanted = {("study",): 1, ("study", "name"): 2, ("vary",): 4, ("vary", 0): 4, ("vary", 0, "game.T"): 5,
              ("vary", 0, "game.T", 0): 6, ("vary", 1): 8, ("vary", 1, "rule", "pairs", 0): 9}  # fmt: skip
    assert {place: lines.of[place] for place in wanted} == wanted
    assert lines.find(("vary", 0, "game.T", 7, "from")) == (("vary", 0, "game.T"), 5)
    assert lines.find(("measure", 0)) == ((), None)
    assert lines.dotted == {("vary", 1, "rule", "pairs")}


@pytest.mark.parametrize(
    ("text", "line", "key"),
    [("a = 1\nb =", 2, "b"), ("[fixed]\n!", 2, "[fixed]"), ('"game.T" = [\n1\n!', 3, '"game.T"'), ("!", 1, "")],
)
def test_the_key_above_is_found_where_nothing_can_be_read(text, line, key):
    assert nearest_above(text, line) == key
