"""Whatever yields frames: the mat, a simulated one, a recording. Each says by its name which."""
