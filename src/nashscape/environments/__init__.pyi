from .adapters.making import aec_env as aec_env
from .adapters.making import gymnasium_env as gymnasium_env
from .adapters.making import parallel_env as parallel_env
from .game_rounds import Rounds as Rounds
from .game_rounds import rounds as rounds
