"""`python -m device` is the `pronemat` command."""

from device.cli import main

main()
