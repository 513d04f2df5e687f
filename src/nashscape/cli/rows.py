"""Options that only the command line has, as rows like those of the table; and how any row is typed."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from nashscape.core.options import Option, option

DEFAULT_RULES = ("pg", "meta_pg", "peer_only", "meta_mapg")

SEVERAL = {("targets", "Target"), ("reducers", "Reducer"), ("changes", "Any"), ("starts", "Sequence")}
"""Names and types of rows of which there may be many: each is typed with the flag of one, `--target CC --target DD`."""

SHAPES = {
    "int": "N", "int | bool": "N", "float": "X", "str": "WORD", "Schedule": "SCHEDULE", "Starts": "STARTS",
    "Box": "M", "Target": "PROFILE", "Estimator": "ESTIMATOR", "Rule": "RULE", "tuple": "LOW:HIGH", "Any": "NAME",
    "Sequence": "P,Q", "Reducer": "REDUCER", "Optimiser": "OPTIMISER", "Policy": "POLICY", "Settling": "SETTLING",
    "Semantics": "READING", "Path": "PATH", "Game": "GAME", "Restarts": "FILE", "bool": "",
}  # fmt: skip
"""What stands for a value of each type that can be typed, in help texts."""


@dataclass(frozen=True)
class Typed(Option):
    """A row, and how it is typed.

    Attributes:
        shape: what stands for the value in help texts.
        argument: whether it has no flag but a place.
        needed: whether nothing goes without it.
        several: whether it may be typed many times.
    """

    shape: str = ""
    argument: bool = False
    needed: bool = False
    several: bool = False

    @property
    def flag(self) -> str:
        """As it is typed: --step-size, and --target for one of `targets`."""
        name = self.name.removesuffix("s") if (self.name, self.type) in SEVERAL else self.name
        return f"--{name.replace('_', '-')}"

    @property
    def text(self) -> str:
        """What help says of it, with the default where that is not said already."""
        said = f"{self.help} Repeatable." if self.several and "Repeatable" not in self.help else self.help
        plain = "Default:" in said or self.default is None or self.default is False
        return said if plain or self.default in ((), "") else f"{said} Default: {written(self.default)}."


def typed(row: Option) -> Typed:
    """A row of the table, as it is typed.

    >>> from nashscape.core.options import option
    >>> typed(option("targets")).flag, typed(option("step_size")).shape
    ('--target', 'SCHEDULE')
    """
    return Typed(**vars(row), shape=SHAPES[row.type], several=(row.name, row.type) in SEVERAL)


def can_be_typed(row: Option) -> bool:
    """Whether a value can be written as text: functions cannot."""
    return row.type in SHAPES


def written(value: Any) -> str:
    """A default as it would be typed.

    >>> written((0.05, 0.95)), written(((0.55, 0.6), (0.25, 0.35))), written(260)
    ('0.05:0.95', '0.55,0.6 0.25,0.35', '260')
    """
    if not isinstance(value, tuple):
        return str(value)
    if isinstance(value[0], tuple):
        return " ".join(",".join(map(str, own)) for own in value)
    return (", " if isinstance(value[0], str) else ":").join(map(str, value))


def without(rows: Iterable[Typed], *names: str) -> tuple[Typed, ...]:
    """The rows but those of some names."""
    return tuple(row for row in rows if row.name not in names)


GAME = Typed("game", "Game", None, "",
             'Name of a game, or a file: .nfg, .efg (Gambit), .gam, .csv, or .json with {"payoffs": [player, action 1, '
             'action 2, …], "actions": […]}.',
             shape="GAME", argument=True, needed=True)  # fmt: skip
SET = Typed("set", "str", (), "", "Parameter of the game, as T=2.5.", shape="KEY=VALUE", several=True)
COUPLING = Typed("coupling", "float", None, "coupling",
                 "Players read each other's parameters with this coupling, z_i = θ_i + K Σ θ_j.",
                 shape="K")  # fmt: skip
READING = Typed("reading", "Semantics", None, "",
                "What makes strategies of parameters: open_source, imperfect:coupling=0.5,noise=0.1, network:width=8, "
                "weight_reading, policy_network, or independent (default); of games that are only played "
                "perceptrons:hidden=16 or recurrent:units=16.", shape="READING")  # fmt: skip
PLAYED = (GAME, SET, COUPLING, READING)
"""A game, and who plays it."""

RULE = typed(option("rule"))
RULES = replace(RULE, default=DEFAULT_RULES, several=True)
BASELINE = Typed("baseline", "str", None, "", "Rule the others are compared with. Default: the first.", shape="RULE")
VALUES = (
    "What varies, as peer, coupling, game:T or estimator.batch, and its values: LOW:HIGH, LOW:HIGH:COUNT or a,b,c, "
    "ends included."
)
VARY = Typed("vary", "Dial", None, "", f"{VALUES} Without --rule by the usual rule of that number. Default: nothing.",
             shape="NAME=VALUES")  # fmt: skip
"""Of what is looked at anew at each value."""

SEARCHED = Typed("vary", "Dial", None, "", "The number that is changed, alone or with its range.",
                 shape="NAME[=LOW:HIGH]")  # fmt: skip
"""Of what is searched for between two values."""

OUT = Typed("out", "Path", None, "", "Folder for figures (PNG, SVG) and results.json.", shape="DIR")
SAVE = Typed("save", "Path", None, "", "Write the result to a file that nashscape show reads.", shape="FILE")
JSON = Typed("json", "bool", False, "", "Print JSON, and nothing else, on stdout.")
CELLS = Typed("cells", "bool", False, "",
              "Put arrays of more than 1000 entries into the JSON too, as the outcome of every start.")  # fmt: skip
TOLD = (OUT, SAVE, JSON, CELLS)
"""What becomes of the answer."""
