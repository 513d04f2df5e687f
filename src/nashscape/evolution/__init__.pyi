from .finite_population import FinitePopulation as FinitePopulation
from .finite_population import finite_population as finite_population
from .mutation_laws import MutationLaw as MutationLaw
from .mutation_laws import mutation_law as mutation_law
from .takeovers import Takeovers as Takeovers
from .takeovers import takeovers as takeovers
