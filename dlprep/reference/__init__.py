"""The algorithms once more in NumPy float64, gradients by hand, in the handbook's notation."""
