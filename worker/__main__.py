"""`python -m worker` is `savvycal-sync`."""

from worker.cli import main

main()
