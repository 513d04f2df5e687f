"""`python -m nashscape` is the command line."""

from nashscape.cli import main

if __name__ == "__main__":
    main()
