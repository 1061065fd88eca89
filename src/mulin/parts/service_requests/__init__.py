"""A matter is raised, accepted, dispatched, taken, handled, and confirmed by the person it was for, who rates it.
Every step has a clock and an owner, and both stand where the resident can see them.
"""
