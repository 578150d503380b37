"""The one exception that a user sees."""


class Problem(Exception):
    """Something the user can put right: one line that says what is wrong and what to do next."""
