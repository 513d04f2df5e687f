"""Scores of agents in tasks as people write them down: files, data frames, rows, and arrays by agent."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError
from nashscape.core.statistics.interquartile_means import score_table
from nashscape.ranking.written_tables import lines_of, three_chosen

Floats = npt.NDArray[np.float64]


class ScoreTable(NamedTuple):
    """What every agent scored in every task.

    Attributes:
        agents: names, in the order in which they first appear.
        tasks: names, likewise.
        runs: of every agent its scores, `[runs, tasks]`.
    """

    agents: tuple[str, ...]
    tasks: tuple[str, ...]
    runs: tuple[Floats, ...]


class Score(NamedTuple):
    """One score as it was written, where it was found, and of which run it is, if that is told."""

    agent: str
    task: str
    score: float
    run: str | None
    where: str


HEADINGS: tuple[frozenset[str], ...] = (
    frozenset({"agent", "player", "name", "model", "policy", "algorithm", "method"}),
    frozenset({"task", "level", "environment", "env", "game", "scenario"}),
    frozenset({"score", "normalised_score", "reward", "return", "payoff", "result", "value"}),
    frozenset({"run", "seed", "episode", "trial", "repeat"}),
)
"""What the columns of the agent, the task, the score and the run are called."""
WANTED = ("scores are the path of a file or a data frame with the columns agent,task,score and perhaps run, rows "
          "(agent, task, score), or a dict from agents to numbers [tasks] or [runs, tasks]")  # fmt: skip
CHOSEN = "Other columns are chosen by their names: columns=['model', 'level', 'points'], and a fourth for the run"


def are_scores(cells: Sequence[str]) -> bool:
    """Whether the names of the columns of a table say that it holds scores in tasks.

    >>> are_scores(["agent", "task", "score", "seed"]), are_scores(["player", "player", "score"])
    (True, False)
    """
    return all(len(own) == 1 for own in _columns_found(cells)[:3])


def scores_of(given: Any, tasks: Sequence[str] | None, columns: Sequence[str] | None) -> ScoreTable:
    """Scores of a file, a data frame, rows, or a dict.

    Args:
        given: these.
        tasks: names, of a dict.
        columns: names of the columns of the agent, the task, the score, and perhaps the run, of a table.

    Raises:
        InputError: for what cannot be read, with its line; for an agent without a score for a task, and different
            numbers of runs of the tasks of one agent.
    """
    if isinstance(given, str) or hasattr(given, "__fspath__"):
        return _gathered(_of_file(Path(given), columns), tasks)
    if hasattr(given, "columns"):
        return _gathered(_of_frame(given, columns), tasks)
    if columns is not None:
        raise InputError(f"columns are those of a file or a data frame; {WANTED}")
    if isinstance(given, Mapping):
        return _of_arrays(given, tasks)
    return _gathered(_of_rows(given), tasks)


def _of_file(path: Path, columns: Sequence[str] | None) -> Iterator[Score]:
    lines = lines_of(path, "agent,task,score")
    places = _places(lines[0][1], columns, str(path))
    for number, cells in lines[1:]:
        where = f"{path}, line {number}"
        if len(cells) <= max(places):
            raise InputError(f"{where}: {len(cells)} columns, where the first line has {len(lines[0][1])}")
        yield _score([cells[place] for place in places], where)


def _of_frame(frame: Any, columns: Sequence[str] | None) -> Iterator[Score]:
    places = _places([str(name) for name in frame.columns], columns, "the data frame")
    cells = zip(*(list(frame[frame.columns[place]]) for place in places), strict=True)
    for number, own in enumerate(cells):
        yield _score(own, f"row {number} of the data frame")


def _of_rows(rows: Any) -> Iterator[Score]:
    if not isinstance(rows, Iterable):
        raise InputError(f"{WANTED}; got {rows!r}")
    for number, row in enumerate(rows):
        if isinstance(row, str) or not hasattr(row, "__len__") or len(row) not in (3, 4):
            raise InputError(f"score {number} must be (agent, task, score), or with its run as a fourth; got {row!r}")
        yield _score(row, f"score {number}")


def _places(cells: Sequence[str], columns: Sequence[str] | None, where: str) -> tuple[int, ...]:
    """The places of the columns of the agent, the task, the score, and of the run if there is one."""
    if columns is not None:
        chosen = columns.split(",") if isinstance(columns, str) else list(columns)
        places = three_chosen(cells, chosen[:3], where, "of the agent, the task and the score")
        for name in chosen[3:]:
            if len(chosen) > 4 or name not in cells or cells.index(name) in places:
                raise InputError(f"columns are those of the agent, the task, the score and perhaps the run of {where}; "
                                 f"got {', '.join(map(str, chosen))}. It has: {', '.join(cells)}")  # fmt: skip
            places = (*places, cells.index(name))
        return places
    found = _columns_found(cells)
    told = dict(zip(("agent", "task", "score", "run"), found, strict=True))
    for what, own in told.items():
        if len(own) > 1 or (not own and what != "run"):
            raise InputError(f"{where} has {'no column' if not own else f'{len(own)} columns'} of the {what}, of "
                             f"{', '.join(cells)}. {CHOSEN}")  # fmt: skip
    return tuple(own[0] for own in found if own)


def _columns_found(cells: Sequence[str]) -> list[list[int]]:
    """The places of the columns that are called as those of the agent, the task, the score and the run are."""
    plain = ["_".join(cell.lower().split()) for cell in cells]
    return [[k for k, name in enumerate(plain) if name in known] for known in HEADINGS]


def _score(cells: Sequence[Any], where: str) -> Score:
    agent, task, given, *run = cells
    names = ["" if one is None else str(one).strip() for one in (agent, task, *run)]
    for name, what in zip(names, ("agent", "task", "run"), strict=False):
        if not name:
            raise InputError(f"{where}: the {what} has no name")
    try:
        score = float(given)
    except (TypeError, ValueError):
        score = math.nan
    if not math.isfinite(score):
        raise InputError(f"{where}: a score is a finite number; got {given!r}")
    return Score(names[0], names[1], score, names[2] if run else None, where)


def _of_arrays(given: Mapping[Any, Any], names: Sequence[str] | None) -> ScoreTable:
    """Of a dict from agents to numbers `[tasks]` or `[runs, tasks]`."""
    runs = []
    for agent, own in given.items():
        array = np.asarray(own) if np.ndim(own) else np.zeros((0, 0))
        runs.append(score_table(array[None] if array.ndim == 1 else array, f"scores of {agent}"))
    counts = {str(agent): own.shape[1] for agent, own in zip(given, runs, strict=True)}
    if len(set(counts.values())) != 1:
        told = ", ".join(f"{agent} {count}" for agent, count in counts.items()) or "no agent"
        raise InputError(f"all agents have the same tasks, and there is one agent at least; got {told}")
    count = runs[0].shape[1]
    tasks = tuple(f"task {k + 1}" for k in range(count)) if names is None else tuple(map(str, names))
    if len(tasks) != count or len(set(tasks)) < count:
        raise InputError(f"tasks are {count} different names; got {', '.join(tasks)}")
    return ScoreTable(tuple(counts), tasks, tuple(runs))


def _gathered(written: Iterable[Score], names: Sequence[str] | None) -> ScoreTable:
    """Scores of rows, by agent and task, runs in the order of their names, or else as they come."""
    if names is not None:
        raise InputError("tasks are names for numbers that have none; rows have the names of their tasks")
    cells: dict[tuple[str, str], dict[str, float]] = {}
    agents, tasks = dict[str, None](), dict[str, None]()
    for one in written:
        own = cells.setdefault((one.agent, one.task), {})
        run = f"{len(own):09d}" if one.run is None else one.run
        if run in own:
            raise InputError(f"{one.where}: {one.agent} has a score for run {run} of {one.task} already")
        own[run], agents[one.agent], tasks[one.task] = one.score, None, None
    if not cells:
        raise InputError("there is no score")
    return ScoreTable(tuple(agents), tuple(tasks), tuple(_runs_of(agent, list(tasks), cells) for agent in agents))


def _runs_of(agent: str, tasks: list[str], cells: Mapping[tuple[str, str], Mapping[str, float]]) -> Floats:
    for task in tasks:
        if (agent, task) not in cells:
            raise InputError(f"{agent} has no score for {task}; every agent has one for every task: add it, or leave "
                             "out the task or the agent")  # fmt: skip
        if set(cells[agent, task]) != set(cells[agent, tasks[0]]):
            counts = f"{len(cells[agent, tasks[0]])} of {tasks[0]}, {len(cells[agent, task])} of {task}"
            raise InputError(f"{agent} has other runs of {task} than of {tasks[0]} ({counts}); an agent has the same "
                             "runs of all tasks")  # fmt: skip
    runs = sorted(cells[agent, tasks[0]])
    return np.array([[cells[agent, task][run] for task in tasks] for run in runs])
