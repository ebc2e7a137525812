"""Puts the helpers of the measures' tests on the path of every folder below."""
