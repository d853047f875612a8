"""Functional tests of the verdicts by rule and phenomenon: `python3 -m tests.phenomena`."""
