"""Joining a shared database, and what can be changed about it afterwards."""
