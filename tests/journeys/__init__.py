"""Journeys of people through the running house, in a real browser."""
