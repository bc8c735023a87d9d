#!/usr/bin/env python3
"""`headlight compute` on given q, k, v against the same mathematics written in numpy, in double.

usage: numpy_check.py HEADLIGHT FOLDER
"""
import pathlib
import subprocess
import sys

import numpy as np

PROGRAM, FOLDER = sys.argv[1], pathlib.Path(sys.argv[2])


def attention(q, k, v, causal, scale, temperature):
    """Every stage of [H, Tq, d], [Hkv, Tk, d], [Hkv, Tk, dv]."""
    heads, queries, _ = q.shape
    keys = k.shape[1]
    group = heads // k.shape[0]
    kept = np.ones((queries, keys), bool)
    if causal == "top_left":
        kept = np.tril(kept)
    elif causal == "bottom_right":
        kept = np.tril(kept, keys - queries)
    stages = {"dot": np.einsum("hid,hjd->hij", q, np.repeat(k, group, 0))}
    stages["scaled"] = stages["dot"] * scale
    stages["biased"] = stages["scaled"]
    stages["masked"] = np.where(kept, stages["biased"], -np.inf)
    z = stages["masked"] / temperature
    top = z.max(-1, keepdims=True)
    with np.errstate(invalid="ignore"):
        e = np.where(kept, np.exp(z - np.where(np.isfinite(top), top, 0)), 0)
    total = e.sum(-1, keepdims=True)
    weights = np.divide(e, total, out=np.zeros_like(e), where=total > 0)
    stages["weights"] = weights
    stages["head_output"] = np.einsum("hij,hjd->hid", weights, np.repeat(v, group, 0))
    stages["concat"] = stages["head_output"].transpose(1, 0, 2).reshape(queries, -1)
    stages["row_max"] = stages["masked"].max(-1)
    with np.errstate(divide="ignore"):
        stages["lse"] = np.where(total[..., 0] > 0, top[..., 0] + np.log(total[..., 0]), -np.inf)
    stages["entropy"] = -np.where(weights > 0, weights * np.log(np.where(weights > 0, weights, 1)), 0).sum(-1)
    any_key = kept.any(-1)
    stages["effective_keys"] = np.where(any_key, np.exp(stages["entropy"]), 0)
    stages["kept_keys"] = np.broadcast_to(kept.sum(-1), (heads, queries))
    return stages


def run(*words):
    done = subprocess.run([PROGRAM, *words], cwd=FOLDER, text=True, capture_output=True)
    if done.returncode:
        sys.exit(f"{' '.join(words)}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def check(name, shapes, layout, causal, temperature):
    rng = np.random.default_rng(sum(map(ord, name)))
    q, k, v = (rng.standard_normal(shape).astype(np.float32) for shape in shapes)
    order = (1, 0, 2) if layout == "thd" else (0, 1, 2)
    np.savez(FOLDER / f"{name}.npz", q=q.transpose(order), k=k.transpose(order), v=v.transpose(order))
    options = ["--set", f"source.layout={layout}", "--set", f"normalizer.temperature={temperature}"]
    if causal:
        options += ["--mask", "causal", "--set", f"mask.0.align={causal}"]
    text = run("new", "--qkv", f"{name}.npz", *options)
    (FOLDER / f"{name}.headlight.json").write_text(text)
    expected = attention(*(a.astype(np.float64) for a in (q, k, v)), causal, q.shape[-1] ** -0.5, temperature)
    np.savez(FOLDER / f"{name}-numpy.npz", **expected)
    # One way: Headlight compares. Float32 keeps about seven digits: 22.85838 ± 1e-5 for a dot product of 64 terms.
    sharp = "masked,weights,head_output,concat,lse,entropy"
    run("compute", f"{name}.headlight.json", "--against", f"{name}-numpy.npz", "--stage", sharp, "--tolerance", "1e-5")
    run("compute", f"{name}.headlight.json", "--against", f"{name}-numpy.npz", "--tolerance", "1e-4")
    # The other: numpy reads what Headlight wrote.
    run("compute", f"{name}.headlight.json", "-o", f"{name}-out.npz")
    written = np.load(FOLDER / f"{name}-out.npz")
    worst = 0.0
    for stage, there in expected.items():
        here = written[stage]
        assert here.dtype == np.float32 and here.shape == there.shape, (stage, here.shape, there.shape)
        finite = np.isfinite(there)
        assert np.array_equal(here[~finite], there[~finite].astype(np.float32)), stage
        difference = float(np.abs(here[finite] - there[finite]).max())
        assert difference <= 1e-6 * max(1.0, float(np.abs(there[finite]).max())) * 2, (stage, difference)
        if stage == "weights":
            worst = difference
    assert worst <= 2e-6, worst
    assert (written["weights"][~np.isfinite(expected["masked"])] == 0).all()
    print(f"{name}: largest difference of a weight {worst:.2e}")


check("plain", [(2, 7, 8), (2, 7, 8), (2, 7, 8)], "htd", "", 1)
check("grouped", [(6, 9, 4), (2, 9, 4), (2, 9, 5)], "htd", "top_left", 1)
check("rows_first", [(3, 5, 16), (3, 5, 16), (3, 5, 16)], "thd", "top_left", 0.5)
check("longer_keys", [(2, 4, 8), (1, 11, 8), (1, 11, 3)], "htd", "bottom_right", 2)
check("longer_queries", [(2, 9, 8), (2, 4, 8), (2, 4, 8)], "thd", "bottom_right", 1)
check("wide", [(1, 130, 64), (1, 130, 64), (1, 130, 64)], "htd", "", 1)
