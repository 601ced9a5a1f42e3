"""What `pronemat doctor` knows: evidence of the mat and of the machine, and what follows."""
