"""Demonstrations in one command: two desks on one database, and a desk on simulated platforms."""
