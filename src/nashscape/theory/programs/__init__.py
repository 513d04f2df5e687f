"""Program equilibria: boundary tests, best deviations, pure and mixed equilibria in parameters."""
