"""`nashscape tournament`: strategies of a repeated game meet, each each other."""

from nashscape.cli.answers import Answer
from nashscape.cli.asked import Asked
from nashscape.cli.commands import command
from nashscape.cli.rows import TOLD, Typed

MEMBERS = Typed("members", "str", None, "", "Strategies, as TFT or '1: 1 0 1 0'; classics for all that have names.",
                shape="STRATEGY", argument=True, needed=True, several=True)  # fmt: skip
PAYOFFS = Typed("payoffs", "str", "3,0,5,1", "", "Payoffs of a round after CC, CD, DC, DD, the own action first.",
                shape="R,S,T,P")  # fmt: skip
TURNS = Typed("turns", "int", None, "", "Rounds of a match. Default: for ever.", shape="N", least=1)
DISCOUNT = Typed("discount", "str", "1", "", "How much the next round counts, or how likely there is one.", shape="X")
NOISE = Typed("noise", "str", "0", "probability", "How likely each action is another than was meant.", shape="X")
OTHERS = Typed("others_only", "bool", False, "", "Leave out the match of a strategy with its copy.")
GENERATIONS = Typed("generations", "int", None, "", "Let shares grow by scores for so long, too.", shape="N", least=1)


@command("Strategies of a repeated game meet, each each other.", "", MEMBERS, PAYOFFS, TURNS, DISCOUNT, NOISE, OTHERS,
         GENERATIONS, *TOLD)  # fmt: skip
def tournament(asked: Asked) -> Answer | None:
    """Rank strategies of a repeated two-by-two game by their exact mean scores.

    A strategy is a name, the probabilities of C in the first round and after CC,
    CD, DC, DD, or an automaton: for each state what it plays, and which states
    follow on C and D of the other. Numbers are exact as typed. The table says
    whether matches with copies count, and where that decides who is first.

    \b
    Examples
      nashscape tournament TFT ALLC ALLD Grudger --turns 8
      nashscape tournament TFT ALLC ALLD Grudger --turns 8 --others-only
      nashscape tournament classics --turns 200 --noise 0.02 --generations 100
      nashscape tournament ALLD 'C 0 1 / D 1 0' '1: 1 1/3 1 1/3' --discount 0.9
      nashscape tournament strategies
    """
    members = asked["members"]
    if members == ["strategies"]:
        _strategies(asked["json"])
        return None
    from nashscape.tournaments import classics, ecology
    from nashscape.tournaments import tournament as held

    stage = _stage(asked["payoffs"])
    found = held(
        classics(stage) if members == ["classics"] else members,
        stage,
        turns=asked["turns"],
        discount=asked["discount"],
        noise=asked["noise"],
        self_play=not asked["others_only"],
    )
    grown = {"ecology": ecology(found, asked["generations"])} if "generations" in asked else {}
    return Answer(found, {"tournament": found.plot, **{name: one.plot for name, one in grown.items()}}, below=grown)


def _stage(text: str) -> list[list[str]]:
    from nashscape.core import InputError

    numbers = [own.strip() for own in text.split(",")]
    if len(numbers) != 4:
        raise InputError(f"--payoffs are four numbers R,S,T,P, as 3,0,5,1; got {text!r}")
    return [numbers[:2], numbers[2:]]


def _strategies(as_json: bool) -> None:
    from nashscape.cli import output
    from nashscape.core.tables import Table
    from nashscape.tournaments import strategy_catalogue

    known = strategy_catalogue()
    if as_json:
        output.print_json([one._asdict() for one in known])
        return
    rows = [("\n".join((one.name, *one.others)), one.definition, one.source) for one in known]
    columns = ("strategy", "definition", "source")
    output.show(Table("Strategies", columns, tuple(rows), left=columns, wrap=("definition", "source")))
