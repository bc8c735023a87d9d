#!/usr/bin/env python3
"""Makes the seeds of the fuzzers: one small file of every kind that the readers know. Needs numpy."""
import io
import pathlib
import struct
import zlib

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent / "corpus"
A = np.arange(6, dtype="<f4").reshape(2, 3)


def put(kind, name, data):
    (HERE / kind).mkdir(parents=True, exist_ok=True)
    (HERE / kind / name).write_bytes(data)


def npy(array, version=None):
    out = io.BytesIO()
    np.lib.format.write_array(out, array, version=version)
    return out.getvalue()


def npz(save, **arrays):
    out = io.BytesIO()
    save(out, **arrays)
    return out.getvalue()


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


for dtype in ("<f2", "<f4", "<f8", ">f4", "|b1", "<i8", "|u1", ">i2"):
    put("npy", "v1" + dtype.strip("<>|") + ".npy", npy(A.astype(dtype)))
put("npy", "v2.npy", npy(A, (2, 0)))
put("npy", "v3.npy", npy(A, (3, 0)))
put("npy", "fortran.npy", npy(np.asfortranarray(A)))
put("npy", "scalar.npy", npy(np.float32(3)))
put("npy", "empty.npy", npy(np.zeros((0, 3), "<f4")))
put("npy", "object.npy", npy(np.array([None], dtype=object)))
put("npz", "stored.npz", npz(np.savez, q=A, k=A[::-1].copy(), v=A.astype("<f8")))
put("npz", "deflated.npz", npz(np.savez_compressed, q=np.zeros((8, 8), "<f4"), k=A))
put("csv", "plain.csv", b"1,2.5,-3e2\n0.1,inf,nan\n")
put("csv", "ragged.csv", b"1,2\n3\n")
put("csv", "crlf.csv", b"1,2\r\n3,4\r\n")
experiment = (b'{"type": "headlight/experiment", "version": 1, "tokens": {"text": "a b c"}, '
              b'"mask": [{"kind": "causal", "align": "top_left"}], "shape": {"heads": 2, "d_model": 8}, "later": [1]}')
put("experiment", "short.json", experiment)
put("experiment", "bare.json", b'{"type": "headlight/experiment", "version": 1, "mask": "causal", "source": "random"}')
put("experiment", "values.json", b'{"type":"headlight/experiment","version":1,"tokens":{"count":2},"source":{"kind":"values",'
    b'"x":[[1,"inf"],["nan",-2.5]]},"shape":{"d_model":2,"heads":1},"edits":[{"stage":"q","at":[0,1,1],"value":3}]}')
put("experiment", "links.json", b'{"type":"headlight/experiment","version":1,"source":{"kind":"patterns","seed":7,"heads":'
    b'["previous",{"name":"pronoun","links":[["it","animal"]]}]},"view":{"stage":"weights","head":"mean","pin":[7,1]}}')
png = (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
       + chunk(b"iTXt", b"headlight-experiment\0\0\0\0\0" + experiment)
       + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b""))
put("embedded", "one.png", png)
put("embedded", "one.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><metadata><headlight-experiment>' +
    experiment.replace(b"&", b"&amp;").replace(b"<", b"&lt;") + b"</headlight-experiment></metadata></svg>")
put("embedded", "entity.svg", b'<!DOCTYPE svg [<!ENTITY a "aa">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>')
