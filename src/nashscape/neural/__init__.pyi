from .held_policies import Policies as Policies
from .held_policies import policies as policies
from .ready_policies import perceptrons as perceptrons
from .ready_policies import recurrent as recurrent
