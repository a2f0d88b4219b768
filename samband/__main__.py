"""`python -m samband`: the same as the `samband` command."""

from samband.conf.cli import main

main()
