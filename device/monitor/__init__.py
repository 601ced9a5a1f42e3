"""The live view of the mat in a terminal: what it shows, how it is drawn, how keys are read."""
