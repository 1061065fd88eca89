"""Pure functions: the words and the hard ideas of the house.

Nothing here knows Django, a database, a file, or the time of day; what a function needs comes in as an argument. Every
other floor may import from here, and this floor imports from none.
"""
