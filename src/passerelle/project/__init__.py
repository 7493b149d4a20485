"""Assembles the rooms into the command line; decides nothing itself."""
