"""Disclosure control: what a reader could work out of everything published, and what prevents it."""
