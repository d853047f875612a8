"""Identifiers, links, fraud, repetition and what a message stands in."""
