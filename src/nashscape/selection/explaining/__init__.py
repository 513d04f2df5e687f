"""Why a run ends where it ends, and what would change that."""
