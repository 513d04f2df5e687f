from .growing import grow as grow
from .grown import Grown as Grown
from .lessons import Lesson as Lesson
from .meta_solvers import MetaGame as MetaGame
from .plans import GrowingPlan as GrowingPlan
from .plans import Role as Role
from .ways import growing_catalogue as growing_catalogue
