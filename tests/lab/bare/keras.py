"""First on the path, it makes a process one where Keras is not installed, which starts soon."""

raise ModuleNotFoundError("No module named 'keras'", name="keras")
