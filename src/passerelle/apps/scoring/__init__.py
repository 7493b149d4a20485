"""Scores with their reasons, and the moves of leads from stage to stage."""
