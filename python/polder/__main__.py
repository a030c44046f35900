"""`python -m polder` is the `polder` command."""

from polder.commands import main

main()
