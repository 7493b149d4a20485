"""The frame of every page: its templates, its looks, its small tags and tables."""
