"""Tests that no part owns: journeys, acceptance, faults, access, architecture."""
