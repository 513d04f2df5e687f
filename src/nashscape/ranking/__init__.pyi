from .lotteries import best_mixture as best_mixture
from .matches import Matches as Matches
from .matches import counted_matches as counted_matches
from .matches import matches as matches
from .methods import ranking_catalogue as ranking_catalogue
from .ranking_results import Ranking as Ranking
from .ranking_results import Scored as Scored
from .verb import rank as rank
