"""Strategies that have names, with where they come from."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from nashscape.core import Source


class Known(NamedTuple):
    """A strategy that has a name.

    Attributes:
        names: the first is used, others are understood.
        definition: "first: CC CD DC DD" of one that remembers a round; else the states of an automaton; of GTFT
            generosity is that of the stage game.
        source: key of the publication.
    """

    names: tuple[str, ...]
    definition: str
    source: str


GENEROUS = "generosity"

KNOWN: tuple[Known, ...] = (
    Known(("ALLC", "Cooperator"), "1: 1 1 1 1", "evolution_of_cooperation"),
    Known(("ALLD", "Defector"), "0: 0 0 0 0", "evolution_of_cooperation"),
    Known(("Random",), "1/2: 1/2 1/2 1/2 1/2", "effective_choice"),
    Known(("TFT", "Tit for Tat"), "1: 1 0 1 0", "effective_choice"),
    Known(("Suspicious TFT", "STFT"), "0: 1 0 1 0", "no_pure_strategy"),
    Known(("Bully", "Reverse TFT"), "0: 0 1 0 1", "nachbar"),
    Known(("Grudger", "Grim", "Friedman"), "1: 1 0 0 0", "effective_choice"),
    Known(("WSLS", "Pavlov"), "1: 1 0 0 1", "win_stay"),
    Known(("Win-Shift Lose-Stay", "Reverse Pavlov"), "0: 0 1 1 0", "engineering"),
    Known(("Alternator", "CD"), "1: 0 0 1 1", "optimal_strategies"),
    Known(("Joss",), "1: 9/10 0 9/10 0", "effective_choice"),
    Known(("Grofman",), "1: 1 2/7 2/7 1", "effective_choice"),
    Known(("GTFT", "Generous TFT"), GENEROUS, "generous"),
    Known(("Soft Joss",), "1: 1 1/10 1 1/10", "prison"),
    Known(("Firm But Fair",), "1: 1 0 1 2/3", "frean"),
    Known(("Stochastic WSLS",), "1: 19/20 1/20 1/20 19/20", "zero_determinant_instability"),
    Known(("Stochastic Cooperator",), "1: 0.935 0.229 0.266 0.42", "zero_determinant_instability"),
    Known(("ZD-Extort-2",), "1: 8/9 1/2 1/3 0", "extortion_and_cooperation"),
    Known(("ZD-Extort-3",), "1: 11/13 1/2 7/26 0", "press_dyson"),
    Known(("ZD-GTFT-2",), "1: 1 1/8 1 1/4", "extortion_and_cooperation"),
    Known(("ZD-Set-2",), "1: 3/4 1/4 1/2 1/4", "encyclopedia"),
    Known(("TF2T", "Tit for Two Tats"), "C 0 1 / C 0 2 / D 0 2", "evolution_of_cooperation"),
    Known(("2TFT", "Two Tits for Tat"), "C 0 1 / D 2 1 / D 0 1", "evolution_of_cooperation"),
    Known(("Hard TFT",), "C 0 1 / D 2 1 / D 3 1 / D 0 1", "hard_tit_for_tat"),
    Known(("Hard TF2T",), "C 0 1 / C 0 2 / D 3 2 / D 0 1", "extortion_and_cooperation"),
    Known(("Slow TFT",), "C 1 2 / C 1 2 1 3 / C 1 3 4 3 / D 1 3 4 3 / D 1 2 1 3", "prison"),
    Known(("Contrite TFT", "CTFT"), "C 0 1 2 0 / D 0 1 0 1 / C 0 0 2 2", "noise"),
    Known(("Fool Me Once",), "C 0 1 / C 1 2 / D 2 2", "axelrod_library"),
    Known(("Soft Grudger",), "C 0 1 / D 2 2 / D 3 3 / D 4 4 / D 5 5 / C 6 6 / C 0 1", "engineering"),
    Known(("Prober",), "D 1 1 / C 2 3 / C 4 6 / C 5 6 / D 4 4 / C 5 6 / D 5 6", "engineering"),
    Known(("Handshake",), "C 1 3 / D 3 2 / C 2 2 / D 3 3", "handshake"),
    Known(("CCD",), "C 1 1 / C 2 2 / D 0 0", "optimal_strategies"),
    Known(("DDC",), "D 1 1 / D 2 2 / C 0 0", "optimal_strategies"),
    Known(("Tester",), "D 1 2 / C 3 2 / C 2 4 / C 5 2 / D 2 4 / D 3 2", "more_effective_choice"),
    Known(("Fortress3",), "D 0 1 / D 0 2 / C 2 0", "changes_over_time"),
    Known(("Fortress4",), "D 0 1 / D 0 2 / D 0 3 / C 3 0", "changes_over_time"),
    Known(("Pun1",), "D 1 1 / C 2 0 / C 1 1", "representations"),
    Known(("Ripoff",), "D 1 2 / C 0 2 / C 2 3 / D 2 3", "fingerprinting"),
    Known(("Thumper",), "C 0 1 / D 2 2 / D 0 1", "fingerprinting"),
)

SOURCES: Mapping[str, Source] = MappingProxyType({key: Source(key, *told) for key, told in {
    "effective_choice": (
        "Axelrod: Effective Choice in the Prisoner's Dilemma. Journal of Conflict Resolution 24, 3–25, 1980.",
        "https://doi.org/10.1177/002200278002400101",
    ),
    "more_effective_choice": (
        "Axelrod: More Effective Choice in the Prisoner's Dilemma. Journal of Conflict Resolution 24, 379–403, "
        "1980.",
        "https://doi.org/10.1177/002200278002400301",
    ),
    "evolution_of_cooperation": ("Axelrod: The Evolution of Cooperation. Basic Books, 1984.",),
    "no_pure_strategy": (
        "Boyd, Lorberbaum: No Pure Strategy Is Evolutionarily Stable in the Repeated Prisoner's Dilemma Game. "
        "Nature 327, 58–59, 1987.",
        "https://doi.org/10.1038/327058a0",
    ),
    "nachbar": (
        "Nachbar: Evolution in the Finitely Repeated Prisoner's Dilemma. Journal of Economic Behavior and "
        "Organization 19, 307–326, 1992.",
    ),
    "win_stay": (
        "Nowak, Sigmund: A Strategy of Win-Stay, Lose-Shift That Outperforms Tit-for-Tat in the Prisoner's "
        "Dilemma Game. Nature 364, 56–58, 1993.",
        "https://doi.org/10.1038/364056a0",
    ),
    "generous": (
        "Nowak, Sigmund: Tit for Tat in Heterogeneous Populations. Nature 355, 250–253, 1992.",
        "https://doi.org/10.1038/355250a0",
    ),
    "engineering": (
        "Li, Hingston, Kendall: Engineering Design of Strategies for Winning Iterated Prisoner's Dilemma "
        "Competitions. IEEE Transactions on Computational Intelligence and AI in Games 3, 348–360, 2011.",
    ),
    "prison": ("LIFL: PRISON, 1998.", "http://www.lifl.fr/IPD/ipd.frame.html"),
    "frean": (
        "Frean: The Prisoner's Dilemma without Synchrony. Proceedings of the Royal Society B 257, 75–79, 1994.",
    ),
    "zero_determinant_instability": (
        "Adami, Hintze: Evolutionary Instability of Zero-Determinant Strategies Demonstrates That Winning Is Not "
        "Everything. Nature Communications 4, 2193, 2013.",
        "https://doi.org/10.1038/ncomms3193",
    ),
    "extortion_and_cooperation": (
        "Stewart, Plotkin: Extortion and Cooperation in the Prisoner's Dilemma. Proceedings of the National "
        "Academy of Sciences 109, 10134–10135, 2012.",
        "https://doi.org/10.1073/pnas.1208087109",
    ),
    "press_dyson": (
        "Press, Dyson: Iterated Prisoner's Dilemma Contains Strategies That Dominate Any Evolutionary Opponent. "
        "Proceedings of the National Academy of Sciences 109, 10409–10413, 2012.",
        "https://doi.org/10.1073/pnas.1206569109",
    ),
    "encyclopedia": (
        "Kuhn: Prisoner's Dilemma. In Zalta (ed.): The Stanford Encyclopedia of Philosophy, 2017.",
        "https://plato.stanford.edu/archives/spr2017/entries/prisoner-dilemma/",
    ),
    "hard_tit_for_tat": (
        "The Iterated Prisoner's Dilemma Competition, 2004.",
        "http://www.prisoners-dilemma.com/competition.html",
    ),
    "noise": (
        "Wu, Axelrod: How to Cope with Noise in the Iterated Prisoner's Dilemma. Journal of Conflict Resolution "
        "39, 183–189, 1995.",
        "https://doi.org/10.1177/0022002795039001008",
    ),
    "axelrod_library": (
        "Knight et al.: An Open Framework for the Reproducible Study of the Iterated Prisoner's Dilemma. Journal "
        "of Open Research Software 4, e35, 2016.",
        "https://doi.org/10.5334/jors.125",
    ),
    "handshake": (
        "Robson: Efficiency in Evolutionary Games: Darwin, Nash and the Secret Handshake. Journal of Theoretical "
        "Biology 144, 379–396, 1990.",
    ),
    "optimal_strategies": (
        "Mittal, Deb: Optimal Strategies of the Iterated Prisoner's Dilemma Problem for Multiple Conflicting "
        "Objectives. IEEE Transactions on Evolutionary Computation 13, 554–565, 2009.",
        "https://doi.org/10.1109/TEVC.2008.2009459",
    ),
    "changes_over_time": (
        "Ashlock, Ashlock: Changes in Prisoner's Dilemma Strategies over Evolutionary Time with Different "
        "Population Sizes. IEEE Congress on Evolutionary Computation 2006.",
        "https://doi.org/10.1109/CEC.2006.1688322",
    ),
    "representations": (
        "Ashlock, Kim, Leahy: Understanding Representational Sensitivity in the Iterated Prisoner's Dilemma with "
        "Fingerprints. IEEE Transactions on Systems, Man, and Cybernetics C 36, 464–475, 2006.",
    ),
    "fingerprinting": (
        "Ashlock, Kim: Fingerprinting: Visualization and Automatic Analysis of Prisoner's Dilemma Strategies. "
        "IEEE Transactions on Evolutionary Computation 12, 647–659, 2008.",
        "https://doi.org/10.1109/TEVC.2008.920675",
    ),
}.items()})  # fmt: skip
"""The publications that the strategies are from, by key."""
