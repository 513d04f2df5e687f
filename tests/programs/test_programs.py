"""Programs that read each other, against published outcomes, the definition of truth in worlds, and enumeration."""

from fractions import Fraction
from functools import cache

import numpy as np
import pytest

from nashscape.core import InputError
from nashscape.programs import (
    clique,
    largest_grounding,
    modal,
    modal_programs,
    plays,
    program_game,
    published,
    simulating,
)

DILEMMA = [[[3, 0], [5, 1]], [[3, 5], [0, 1]]]
UNEVEN = [[[3, 0, 1], [5, 1, 2]], [[4, 6, 0], [1, 2, 3]]]
KNOWN = published()


def meets(one, other, game=DILEMMA):
    """The probabilities of both players' actions."""
    found = program_game(game, [one], [other])
    return found.row_shares[0, 0].tolist(), found.column_shares[0, 0].tolist()


def letters(one, other):
    return "".join("CD"[int(np.argmax(shares))] for shares in meets(one, other))


def test_case_47_the_published_table_of_proofs():
    """A finite table of programs that read each other, as reported in jsboige/CoursIA #15173."""
    names = ["CooperateBot", "DefectBot", "FairBot", "PrudentBot"]
    found = program_game(DILEMMA, [KNOWN[name] for name in names])
    table = [["".join("CD"[int(c)] for c in found.cell(i, j)) for j in range(4)] for i in range(4)]
    assert table == [
        ["CC", "CD", "CC", "CD"],
        ["DC", "DD", "DD", "DD"],
        ["CC", "DD", "CC", "CC"],
        ["DC", "DD", "CC", "CC"],
    ]
    assert found.equilibria == (
        ("DefectBot", "DefectBot"), ("FairBot", "FairBot"), ("FairBot", "PrudentBot"), ("PrudentBot", "FairBot"),
        ("PrudentBot", "PrudentBot"),
    )  # fmt: skip
    assert found.strict_equilibria == ()


FORMULAS = {
    "fair": ("box", ("them", "me")),
    "doubting": ("not", ("box", ("them", "me"))),
    "prudent": ("and", ("box", ("them", "me")), ("box1", ("not", ("them", "D")))),
    "selfish": ("box1", ("or", ("them", "them"), ("not", ("me", "them")))),
    "inner": ("box", ("not", ("box", ("them", "me")))),
    "D": ("false",),
}


def written(formula):
    """The formula in the language of the library."""
    head, *parts = formula
    if head in ("and", "or"):
        return f"({written(parts[0])} {head} {written(parts[1])})"
    if head == "not" or head.startswith("box"):
        return f"{head}({written(parts[0])})"
    return head if not parts else f"{head}({parts[0]})"


def true_far_up(actor, against, world):
    """Whether a program plays its first action in a world, by the definition of truth in it, top down."""

    @cache
    def acts(who, whom, n):
        return truth(FORMULAS[who], who, whom, n)

    def truth(formula, me, them, n):
        head, *parts = formula
        if head in ("and", "or"):
            return (all if head == "and" else any)(truth(part, me, them, n) for part in parts)
        if head == "not":
            return not truth(parts[0], me, them, n)
        if head.startswith("box"):
            return all(truth(parts[0], me, them, m) for m in range(int(head[3:] or 0), n))
        return (
            False
            if not parts
            else acts({"me": me, "them": them}.get(head, head), {"me": me, "them": them}.get(parts[0], parts[0]), n)
        )

    return acts(actor, against, world)


def test_what_is_played_is_what_holds_far_up_by_the_definition_of_worlds():
    base = {"D": plays(1, name="D")}
    made = {name: modal(written(own), name=name, programs=base) for name, own in FORMULAS.items() if name != "D"}
    found = program_game(DILEMMA, [*made.values(), base["D"]], list(made.values()))
    for i, one in enumerate([*made, "D"]):
        for j, other in enumerate(made):
            for world in (12, 13):
                assert found.row_shares[i, j, 0] == true_far_up(one, other, world), (one, other)
                assert found.column_shares[i, j, 0] == true_far_up(other, one, world), (one, other)
    assert 1 < found.worlds <= 12


def test_a_box_of_a_consistent_theory_needs_as_many_worlds():
    # PA does not prove its consistency, PA+1 does, and PA+1 not its own
    consistent = ["not box(false)", "box(not box(false))", "box1(not box(false))", "box1(not box1(false))",
                  "box2(not box1(false))"]  # fmt: skip
    assert ["CD"[meets(modal(text), plays(0))[0].index(1)] for text in consistent] == list("CDCDC")


def test_no_modal_program_of_a_size_exploits_those_who_look_and_some_do_others():
    base = {"DefectBot": KNOWN["DefectBot"]}
    rivals = modal_programs(4, reads=["them(me)", "them(DefectBot)", "me(them)"], programs=base, levels=(0, 1))
    assert len(rivals) > 200
    looked = [KNOWN[name] for name in ("FairBot", "PrudentBot", "JustBot", "CooperateBot")]
    found = program_game(DILEMMA, looked, rivals)
    exploited = ((found.row_shares[:, :, 0] == 1) & (found.column_shares[:, :, 1] == 1)).sum(1)
    assert exploited[0] == exploited[1] == 0
    assert exploited[3] > 0
    assert (found.payoffs[1, :2].max(1) == 3).all()  # so both with themselves are equilibria among all of these
    counted = modal_programs(3)
    assert len(counted) == len({own.source for own in counted}) == 2 + 5 + (2 + 3 + 2 * 4 + 2 * 2 + 1 + 1)


def test_a_text_exploits_who_looks_at_what_is_done_to_another():
    spared = clique(name="CleverBot", members=[KNOWN["FairBot"]])
    assert letters(KNOWN["JustBot"], spared) == "CD"


def test_texts_are_compared_and_names_are_not():
    assert letters(clique(name="one"), clique(name="another")) == "CC"
    assert letters(clique(), clique(then=0, otherwise=[0.5, 0.5])) == "DC"  # ties of probabilities are told first
    assert letters(clique(), KNOWN["FairBot"]) == "DD"
    assert letters(clique(members=[plays(0)]), plays(0)) == "CC"


@pytest.mark.parametrize(("one", "other"), [("1/10", "1/3"), ("1/2", 0)])
def test_grounded_imitators_are_the_limit_of_deep_simulations(one, other):
    mixed = ["1/4", "3/4"]
    first = simulating(mixed, epsilon=one, responses=[0, ["1/5", "4/5"]])
    second = simulating(1, epsilon=other, responses=[["2/3", "1/3"], [0, 1]])
    x, y = np.array([0.5, 0.5]), np.array([0.5, 0.5])
    e, f = float(Fraction(one)), float(Fraction(other))
    for _ in range(200):
        x = e * np.array([0.25, 0.75]) + (1 - e) * y @ np.array([[1, 0], [0.2, 0.8]])
        y = f * np.array([0, 1]) + (1 - f) * x @ np.array([[2 / 3, 1 / 3], [0, 1]])
    found = program_game(DILEMMA, [first], [second])
    np.testing.assert_allclose(found.row_shares[0, 0], x, atol=1e-14)
    np.testing.assert_allclose(found.column_shares[0, 0], y, atol=1e-14)
    np.testing.assert_allclose(found.payoffs[:, 0, 0], [x @ np.array(own) @ y for own in DILEMMA], atol=1e-13)


def test_grounded_imitators_cooperate_surely_and_prove_it_to_those_who_look():
    grounded = KNOWN["GroundedFairBot"]
    assert meets(grounded, grounded) == ([1, 0], [1, 0])
    assert letters(grounded, KNOWN["FairBot"]) == letters(KNOWN["PrudentBot"], grounded) == "CC"
    assert meets(grounded, KNOWN["DefectBot"])[0] == [0.1, 0.9]


def test_a_depth_is_a_base_case_and_without_any_two_simulate_for_ever():
    shallow, deep = simulating(0, depth=0, name="0"), simulating(0, depth=3, name="3")
    assert letters(deep, deep) == letters(deep, shallow) == "CC"
    contrary = simulating(0, depth=2, responses=[1, 0])
    answers = simulating(0, depth=3, responses=[1, 0])
    # depth 3 answers what depth 2 answers to depth 2 of it, and so on down: 0 plays first, 1 second, 2 first, 3 second
    assert letters(answers, contrary) == "DC"
    endless = simulating(0, name="endless")
    assert letters(endless, KNOWN["DefectBot"]) == "DD"
    with pytest.raises(InputError, match="for ever"):
        program_game(DILEMMA, [endless])


def test_seats_count_where_players_are_not_alike():
    third = plays(2, name="third")
    found = program_game(UNEVEN, [modal("box(them(me))"), plays(1)], [modal("box(them(me))"), plays(0), third])
    assert found.payoffs[:, 0, 2].tolist() == [2, 3]  # it answers the third action, no first one, by its second
    assert found.payoffs[:, 0, 0].tolist() == [3, 4]
    regrets = [found.payoffs[0].max(0) - found.payoffs[0], found.payoffs[1].max(1)[:, None] - found.payoffs[1]]
    np.testing.assert_array_equal(found.regrets, regrets)
    with pytest.raises(InputError, match="there are 2"):
        program_game(UNEVEN, [third])
    with pytest.raises(InputError, match="response"):
        program_game(UNEVEN, [simulating(0, epsilon="1/2")])
    answer = simulating(0, epsilon="1/2", responses=[0, 1, 1])
    assert program_game(UNEVEN, [answer], [third]).row_shares[0, 0].tolist() == [0.5, 0.5]


@pytest.mark.parametrize("payoffs", [(3, 0, 5, 1), (3, 0, 4, 1), (4, 2, 5, 3), (2, -1, 3, 0), (4, 0, 3, 2)])
def test_no_mixture_gains_by_grounding_up_to_the_largest_and_some_does_beyond(payoffs):
    reward, sucker, temptation, punishment = payoffs
    row = np.array([[reward, sucker], [temptation, punishment]])
    limit, _ = largest_grounding([row, row.T])
    for epsilon, held in ((limit, True), (limit + Fraction(1, 50), limit == 1)):
        if 0 <= epsilon <= 1:
            mixed = [plays([Fraction(k, 200), 1 - Fraction(k, 200)], name=str(k)) for k in range(201)]
            found = program_game([row, row.T], [simulating(0, epsilon=epsilon)], mixed)
            assert (found.payoffs[1].max() <= reward + 1e-12) == held


def test_each_players_grounding_is_bound_by_what_the_other_gains():
    mild, sharp = np.array([[3, 0], [4, 1]]), np.array([[3, 0], [5, 1]])
    first, second = largest_grounding([mild, sharp.T])
    assert (first, second) == (largest_grounding([sharp, sharp.T])[0], largest_grounding([mild, mild.T])[0])
    assert first == Fraction(1, 3)
    assert second == Fraction(2, 3)
    assert largest_grounding([mild, np.array([[0, 1], [0, 1]])])[0] is None
    # 2R = T + S leaves ε = 0 alone, with which two programs never halt; with a little less of T there is one
    assert largest_grounding([[[1, -1], [3, -2]], [[1, 3], [-1, -2]]]) == (None, None)
    assert largest_grounding([[[1, -1], ["5/2", -2]], [[1, "5/2"], [-1, -2]]]) == (Fraction(1, 4), Fraction(1, 4))


def test_the_choice_of_programs_is_a_game_of_the_library():
    import nashscape as ns

    names = ["CooperateBot", "DefectBot", "PrudentBot"]
    found = ns.programs.program_game(ns.games.prisoners_dilemma(), [KNOWN[name] for name in names])
    pure = {tuple(np.argmax(own) for own in point.strategies) for point in ns.equilibria(found.as_game())
            if max(own.max() for own in point.strategies) == 1}  # fmt: skip
    assert {(1, 1), (2, 2)} <= pure
    assert found.as_game().actions[0] == tuple(names)
    ranked = ns.ranking.alpha_rank(found.payoffs[0], names=names)
    assert ranked.profiles[ranked.order[0]] == "PrudentBot"
    population = ns.evolution.finite_population(found.payoffs[0], 20, types=names, process="fermi")
    assert ns.evolution.takeovers(population).of("PrudentBot", "DefectBot") > 1 / 20


def test_parameters_that_are_read_strongly_are_programs_that_compare_texts():
    import nashscape as ns

    learners = ns.open_source(ns.games.prisoners_dilemma(), 3.0)  # logits θ_i + 3 θ_j: what the other says counts
    corners = [40.0, -40.0]
    read = [[[float(own[0]) for own in learners.strategies(np.array([a, b]))] for b in corners] for a in corners]
    like, unlike = clique(name="+"), clique(name="−", then=1, otherwise=0)
    found = program_game(ns.games.prisoners_dilemma(), [like, unlike])
    np.testing.assert_allclose(np.stack([found.row_shares[..., 0], found.column_shares[..., 0]], -1), read, atol=1e-9)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("box(them(me)", "expected ')'"),
        ("them(me)", "outside of a box"),
        ("box(them(me)) or me(them)", "outside of a box"),
        ("box(them(FairBt))", "FairBt"),
        ("box(__import__('os'))", "cannot read"),
        ("box(them(me)) box(true)", "character 15"),
        ("", "a formula is as"),
        ("not " * 2000, "of at most"),
        ("(" * 400 + "true", "nested"),
        ("not " * 400 + "true", "nested"),
        ("box999999(true)", "k up to 99"),
    ],
)
def test_what_is_no_formula_is_told_with_its_place(text, wrong):
    with pytest.raises(
        InputError, match="(?s)" + wrong.replace("(", r"\(").replace(")", r"\)") if "s)" not in wrong else wrong
    ):
        modal(text)


@pytest.mark.parametrize(
    ("make", "wrong"),
    [
        (lambda: plays([0.5, 0.6]), "sum to one"),
        (lambda: plays(-1), "at least 0"),
        (lambda: simulating(0, epsilon=1.5), "from 0 to 1"),
        (lambda: simulating(0, depth=-1), "at least 0"),
        (lambda: simulating(0, depth=101), "at most 100"),
        (lambda: modal("true", programs={"me": plays(0)}), "no name for a program"),
        (lambda: clique(members=["FairBot"]), "a program is made by"),
        (lambda: program_game(DILEMMA, []), "there must be one"),
        (lambda: program_game(DILEMMA, [plays(0), plays(0)]), "different names"),
        (lambda: program_game(np.zeros((3, 2, 2, 2)), [plays(0)]), "two players"),
        (lambda: modal_programs(9), "smaller size"),
        (lambda: largest_grounding(UNEVEN), "two actions each"),
        (lambda: program_game("stag_hunt", [plays(0)]), "table of payoffs"),
        (lambda: modal("true", programs=["DefectBot"]), "name: program"),
        (lambda: clique(members=clique()), "a list of programs"),
        (lambda: simulating(0, responses=3), "responses are a list"),
        (lambda: program_game(DILEMMA, clique()), "programs are a list"),
    ],
)
def test_what_is_no_program_is_told(make, wrong):
    with pytest.raises(InputError, match=wrong):
        make()


def test_what_a_formula_decides_between_may_be_any_action_or_mixture():
    first, second = modal("box(them(me))", name="either", then=["1/2", "1/2"]), modal("true", name="third", then=2)
    found = program_game(UNEVEN, [first], [second, plays(0)])
    assert found.row_shares[0].tolist() == [[0, 1], [0.5, 0.5]]
    assert found.column_shares[0, 0].tolist() == [0, 0, 1]


def test_cells_of_tables_and_pictures_say_what_is_played():
    from matplotlib.patches import Rectangle

    found = program_game(DILEMMA, [KNOWN["DefectBot"], KNOWN["CliqueBot"]], [KNOWN["CliqueBot"], plays([0.5, 0.5])])
    assert found.table().rows == (("DefectBot", "11", "1/0.5 0.5"), ("CliqueBot", "00*", "1/0.5 0.5"))
    axes = found.plot().axes[0]
    assert [text.get_text() for text in axes.texts] == ["11", "1\n0.5 0.5", "00", "1\n0.5 0.5"]
    frames = [one for one in axes.patches if type(one) is Rectangle]
    assert [(one.get_center().tolist(), one.get_linestyle()) for one in frames] == [([0, 1], "-")]
    many = program_game(DILEMMA, [plays(0)], modal_programs(3)).table()
    assert len(many.columns) == 13
    assert "14 more programs of player 2 are in to_columns()." in many.notes
    columns = found.to_columns()
    assert columns["payoff_0"].tolist() == [1, 3, 3, 3]
    assert columns["strict"].tolist() == [False, False, True, False]


def test_published_programs_are_named_and_one_matrix_is_of_players_who_are_alike():
    names = ["DefectBot", "FairBot", "GroundedFairBot"]
    found = program_game([[3, 0], [5, 1]], names, [*names, plays(0, name="mine")])
    wanted = program_game(np.array([[[3, 0], [5, 1]], [[3, 5], [0, 1]]]), [KNOWN[k] for k in names],
                          [*(KNOWN[k] for k in names), plays(0, name="mine")])  # fmt: skip
    np.testing.assert_array_equal(found.payoffs, wanted.payoffs)
    assert found.question.differs(wanted.question) == ()
    with pytest.raises(InputError, match="unknown published program 'FairBott'; did you mean 'FairBot'"):
        program_game([[3, 0], [5, 1]], ["FairBott"])
    endless = [simulating(0, name="ann"), simulating(1, name="bob")]
    with pytest.raises(InputError, match=r"^bob and ann simulate each other for ever"):
        program_game([[3, 0], [5, 1]], endless[:1], endless[1:])
    with pytest.raises(InputError, match=r"names DefectBot, .*programs=.'DefectBot': ….*published\(\)"):
        modal("box(them(DefectBot))")
