"""What the independent checker found, as lines."""

from nashscape.checking.verifications import Verification
from nashscape.core import Table, one_by_one, standing


@one_by_one
def verification_table(found: Verification) -> Table:
    """The verdict, what was looked at, and what was not proved."""
    cells = f"{found.cells} cells with claims" if found.sample is None else found.looked_at
    title = f"{found.verdict}: {found.traps} traps proved, {cells}, {found.undecided} without"
    return Table(title, (), (), notes=(*(f"  {reason}" for reason in found.reasons), *standing([found])))
