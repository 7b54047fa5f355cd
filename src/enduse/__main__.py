"""`python -m enduse` is the command line."""

from enduse.cli import main

main()
