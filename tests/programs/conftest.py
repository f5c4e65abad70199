"""What of the quiz runs programs, and so needs Keras: exercises, and the linter's runs."""

from quiz.conftest import folder

__all__ = ["folder"]
