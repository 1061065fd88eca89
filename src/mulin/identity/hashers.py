"""How passwords are kept."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class FirstPasswordHasher(Argon2PasswordHasher):
    """Argon2 with little work, for first passwords that are random and long: hundreds are made for one printed sheet.

    Its values are read by the ordinary hasher, which sees that they are too light and replaces them at sign-in.
    """

    time_cost = 1
    memory_cost = 64
    parallelism = 1
