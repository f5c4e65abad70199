"""The regularizers under the common checks: one row each."""

# class name -> constructor arguments
REGULARIZERS = {
    "L1": {"l1": 0.3},
    "L1L2": {"l1": 0.3, "l2": 0.2},
    "L2": {"l2": 0.3},
    "OrthogonalRegularizer": {"factor": 0.3, "mode": "columns"},
}
