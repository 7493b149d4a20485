"""Tags of the sources' pages."""
