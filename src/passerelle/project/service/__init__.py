"""The running service: its processes, what answers where, how it is watched."""
