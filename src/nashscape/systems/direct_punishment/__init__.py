"""Direct punishment, third parties, choice of partners and reputation: which of them make learners cooperate."""
