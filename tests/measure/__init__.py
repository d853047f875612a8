"""The engine's figures on sets kept beside the project, and its cost: `python3 -m tests.measure`."""
