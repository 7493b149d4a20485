"""What commands found, as a person at a terminal reads it."""
