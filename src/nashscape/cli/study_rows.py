"""Arguments and options that several commands about studies share."""

from nashscape.cli.rows import Typed

FOLDER = Typed("folder", "Path", None, "", "Folder of the results of a study.", shape="DIR", argument=True,
               needed=True)  # fmt: skip
MIXED = Typed("mixed", "bool", False, "",
              "Let results of other code stand beside those that are there; rows say whose.")  # fmt: skip
TABLE = Typed("table", "str", "values", "", "Which table; nashscape study status lists them.", shape="NAME")
WORK = (
    Typed("engine", "str", "here", "", "here (this process), pool (processes of this machine), or ray.",
          shape="ENGINE"),
    Typed("workers", "int", 0, "", "Processes of a pool or of Ray. Default: one per core.", shape="N"),
    Typed("address", "str", None, "", "Of a Ray cluster. Default: one of this machine.", shape="HOST:PORT"),
    Typed("limit", "float", None, "seconds", "Items of a pool or of Ray that take longer fail. Default: none.",
          shape="SECONDS"),
    Typed("shard", "str", None, "", "Part K of N alone, as 3/16. Default: all.", shape="K/N"),
    Typed("again", "bool", False, "", "Try items once more that failed before."),
    MIXED,
)  # fmt: skip
"""How a study is worked on, as `Study.run` takes it."""

QUIET = Typed("quiet", "bool", False, "", "Show no progress.")
EVENTS = Typed("events", "bool", False, "", "Print what happens as lines of JSON on stdout.")
