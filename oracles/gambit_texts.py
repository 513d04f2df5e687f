"""Games in Gambit's formats, from public reports and in every dialect of the formats, for comparisons and tests."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Given:
    """A game as a text.

    Attributes:
        what: in a few words.
        source: the report that it is from, as project and number; empty for one written for these comparisons.
        format: "nfg" or "efg".
        text: of the file.
    """

    what: str
    source: str
    format: str
    text: str


OUTCOMES = Given(
    "two players, outcomes by number",
    "gambitproject/gambit, contrib/games/2x2.nfg",
    "nfg",
    """NFG 1 R "Two person 2 x 2 game with unique mixed equilibrium" { "Player 1" "Player 2" }

{ { "1" "2" }
{ "1" "2" }
}
""

{
{ "" 2, 0 }
{ "" 0, 1 }
{ "" 0, 1 }
{ "" 1, 0 }
}
1 2 3 4
""",
)

NOTHING = Given(
    "three players, outcome 0, one action of one player",
    "gambitproject/gambit #403, #405, #225",
    "nfg",
    """NFG 1 D "none \\"at\\" all" { "Zoë" "B, the second" "C" } { { "up" "down" } { "a/b" "" "" } { "stay" } }
{ { "first" 1/3 -2.5 1e-3 }
  { "second" .5, 4., -7/3 } }
0 2 1 1 0 2
""",
)

DECIMALS = Given(
    "8×2, decimals",
    "drvinceknight/Nashpy #83",
    "nfg",
    """NFG 1 D "decimals" { "row" "column" } { 8 2 } "the first player's action changes fastest"
9.5 0.2  -9.6 0.4  -7.1 0.9  5.9 0.4  9 0.1  7.5 0.2  -3.1 0.8  -8.4 0.2
-7.8 0.6  0.3 0.1  -1.4 0  7.6 0.1  .3 0.2  6.9 0.1  3.6 1  -3.7 0.4
""",
)

FRACTIONS = Given(
    "one-shot trust with thirds, everything in one line",
    "gambitproject/gambit #660",
    "nfg",
    'NFG 1 R "trust"{"A" "B"}{{"trust" "not"}{"share" "keep"}}"payoffs over 3"1/3 1/3 0 0 -1/3 2/3 0 0',
)

UNLABELLED = Given(
    "a tree without labels",
    "google-deepmind/open_spiel #955",
    "efg",
    """EFG 2 R "unlabelled" { "A" "B" }
""
p "" 1 1 "" { "" "" } 0
p "" 2 1 "" { "" "" } 0
t "" 1 "" { 5, -5 }
t "" 2 "" { 1, -1 }
p "" 2 1 "" { "" "" } 0
t "" 3 "" { 2, -2 }
t "" 4 "" { 4, -4 }
""",
)

LABELLED = Given(
    "the same tree with labels",
    "google-deepmind/open_spiel #955",
    "efg",
    UNLABELLED.text.replace('1 1 "" { "" "" }', '1 1 "" { "u" "d" }').replace('2 1 "" { "" "" }', '2 1 "" { "l" "r" }'),
)

INNER = Given(
    "payoffs on inner nodes, an outcome by number alone",
    "gambitproject/gambit #1134, #1135",
    "efg",
    """EFG 2 R "inner" { "A" "B" } "payoffs add up along the path"
c "" 1 "" { "h" 1/3 "t" 2/3 } 3 "entry" { 1, -1 }
p "" 1 1 "" { "l" "r" } 0
t "" 1 "won" { 3, -3 }
t "" 0
p "" 2 1 "" { "l" "r" } 2 "fine" { -2, 2 }
t "" 1
t "" 0
""",
)

GHOST = Given(
    "bluffing with a branch of chance that never happens, payoffs with the sum 2",
    "gambitproject/gambit #134, #63, #816",
    "efg",
    """EFG 2 R "bluff" { "Bettor" "Caller" }
c "" 1 "" { "nuts" 1/5 "air" 4/5 "ghost" 0 } 0
p "" 1 1 "nuts" { "bet" "check" } 0
p "" 2 1 "" { "call" "fold" } 0
t "" 1 "" { 6, -4 }
t "" 2 "" { 3, -1 }
t "" 3 "" { 3, -1 }
p "" 1 2 "air" { "bet" "check" } 0
p "" 2 1 "" { "call" "fold" } 0
t "" 4 "" { -2, 4 }
t "" 2 "" { 3, -1 }
t "" 5 "" { 1, 1 }
p "" 1 3 "ghost" { "high" "low" } 0
t "" 6 "" { 50, -48 }
t "" 7 "" { -48, 50 }
""",
)

NESTED = Given(
    "information sets out of order, seven strategies, actions named once",
    "",
    "efg",
    """EFG 2 R "nested" { "A" "B" "C" } ""
p "" 1 2 "i" { "a" "b" "c" } 1 "z" { 10 10 0.5 }
p "" 2 1 "" { "c" "d" } 0
p "" 1 1 "" { "e" "f" } 0
t "" 2 "" { 1 2 1 }
t "" 3 "" { 3 4 0 }
p "" 1 4 "" { "g" "h" } 0
t "" 4 "" { 5 6 2 }
t "" 5 "" { 7 8 3 }
c "" 5 "" { "" .25 "" .75 } 0
p "" 1 3 "" { "k" "l" } 0
t "" 6 "" { 9 10 -1 }
p "" 3 9 "" { "m" "n" } 0
t "" 7 "" { 11 12 1/7 }
t "" 0
p "" 1 3 0
t "" 6
t "" 7
t "" 0
""",
)

FORGOTTEN = Given(
    "a player who forgets what it did",
    "",
    "efg",
    """EFG 2 R "forgetful" { "A" "B" } ""
p "" 1 1 "" { "on" "off" } 0
p "" 2 1 "" { "x" "y" "z" } 0
p "" 1 1 "" { "on" "off" } 0
t "" 1 "" { 1 2 }
t "" 2 "" { 3 4 }
p "" 1 2 "" { "k" "l" } 0
t "" 3 "" { 5 6 }
t "" 4 "" { 7 8 }
t "" 5 "" { 9 10 }
p "" 1 2 "" { "k" "l" } 0
t "" 6 "" { 11 12 }
t "" 7 "" { 13 14 }
""",
)

IMPOSSIBLE = Given(
    "a move after another player has contradicted itself",
    "",
    "efg",
    """EFG 2 R "impossible" { "A" "B" } ""
p "" 1 1 "" { "on" "off" } 0
p "" 1 1 "" { "on" "off" } 0
t "" 1 "" { 1 2 }
p "" 2 1 "" { "x" "y" } 0
t "" 2 "" { 3 4 }
t "" 3 "" { 5 6 }
t "" 4 "" { 7 8 }
""",
)

TEXTS = (OUTCOMES, NOTHING, DECIMALS, FRACTIONS, UNLABELLED, LABELLED, INNER, GHOST, NESTED, FORGOTTEN, IMPOSSIBLE)
