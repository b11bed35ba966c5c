"""Disclosure control: what a reader could work out of everything published, and what to withhold against it."""
