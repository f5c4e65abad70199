"""Deep-learning interview preparation: questions whose answers are run."""

__version__ = "0.1.0"
