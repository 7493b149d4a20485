"""The self-contained HTML report of one scoring run; `writing` writes it.

Nothing is loaded here: drawing costs a second, and the pages ask this room for names alone.
"""
