#!/usr/bin/env python3
"""Makes the seeds of the fuzzers: one small file of every kind that the readers know. Needs numpy."""
import base64
import hashlib
import io
import json
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


def safetensors(tensors, metadata=None, pad=8):
    """name → (dtype, shape, bytes), in that order."""
    header, data = {} if metadata is None else {"__metadata__": metadata}, b""
    for name, (dtype, shape, raw) in tensors.items():
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header, ensure_ascii=False).encode()
    text += b" " * (-len(text) % pad)
    return struct.pack("<Q", len(text)) + text + data


def png(width, height, depth, colour, rows, interlaced=0, before=b""):
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlaced))
            + before + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def code(body):
    text = b"headlight:1:" + base64.urlsafe_b64encode(zlib.compress(body)).rstrip(b"=")
    return text + b"." + hashlib.sha256(text).hexdigest()[:8].encode()


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
MATRIX = {"q": ("F32", [2, 3], A.tobytes()), "k": ("F64", [3], A[0].astype("<f8").tobytes())}
put("safetensors", "plain.safetensors", safetensors(MATRIX, {"format": "pt", "by": "\u00fc"}))
put("safetensors", "empty.safetensors", safetensors({}))
put("safetensors", "unaligned.safetensors", safetensors({"b": ("BOOL", [1], b"\1")} | MATRIX, pad=1))
put("safetensors", "types.safetensors", safetensors({
    dtype: (dtype, [8 // size if size else 16], bytes(range(8))) for dtype, size in
    [("U8", 1), ("I8", 1), ("U16", 2), ("I16", 2), ("U32", 4), ("I32", 4), ("U64", 8), ("I64", 8), ("F16", 2), ("BF16", 2),
     ("F8_E4M3", 1), ("F8_E5M2", 1), ("C64", 8), ("F8_E8M0", 1), ("F4", 0)]}))
put("safetensors", "axes.safetensors", safetensors({"one": ("F32", [], b"\0\0\0@"), "none": ("F32", [0, 7], b"")}))
UNKNOWN = b'{"\\u0061": {"later": [{"x": [1, -2.5e3, null, true]}], "dtype": "U8", "shape": [1], "data_offsets": [0,1]}}'
put("safetensors", "unknown.safetensors", struct.pack("<Q", len(UNKNOWN)) + UNKNOWN + b"x")
PALETTE = chunk(b"PLTE", bytes([1, 2, 3, 40, 50, 60])) + chunk(b"tRNS", b"\x80")
for depth, colour, row in ((1, 0, b"\xa0"), (2, 0, b"\x60"), (4, 0, b"\x1f\0"), (8, 0, b"abc"), (16, 0, b"aabbcc"), (8, 2, b"abcdefghi"),
                           (16, 2, bytes(18)), (8, 4, b"abcdef"), (16, 4, bytes(12)), (8, 6, bytes(range(12))), (16, 6, bytes(24))):
    put("png", f"{depth}-{colour}.png", png(3, 2, depth, colour, (b"\0" + row) * 2))
for depth, row in ((1, b"\x40"), (2, b"\x10"), (4, b"\x10\0"), (8, b"\1\0\1")):
    put("png", f"{depth}-3.png", png(3, 2, depth, 3, (b"\1" + row) * 2, before=PALETTE))
put("png", "interlaced.png", png(3, 3, 8, 0, bytes([0, 0, 0, 2, 0, 20, 22, 0, 1, 0, 21, 0, 10, 11, 12]), interlaced=1))
put("png", "chunks.png", png(1, 1, 8, 2, b"\4abc", before=chunk(b"gAMA", struct.pack(">I", 45455)) + chunk(b"sRGB", b"\0") +
    chunk(b"iCCP", b"x\0\0" + zlib.compress(b"\x43\x43\x43\x43" + bytes(200))) + chunk(b"zTXt", b"k\0\0" + zlib.compress(b"text"))))
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
put("code", "bare.txt", code(b"{}"))
put("code", "text.txt", code(b'{"tokens":{"text":"a b"},"shape":{"heads":2},"mask":"causal","view":{"head":1,"pin":[1,0]}}'))
put("code", "values.txt", code(b'{"tokens":{"count":2},"source":{"kind":"values","x":[[1,"inf"],["nan",-2.5]]},'
                               b'"shape":{"d_model":2,"heads":1},"later":[1]}'))
put("code", "broken.txt", b" \n" + code(b'{"normalizer":"relu"}')[:40] + b"\r\n\t\xe2\x80\x8b" + code(b'{"normalizer":"relu"}')[40:])
put("code", "cut.txt", code(b"{}")[:-3])
put("code", "later.txt", b"headlight:2:eJyrrgUAAXUA-Q.00000000")
FILES = {"q.npy": npy(A), "../a b.csv": b"1,2\n"}
LISTED = [{"path": path, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()} for path, data in FILES.items()]
pack = b"headlight data 1\n" + zlib.compress(json.dumps(LISTED).encode() + b"\n" + b"".join(FILES.values()))
put("embedded", "files.pack", pack)
put("embedded", "one.png", png(1, 1, 8, 0, b"\0\0", before=chunk(b"iTXt", b"headlight-experiment\0\0\0\0\0" + experiment)))
put("embedded", "files.png", png(1, 1, 8, 0, b"\0\0", before=chunk(b"iTXt", b"headlight-experiment\0\1\0\0\0" +
    zlib.compress(experiment)) + chunk(b"hlDt", pack)))
put("embedded", "one.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><metadata><experiment xmlns="urn:headlight:experiment">' +
    experiment.replace(b"&", b"&amp;").replace(b"<", b"&lt;") + b'</experiment><data xmlns="urn:headlight:experiment">' +
    base64.b64encode(pack) + b"</data></metadata><rect/></svg>")


def attached(kind, data, rest=b""):
    return (b"7 0 obj\n<< /Type /EmbeddedFile /Subtype /application#2fvnd.headlight." + kind + rest +
            b" /Params << /Size 3 /CheckSum <00ff> /A (b\\)) >> /Length %d >>\nstream\n" % len(data) + data + b"\nendstream\nendobj\n")


put("embedded", "plain.pdf", b"%PDF-1.5\n" + attached(b"experiment+json", experiment) + b"trailer << /Size 8 >>\n%%EOF\n")
put("embedded", "files.pdf", b"%PDF-1.5\n" + attached(b"experiment+json", zlib.compress(experiment), b" /Filter [ /FlateDecode ]") +
    attached(b"data", zlib.compress(pack), b" /Filter /FlateDecode /DecodeParms [null] % so"))
put("embedded", "entity.svg", b'<!DOCTYPE svg [<!ENTITY a "aa">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>')
