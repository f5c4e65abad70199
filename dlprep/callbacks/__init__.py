"""Callbacks: what watches and steers `model.fit`."""

from dlprep.callbacks.gradient_norms import GradientNorms

__all__ = ["GradientNorms"]
