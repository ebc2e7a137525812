"""The optional readers of barcodes and text: their names, in the order they look, and what each is made of."""

from __future__ import annotations

from validators.measures.numbers.numbers import BARCODE, TEXT

MODULES = {BARCODE: "zxingcpp", TEXT: "rapidocr"}
"""The readers there are, in the order they look, and the module each needs."""

DISTRIBUTIONS = {BARCODE: ("zxing-cpp",), TEXT: ("rapidocr", "onnxruntime")}
"""What each reader is made of, for the versions in a report."""
