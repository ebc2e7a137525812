"""The names of local features in the record. A module of its own, so that storing features does not load OpenCV."""

ALGORITHM = "sift"
VERSION = "2"
