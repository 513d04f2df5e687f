"""Where runs are going: the account of endings."""
