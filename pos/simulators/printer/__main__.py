"""`python -m pos.simulators.printer`."""

from pos.simulators.printer.run import main

raise SystemExit(main())
