"""The constraints under the common checks: one row each."""

# class name -> constructor arguments
CONSTRAINTS = {
    "MaxNorm": {"max_value": 1.5, "axis": 1},
    "MinMaxNorm": {"min_value": 2.0, "max_value": 2.5, "rate": 0.7, "axis": 1},
    "NonNeg": {},
    "UnitNorm": {"axis": 1},
}
