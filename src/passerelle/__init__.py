"""Passerelle: one agreement between marketing and sales, one meaning of a score."""

__version__ = "0.1.0"
