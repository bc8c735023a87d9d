"""PyTorch's side of the core benchmarks: reads {"work", "T", "heads", "width", "causal", "runs"} a line, answers
{"ms"} with the least time of a run. Started by torch_process.cpp; both sides take turns, so that they meet the same machine."""
import json
import math
import os
import sys
import time

import torch
import torch.nn.functional as F

torch.set_grad_enabled(False)
if os.environ.get("HEADLIGHT_BENCH_THREADS"):
    torch.set_num_threads(int(os.environ["HEADLIGHT_BENCH_THREADS"]))


def causal_mask(t):
    return torch.ones(t, t, dtype=torch.bool).triu(1)


def eager_weights(t, heads, width, causal):
    """Every head's weights, all buffers reused."""
    q, k, v = (torch.randn(heads, t, width) for _ in range(3))
    scores = torch.empty(heads, t, t)
    weights = torch.empty(heads, t, t)
    out = torch.empty(heads, t, width)
    dropped = causal_mask(t)
    scale = 1 / math.sqrt(width)

    def run():
        torch.bmm(q, k.transpose(1, 2), out=scores)
        scores.mul_(scale)
        if causal:
            scores.masked_fill_(dropped, -math.inf)
        torch.softmax(scores, -1, out=weights)
        torch.bmm(weights, v, out=out)

    return run


def fused(t, heads, width, causal):
    q, k, v = (torch.randn(1, heads, t, width) for _ in range(3))
    return lambda: F.scaled_dot_product_attention(q, k, v, is_causal=causal)


def layer_weights(t, heads, width, causal):
    layer = torch.nn.MultiheadAttention(heads * width, heads, batch_first=True).eval()
    x = torch.randn(1, t, heads * width)
    mask = causal_mask(t) if causal else None
    return lambda: layer(x, x, x, attn_mask=mask, need_weights=True, average_attn_weights=False)


def layer_fused(t, heads, width, causal):
    """The fastest way to a whole layer: one Linear, fused attention, one Linear."""
    inside = torch.nn.Linear(heads * width, 3 * heads * width)
    outside = torch.nn.Linear(heads * width, heads * width)
    x = torch.randn(1, t, heads * width)

    def run():
        q, k, v = inside(x).view(1, t, 3, heads, width).permute(2, 0, 3, 1, 4)
        y = F.scaled_dot_product_attention(q, k, v, is_causal=causal)
        return outside(y.transpose(1, 2).reshape(1, t, heads * width))

    return run


def product(n, *_):
    a, b, c = (torch.randn(n, n) for _ in range(3))
    return lambda: torch.mm(a, b, out=c)


WORKS = {
    "weights": eager_weights,
    "lazy": fused,
    "layer_weights": layer_weights,
    "layer_lazy": layer_fused,
    "product": product,
}


def least(run, seconds, runs):
    """Minimum of at least so many runs and seconds, after a warm-up."""
    end = time.perf_counter() + seconds / 2
    run()
    while time.perf_counter() < end:
        run()
    best, count, begin = math.inf, 0, time.perf_counter()
    while count < runs or time.perf_counter() - begin < seconds:
        start = time.perf_counter()
        run()
        best = min(best, time.perf_counter() - start)
        count += 1
    return best


kept = {}
print(json.dumps({"version": torch.__version__, "capability": torch.backends.cpu.get_cpu_capability()}), flush=True)
for line in sys.stdin:
    asked = json.loads(line)
    key = (asked["work"], asked["T"], asked.get("heads", 8), asked.get("width", 64), asked.get("causal", True))
    if key not in kept:
        kept.clear()
        kept[key] = WORKS[key[0]](*key[1:])
    print(json.dumps({"ms": 1e3 * least(kept[key], 0.12, asked.get("runs", 5))}), flush=True)
