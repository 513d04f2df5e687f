"""Checking a certificate: every claim is derived again, by ball arithmetic and nothing of what wrote it."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from nashscape.checking.verifications import Verification
from nashscape.core import InputError, Status, positive_integer, record
from nashscape.core.calls import verb
from nashscape.core.interrupts import in_turn, until_stopped

if TYPE_CHECKING:
    from nashscape.checking.documents import Document

PRECISION = 96
"""Bits of the balls' middles."""

FEW = 300
"""Cells that are followed in this process."""

UNLIKELY = 0.05
"""How likely a sample may be to show nothing of a share of false claims that is larger than what is said."""

CHUNK = {1: 50, 2: 50}
"""Cells between two calls of `progress`, by how many numbers they are of; few where each may take seconds."""

FEWEST = 5
Ask = Callable[[list[tuple[str, list[int]]]], Iterable[list[str]]]
MOST_REASONS = 20


@verb()
def verify_certificate(
    path: str | Path,
    *,
    sample: int | None = None,
    seed: int = 0,
    processes: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Verification:
    """Prove every claim of a certificate file again, independently of the program that wrote it.

    The game, the semantics, the rule and the schedules are built again from the file's numbers, and all bounds come
    from the ball arithmetic of `python-flint`: the field and its derivatives, the traps' margins over the whole of each
    trap, and for each cell a tube of boxes into its trap. A weaker claim than what is true is accepted, and any claim
    that is false is rejected, with its number; a true one may be rejected too if it is too close to being false.

    Args:
        path: of a file that `Certificate.save` wrote.
        sample: look at all traps, but at so many cells only, drawn at random, each as often as its share of what is
            certified: for files with more cells than there is time. Nothing is accepted then; `Verification.holds` is
            what follows of the rest.
        seed: of the draws; by default 0.
        processes: among which the cells are shared; by default two where there are more than a few hundred. The result
            does not depend on it.
        progress: called with (cells done, cells with a claim).

    Raises:
        InputError: for a file that is no certificate or does not agree with its checksum, and where `python-flint` is
            not installed.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> from nashscape import games, pg
        >>> from nashscape.proofs import certify
        >>> with TemporaryDirectory() as folder:
        ...     path = certify(games.stag_hunt(), pg(), "CC", resolution=1 / 8).save(f"{folder}/proof.json")
        ...     found = verify_certificate(path)
        >>> found.accepted, found.reasons
        (True, ())

    Source: the argument is this library's own; see docs/certificates.md.
    """
    if not isinstance(path, str | Path):
        raise InputError(f"expected the path of a file that Certificate.save wrote; got {type(path).__name__}")
    count = None if processes is None else positive_integer(processes, "processes")
    draws = None if sample is None else positive_integer(sample, "sample")
    seed = positive_integer(seed, "seed", at_least=0)
    try:
        from flint import ctx
    except ImportError as error:
        raise InputError(
            'checking a certificate needs python-flint; install it with: pip install "nashscape[checker]"'
        ) from error
    from nashscape.checking.cells import cell_faults, drawn_cells
    from nashscape.checking.claims import problem_faults
    from nashscape.checking.documents import read

    began = time.perf_counter()
    document, checksum = read(path)
    claimed, traps, drawn = document.claimed, 0, document.claimed
    if draws is not None and claimed:
        drawn = drawn_cells(document, draws, seed)
    with ctx.workprec(PRECISION):
        reasons, status = [*problem_faults(document), *cell_faults(document)], Status.COMPLETE
        if not reasons:
            reasons, traps, status = _checked(document, (path, checksum), drawn, count, progress)
    return Verification(
        accepted=not reasons and draws is None,
        reasons=tuple(reasons[:MOST_REASONS]),
        cells=len(claimed),
        sample=draws,
        holds=0.0 if reasons else 1.0 if draws is None else UNLIKELY ** (1 / draws),
        undecided=len(document.trap) - len(claimed),
        traps=traps,
        precision=PRECISION,
        status=status,
        provenance=record(
            "verification",
            {"checksum": checksum, "precision": PRECISION, "sample": draws},
            seed=None if draws is None else seed,
            precision=f"{PRECISION} bits",
            run_seconds=time.perf_counter() - began,
        ),
    )


def _checked(
    document: "Document",
    file: tuple[str | Path, str],
    cells: tuple[int, ...],
    count: int | None,
    progress: Callable[[int, int], None] | None,
) -> tuple[list[str], int, Status]:
    """What was not proved, how many traps were, and whether all was looked at; the traps first."""
    traps = range(len(document.traps))
    if count is None:
        count = 2 if len(cells) > FEW or len(document.region[0]) > 2 else 1
    reasons: list[str] = []
    done = 0
    with until_stopped(), _asking(document, file, count) as ask:
        for found in in_turn(ask([("traps", [k]) for k in traps])):
            reasons += found
        proved = len(traps) - len(reasons)
        length = CHUNK.get(len(document.region[0]), FEWEST)
        chunks = [list(cells[k : k + length]) for k in range(0, 0 if reasons else len(cells), length)]
        for chunk, found in zip(chunks, in_turn(ask([("cells", chunk) for chunk in chunks])), strict=True):
            reasons, done = reasons + found, done + len(chunk)
            if progress is not None:
                progress(done, len(cells))
            if len(reasons) >= MOST_REASONS:
                break
        return reasons, proved, Status.COMPLETE
    return [*reasons, "the check was interrupted"], 0, Status.INTERRUPTED


@contextmanager
def _asking(document: "Document", file: tuple[str | Path, str], count: int) -> Iterator[Ask]:
    """A function from questions to their answers, in the same order, however many processes look for them."""
    if count == 1:
        from nashscape.checking.claims import Claims

        here = Claims(document)
        yield lambda questions: (here.asked(*question) for question in questions)
    else:
        from nashscape.checking.workers import Workers

        with Workers(*file, PRECISION, count) as workers:
            yield workers.ask
