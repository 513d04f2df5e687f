"""The publications behind the methods: a rule, a game, a measurement brings its sources as objects."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from nashscape.core.errors import InputError


@dataclass(frozen=True)
class Source:
    """A publication: a short `key`, its `text` as it is cited, and its `url`, empty where there is none.

    >>> print(Source("nash", "Nash: Non-Cooperative Games. Annals of Mathematics 54, 286–295, 1951."))
    Nash: Non-Cooperative Games. Annals of Mathematics 54, 286–295, 1951.
    """

    key: str
    text: str
    url: str = ""

    def __str__(self) -> str:
        """The text and the address, as one line."""
        return f"{self.text} {self.url}".rstrip()

    @classmethod
    def from_plain(cls, data: Any) -> "Source":
        """The source whose plain data this is; of a key alone, as older files have it, one with the key as text."""
        return cls(**data) if isinstance(data, Mapping) else cls(str(data), str(data))


def checked_sources(given: Iterable[Any]) -> tuple[Source, ...]:
    """The sources, each once.

    Raises:
        InputError: for anything that is not a `Source`.
    """
    sources = tuple(dict.fromkeys(given))
    for one in sources:
        if not isinstance(one, Source):  # class: the form of the data itself
            raise InputError(
                f"a source is nashscape.core.Source(key, text, url), and sources are a tuple of them; got {one!r}"
            )
    return sources


def cite(sources: Iterable[Source]) -> str:
    """The sources as text, one per line, each once.

    >>> print(cite([OPEN_SOURCE]))
    Todorov, ten Napel, Müller: Parametric Open Source Games. arXiv:2606.27068, 2026. https://arxiv.org/...
    """
    return "\n".join(dict.fromkeys(map(str, sources)))


def library(version: str) -> Source:
    """This library as a publication, which every result cites before the sources of its methods.

    >>> library("0.1.0").text
    'The nashscape developers: nashscape, version 0.1.0. Computer software.'
    """
    return Source("nashscape", f"The nashscape developers: nashscape, version {version}. Computer software.")


BASIN_ENTRY = Source(
    "basin_entry",
    "Shcherbinin, Redina, Kalpin, Kochetov: Equilibrium Selection in Multi-Agent Policy Gradients via "
    "Opponent-Aware Basin Entry. arXiv:2605.18078, 2026.",
    "https://arxiv.org/abs/2605.18078",
)
OPEN_SOURCE = Source(
    "open_source",
    "Todorov, ten Napel, Müller: Parametric Open Source Games. arXiv:2606.27068, 2026.",
    "https://arxiv.org/abs/2606.27068",
)
GRADIENT_DYNAMICS = Source(
    "gradient_dynamics",
    "Singh, Kearns, Mansour: Nash Convergence of Gradient Dynamics in General-Sum Games. UAI 2000, 541–548.",
)
POLICY_GRADIENT = Source(
    "policy_gradient",
    "Williams: Simple Statistical Gradient-Following Algorithms for Connectionist Reinforcement Learning. Machine "
    "Learning 8, 229–256, 1992.",
    "https://doi.org/10.1007/BF00992696",
)
GENERALISED_ADVANTAGES = Source(
    "generalised_advantages",
    "Schulman, Moritz, Levine, Jordan, Abbeel: High-Dimensional Continuous Control Using Generalized Advantage "
    "Estimation. ICLR 2016.",
    "https://arxiv.org/abs/1506.02438",
)
ACTOR_CRITIC = Source(
    "actor_critic",
    "Mnih, Puigdomènech Badia, Mirza, Graves, Lillicrap, Harley, Silver, Kavukcuoglu: Asynchronous Methods for Deep "
    "Reinforcement Learning. ICML 2016.",
    "https://arxiv.org/abs/1602.01783",
)
PPO = Source(
    "ppo",
    "Schulman, Wolski, Dhariwal, Radford, Klimov: Proximal Policy Optimization Algorithms. arXiv:1707.06347, 2017.",
    "https://arxiv.org/abs/1707.06347",
)
MAPPO = Source(
    "mappo",
    "Yu, Velu, Vinitsky, Gao, Wang, Bayen, Wu: The Surprising Effectiveness of PPO in Cooperative Multi-Agent Games. "
    "NeurIPS Datasets and Benchmarks 2022.",
    "https://arxiv.org/abs/2103.01955",
)
VALUE_DECOMPOSITION = Source(
    "value_decomposition",
    "Sunehag, Lever, Gruslys, Czarnecki, Zambaldi, Jaderberg, Lanctot, Sonnerat, Leibo, Tuyls, Graepel: "
    "Value-Decomposition Networks for Cooperative Multi-Agent Learning Based on Team Reward. AAMAS 2018.",
    "https://arxiv.org/abs/1706.05296",
)
Q_LEARNING = Source(
    "q_learning",
    "Watkins, Dayan: Q-Learning. Machine Learning 8, 279–292, 1992.",
    "https://doi.org/10.1007/BF00992698",
)
EXPECTED_SARSA = Source(
    "expected_sarsa",
    "van Seijen, van Hasselt, Whiteson, Wiering: A Theoretical and Empirical Analysis of Expected Sarsa. ADPRL 2009, "
    "177–184.",
    "https://doi.org/10.1109/ADPRL.2009.4927542",
)
DOUBLE_Q_LEARNING = Source(
    "double_q_learning",
    "van Hasselt, Guez, Silver: Deep Reinforcement Learning with Double Q-Learning. AAAI 2016.",
    "https://arxiv.org/abs/1509.06461",
)
META_MAPG = Source(
    "meta_mapg",
    "Kim, Liu, Riemer, Sun, Abdulhai, Habibi, Lopez-Cot, Tesauro, How: A Policy Gradient Algorithm for "
    "Learning to Learn in Multiagent Reinforcement Learning. ICML 2021.",
    "https://arxiv.org/abs/2011.00382",
)
LOLA = Source(
    "lola",
    "Foerster, Chen, Al-Shedivat, Whiteson, Abbeel, Mordatch: Learning with Opponent-Learning Awareness. AAMAS 2018.",
    "https://arxiv.org/abs/1709.04326",
)
DICE = Source(
    "dice",
    "Foerster, Farquhar, Al-Shedivat, Rocktäschel, Xing, Whiteson: DiCE: The Infinitely Differentiable Monte Carlo "
    "Estimator. ICML 2018.",
    "https://arxiv.org/abs/1802.05098",
)
LOADED_DICE = Source(
    "loaded_dice",
    "Farquhar, Whiteson, Foerster: Loaded DiCE: Trading off Bias and Variance in Any-Order Score Function Gradient "
    "Estimators for Reinforcement Learning. NeurIPS 2019.",
    "https://arxiv.org/abs/1909.10549",
)
LOOKAHEAD = Source(
    "lookahead",
    "Zhang, Lesser: Multi-Agent Learning with Policy Prediction. AAAI 2010, 927–934.",
    "https://doi.org/10.1609/aaai.v24i1.7639",
)
SOS = Source(
    "sos",
    "Letcher, Foerster, Balduzzi, Rocktäschel, Whiteson: Stable Opponent Shaping in Differentiable Games. ICLR 2019.",
    "https://arxiv.org/abs/1811.08469",
)
COLA = Source(
    "cola",
    "Willi, Letcher, Treutlein, Foerster: COLA: Consistent Learning with Opponent-Learning Awareness. ICML 2022.",
    "https://arxiv.org/abs/2203.04098",
)
POLA = Source(
    "pola",
    "Zhao, Lu, Grosse, Foerster: Proximal Learning With Opponent-Learning Awareness. NeurIPS 2022.",
    "https://arxiv.org/abs/2210.10125",
)
EXTRAGRADIENT = Source(
    "extragradient",
    "Korpelevich: The Extragradient Method for Finding Saddle Points and Other Problems. Matecon 12, 747–756, 1976.",
)
CONSENSUS = Source(
    "consensus",
    "Mescheder, Nowozin, Geiger: The Numerics of GANs. NeurIPS 2017.",
    "https://arxiv.org/abs/1705.10461",
)
SGA = Source(
    "sga",
    "Balduzzi, Racanière, Martens, Foerster, Tuyls, Graepel: The Mechanics of n-Player Differentiable Games. "
    "ICML 2018.",
    "https://arxiv.org/abs/1802.05642",
)
CGD = Source(
    "cgd",
    "Schäfer, Anandkumar: Competitive Gradient Descent. NeurIPS 2019.",
    "https://arxiv.org/abs/1905.12103",
)
POLYMATRIX_CGD = Source(
    "polymatrix_cgd",
    "Ma, Letcher, Schäfer, Shi, Anandkumar: Polymatrix Competitive Gradient Descent. arXiv:2111.08565, 2021.",
    "https://arxiv.org/abs/2111.08565",
)
LOCAL_SYMPLECTIC_SURGERY = Source(
    "local_symplectic_surgery",
    "Mazumdar, Jordan, Sastry: On Finding Local Nash Equilibria (and Only Local Nash Equilibria) in Zero-Sum "
    "Games. arXiv:1901.00838, 2019.",
    "https://arxiv.org/abs/1901.00838",
)
NATURAL_GRADIENT = Source(
    "natural_gradient",
    "Amari: Natural Gradient Works Efficiently in Learning. Neural Computation 10, 251–276, 1998.",
    "https://doi.org/10.1162/089976698300017746",
)
NATURAL_POLICY_GRADIENT = Source(
    "natural_policy_gradient",
    "Kakade: A Natural Policy Gradient. NIPS 2001.",
)
REPLICATOR = Source(
    "replicator",
    "Taylor, Jonker: Evolutionarily Stable Strategies and Game Dynamics. Mathematical Biosciences 40, 145–156, 1978.",
    "https://doi.org/10.1016/0025-5564(78)90077-9",
)
PSEUDO_ARCLENGTH = Source(
    "pseudo_arclength",
    "Keller: Numerical Solution of Bifurcation and Nonlinear Eigenvalue Problems. In Rabinowitz (ed.), "
    "Applications of Bifurcation Theory, 359–384. Academic Press, 1977.",
)
WILSON = Source(
    "wilson",
    "Wilson: Probable Inference, the Law of Succession, and Statistical Inference. "
    "Journal of the American Statistical Association 22, 209–212, 1927.",
    "https://doi.org/10.1080/01621459.1927.10502953",
)
CLOPPER_PEARSON = Source(
    "clopper_pearson",
    "Clopper, Pearson: The Use of Confidence or Fiducial Limits Illustrated in the Case of the Binomial. "
    "Biometrika 26, 404–413, 1934.",
    "https://doi.org/10.1093/biomet/26.4.404",
)
HOEFFDING = Source(
    "hoeffding",
    "Hoeffding: Probability Inequalities for Sums of Bounded Random Variables. "
    "Journal of the American Statistical Association 58, 13–30, 1963.",
    "https://doi.org/10.1080/01621459.1963.10500830",
)
THREEFRY = Source(
    "threefry",
    "Salmon, Moraes, Dror, Shaw: Parallel Random Numbers: As Easy as 1, 2, 3. SC 2011.",
    "https://doi.org/10.1145/2063384.2063405",
)
ROBBINS = Source(
    "robbins",
    "Robbins: Statistical Methods Related to the Law of the Iterated Logarithm. "
    "Annals of Mathematical Statistics 41, 1397–1409, 1970.",
    "https://doi.org/10.1214/aoms/1177696786",
)
HOWARD = Source(
    "howard",
    "Howard, Ramdas, McAuliffe, Sekhon: Time-Uniform, Nonparametric, Nonasymptotic Confidence Sequences. "
    "Annals of Statistics 49, 1055–1080, 2021.",
    "https://arxiv.org/abs/1810.08240",
)
EXTREME_EQUILIBRIA = Source(
    "extreme_equilibria",
    "Avis, Rosenberg, Savani, von Stengel: Enumeration of Nash Equilibria for Two-Player Games. Economic "
    "Theory 42, 9–37, 2010.",
    "https://doi.org/10.1007/s00199-009-0449-x",
)
LEMKE_HOWSON = Source(
    "lemke_howson",
    "Lemke, Howson: Equilibrium Points of Bimatrix Games. SIAM Journal on Applied Mathematics 12, 413–423, 1964.",
    "https://doi.org/10.1137/0112033",
)
KRAWCZYK = Source(
    "krawczyk",
    "Krawczyk: Newton-Algorithmen zur Bestimmung von Nullstellen mit Fehlerschranken. Computing 4, 187–201, 1969.",
    "https://doi.org/10.1007/BF02234767",
)
HARSANYI_SELTEN = Source(
    "harsanyi_selten",
    "Harsanyi, Selten: A General Theory of Equilibrium Selection in Games. MIT Press, 1988.",
)
QUANTAL_RESPONSE = Source(
    "quantal_response",
    "McKelvey, Palfrey: Quantal Response Equilibria for Normal Form Games. Games and Economic Behavior 10, 6–38, 1995.",
    "https://doi.org/10.1006/game.1995.1023",
)
RATIONALISABILITY = Source(
    "rationalisability",
    "Pearce: Rationalizable Strategic Behavior and the Problem of Perfection. Econometrica 52, 1029–1050, 1984.",
    "https://doi.org/10.2307/1911197",
)
CORRELATED_RATIONALISABILITY = Source(
    "correlated_rationalisability",
    "Brandenburger, Dekel: Rationalizability and Correlated Equilibria. Econometrica 55, 1391–1402, 1987.",
    "https://doi.org/10.2307/1913562",
)
MINIMAX = Source(
    "minimax",
    "von Neumann: Zur Theorie der Gesellschaftsspiele. Mathematische Annalen 100, 295–320, 1928.",
    "https://doi.org/10.1007/BF01448847",
)
LEMKE_HOWSON_NETWORKS = Source(
    "lemke_howson_networks",
    "Shapley: A Note on the Lemke–Howson Algorithm. Mathematical Programming Study 1, 175–189, 1974.",
    "https://doi.org/10.1007/BFb0121248",
)
POTENTIAL_GAMES = Source(
    "potential_games",
    "Monderer, Shapley: Potential Games. Games and Economic Behavior 14, 124–143, 1996.",
    "https://doi.org/10.1006/game.1996.0044",
)
ORDINAL_POTENTIALS = Source(
    "ordinal_potentials",
    "Voorneveld, Norde: A Characterization of Ordinal Potential Games. Games and Economic Behavior 19, 235–242, 1997.",
    "https://doi.org/10.1006/game.1997.0554",
)
FLOWS_OF_GAMES = Source(
    "flows_of_games",
    "Candogan, Menache, Ozdaglar, Parrilo: Flows and Decompositions of Games: Harmonic and Potential Games. "
    "Mathematics of Operations Research 36, 474–503, 2011.",
    "https://doi.org/10.1287/moor.1110.0500",
)
FICTITIOUS_PLAY = Source(
    "fictitious_play",
    "Brown: Iterative Solution of Games by Fictitious Play. In Koopmans (ed.): Activity Analysis of Production and "
    "Allocation, 374–376, Wiley, 1951.",
)
FICTITIOUS_PLAY_ZERO_SUM = Source(
    "fictitious_play_zero_sum",
    "Robinson: An Iterative Method of Solving a Game. Annals of Mathematics 54, 296–301, 1951.",
    "https://doi.org/10.2307/1969530",
)
FICTITIOUS_PLAY_CIRCLES = Source(
    "fictitious_play_circles",
    "Shapley: Some Topics in Two-Person Games. In Advances in Game Theory, Annals of Mathematics Studies 52, 1–28, "
    "1964.",
)
FICTITIOUS_PLAY_PROPERTY = Source(
    "fictitious_play_property",
    "Monderer, Shapley: Fictitious Play Property for Games with Identical Interests. Journal of Economic Theory 68, "
    "258–265, 1996.",
    "https://doi.org/10.1006/jeth.1996.0014",
)
