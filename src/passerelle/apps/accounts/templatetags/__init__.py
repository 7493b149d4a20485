"""Small tags about rights and roles."""
