"""Pure Python, no I/O: the agreement, the reference scorer, the lifecycle."""
