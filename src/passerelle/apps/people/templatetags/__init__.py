"""Small tags about people."""
