"""Measurements, each as a ratio to a floor of the same run: a machine's speed cancels out."""
