"""The programs of the literature by name."""

from nashscape.core.calls import public
from nashscape.programs.program_kinds import OpenSourceProgram, clique, modal, plays
from nashscape.programs.simulations import simulating


@public()
def published() -> dict[str, OpenSourceProgram]:
    """Programs of the literature by name.

    CooperateBot and DefectBot read nothing. FairBot cooperates where it is provable that the opponent cooperates with
    it; PrudentBot where that is provable and, in PA+1, that the opponent defects against DefectBot; JustBot where it is
    provable that the opponent cooperates with FairBot; TrollBot with DefectBot. CliqueBot cooperates with its own
    text. GroundedFairBot cooperates with probability 1/10, and else does what the opponent does against it.

    Example:
        >>> published()["PrudentBot"].source
        'if (box(them(me)) and box1(not them(DefectBot))) then 0 else 1 where DefectBot = [play 1]'

    Source: Barasz et al., arXiv 1401.5577, 2014; Oesterheld (2019) for the last.
    """
    defect = plays(1, name="DefectBot")
    fair = modal("box(them(me))", name="FairBot")
    found = [
        plays(0, name="CooperateBot"),
        defect,
        fair,
        modal("box(them(me)) and box1(not them(DefectBot))", name="PrudentBot", programs={"DefectBot": defect}),
        modal("box(them(FairBot))", name="JustBot", programs={"FairBot": fair}),
        modal("box(them(DefectBot))", name="TrollBot", programs={"DefectBot": defect}),
        clique(),
        simulating(0, epsilon="1/10", name="GroundedFairBot"),
    ]
    return {own.name: own for own in found}
