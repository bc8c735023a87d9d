#!/usr/bin/env python3
"""Writes assets/examples/qkv.npz: q, k and v of eight words as another program would dump them.

A head [T, d] is made of an embedding and three random projections, 4 query heads over 2 key-value heads.
The archive's dates are fixed, so that the same numbers are the same bytes.

usage: make_qkv.py OUT.npz
"""
import io
import sys
import zipfile

import numpy as np

WORDS = ["Light", "falls", "on", "what", "the", "reader", "looks", "for"]
HEADS, KV_HEADS, WIDTH, MODEL = 4, 2, 8, 24


def main(path):
    random = np.random.Generator(np.random.PCG64(2024))
    x = random.standard_normal((len(WORDS), MODEL))

    def project(heads, gain):
        weights = random.standard_normal((heads, MODEL, WIDTH)) * gain / np.sqrt(MODEL)
        return np.einsum("td,hdw->htw", x, weights).astype(np.float32)

    arrays = {"q": project(HEADS, 1.5), "k": project(KV_HEADS, 1.5), "v": project(KV_HEADS, 1.0)}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, array in arrays.items():
            buffer = io.BytesIO()
            np.save(buffer, array)
            member = zipfile.ZipInfo(name + ".npy", (2024, 1, 1, 0, 0, 0))
            archive.writestr(member, buffer.getvalue())


if __name__ == "__main__":
    main(sys.argv[1])
