#!/usr/bin/env python3
"""The files beside a figure, read by the standard library and numpy, against `headlight compute`.

usage: sidecar_check.py FOLDER STEM COMPUTED.npz STAGE
"""
import csv
import json
import math
import pathlib
import sys

import numpy as np

FOLDER, STEM, COMPUTED, STAGE = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4]

truth = np.load(COMPUTED)[STAGE][0]
npy = np.load(FOLDER / f"{STEM}.npy")
assert npy.dtype == np.float32 and npy.shape == truth.shape, (npy.dtype, npy.shape)
assert np.array_equal(npy, truth), "npy"

raw = (FOLDER / f"{STEM}.csv").read_bytes()
assert raw.count(b"\r\n") == truth.shape[0] + 1, "line ends"
with open(FOLDER / f"{STEM}.csv", newline="", encoding="utf-8") as file:
    rows = list(csv.reader(file, strict=True))
tables = json.loads((FOLDER / f"{STEM}.json").read_text(encoding="utf-8"))
panel = tables["panels"][0]
assert rows[0][1:] == panel["columns"]["labels"], rows[0]
assert [row[0] for row in rows[1:]] == panel["rows"]["labels"]
assert "masked" in rows[0][0]

masked = 0
for i, row in enumerate(rows[1:]):
    for j, text in enumerate(row[1:]):
        cell = panel["cells"][i][j]
        if text == "":
            assert cell is None and j > i, (i, j)
            masked += 1
            continue
        assert j <= i and not math.isnan(float(text)), (i, j, text)
        assert np.float32(text) == truth[i, j], (i, j, text)
        assert np.float32(cell) == truth[i, j], (i, j, cell)
assert masked == len(truth) * (len(truth) - 1) // 2, masked
assert panel["range"]["low"] < panel["range"]["high"]
print("ok", masked)
