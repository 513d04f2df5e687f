from .environments import check_environment as check_environment
from .estimators import check_estimator as check_estimator
from .games import check_game as check_game
from .packages import check_package as check_package
from .results import check_result as check_result
from .rules import check_rule as check_rule
from .schedules import check_schedule as check_schedule
from .semantics import check_semantics as check_semantics
