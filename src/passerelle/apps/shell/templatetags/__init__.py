"""Small tags that any page may use."""
