"""What is proved about starts, as tables."""

from nashscape.core.tables import Table, one_by_one, standing
from nashscape.proofs.certification.certificates import Certificate
from nashscape.proofs.certification.comparisons import KINDS, Containment
from nashscape.proofs.certification.probable_certificates import ProbableCertificate


@one_by_one
def certificate_table(found: Certificate) -> Table:
    """The share of the region that is proved to end in every target, and why the rest is undecided."""
    why = ", ".join(f"{share:.4f} by {name}" for name, share in found.undecided_by.items() if share > 0)
    rows = [(name, f"{share:.4f}", "") for name, share in found.certified.items()]
    return Table(
        f"Proved of {found.rule} on {found.game}, {found.cells} cells of {found.coordinates}",
        ("ends in", "share of the region", "why undecided"),
        (*rows, ("undecided", f"{found.undecided:.4f}", why)),
        left=("why undecided",),
        notes=(*((found.advice,) if found.undecided > 0 else ()), *standing([found], statuses=False)),
    )


@one_by_one
def probable_table(found: ProbableCertificate) -> Table:
    """The share of the region for every target, and what is said of it."""
    rows = [(name, f"{share:.4f}") for name, share in found.certified.items()]
    statement = f"{found.statement[0].upper()}{found.statement[1:]}."
    return Table(
        f"Proved of {found.rule} on {found.game} with sampled updates, {found.cells} cells of {found.coordinates}",
        ("is in the trap of", "share of the region"),
        (*rows, ("undecided", f"{found.undecided:.4f}")),
        notes=(statement, *standing([found])),
    )


@one_by_one
def containment_table(found: Containment) -> Table:
    """The shares of the region by what either certificate proves of them."""
    smaller, larger = found.rules
    rows = [(name, *(f"{area:.4f}" for area in areas)) for name, areas in zip(KINDS, found.areas, strict=True)]
    verdict = (
        "Nothing that the smaller certifies is proved to go elsewhere by the larger."
        if found.contained
        else f"The larger proves that {found.contradicted:.4g} of what the smaller certifies goes elsewhere."
    )
    return Table(
        f"What is proved of {found.target}: rows under {smaller}, columns under {larger}, shares of the region",
        ("", *KINDS),
        tuple(rows),
        notes=(verdict, f"Gained by the larger for sure: {found.gained:.4g}.", *standing([found])),
    )
