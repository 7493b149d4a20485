"""Leads and events read from the files people have, and results written back."""
