"""What local features are called in the record; apart, for those who keep features and need no OpenCV."""

ALGORITHM = "sift"
VERSION = "2"
