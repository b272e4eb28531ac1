"""Fuzzing: every parser on files and texts made wrong on purpose.

`python -m tests.fuzz --minutes 30` runs a campaign; CI runs a short one from a fixed seed.
"""
