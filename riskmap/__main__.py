"""Lets ``python -m riskmap`` be the command."""

from riskmap.cli import main

if __name__ == "__main__":
    main()
