"""Interim assembly, until sharpness arrives."""
from validators.evidence import ClarityMeasures
def measure_clarity(view):
    return ClarityMeasures(0.9, 1000, 2.0, 120.0, 30.0, 220.0, 50.0, 0.0, 0.0, 0.1)
