"""Simulated platforms on loopback: what the tests and the demonstration connect to instead of the real ones.

Built from public documentation (state: autumn 2026), traps included. Nothing else in the console imports
this room; the demonstration starts it as a process (`python -m console.platforms.simulator`).
"""
