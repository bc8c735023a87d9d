"""The figure libraries' side of the figure benchmarks: reads {"library", "layout", "format", "files", "width", "height", "dpi",
"runs"} a line (files: .npy weights, a head each; width and height: mm), answers {"seconds", "cpu", "bytes"} with the median of
its runs. A figure is made anew for every run; only rendering and writing it is timed. Started by figures_table.cpp."""
import io
import json
import statistics
import sys
import time

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

libraries = "imshow"
versions = "matplotlib " + matplotlib.__version__
try:
    import seaborn

    libraries += " seaborn"
    versions += ", seaborn " + seaborn.__version__
except ImportError:
    seaborn = None


def draw(library, axes, weights, limits, bar):
    """A head's weights with ticks, axis names and, where asked for, a colour bar."""
    if library == "seaborn":
        seaborn.heatmap(weights, ax=axes, square=True, cmap="viridis", cbar=bar, **limits)
    else:
        image = axes.imshow(weights, cmap="viridis", **limits)
        if bar:
            axes.figure.colorbar(image, ax=axes)
    axes.set_xlabel("key")
    axes.set_ylabel("query")


def figure(asked, heads):
    size = (asked["width"] / 25.4, asked["height"] / 25.4)
    columns = 1 if len(heads) == 1 else -(-len(heads) // 2)
    made, axes = plt.subplots(-(-len(heads) // columns), columns, figsize=size, squeeze=False)
    limits = {"vmin": 0, "vmax": max(float(weights.max()) for weights in heads)}
    for n, (place, weights) in enumerate(zip(axes.flat, heads)):
        draw(asked["library"], place, weights, limits, n + 1 == len(heads))
        place.set_title("weights" if len(heads) == 1 else f"H{n}")
    return made


def saved(asked, heads):
    made = figure(asked, heads)
    target = io.BytesIO()
    wall, cpu = time.perf_counter(), time.process_time()
    made.savefig(target, format=asked["format"], dpi=asked["dpi"])
    took = time.perf_counter() - wall, time.process_time() - cpu
    plt.close(made)
    return *took, target.tell()


print(json.dumps({"libraries": libraries, "versions": versions}), flush=True)
for line in sys.stdin:
    asked = json.loads(line)
    heads = [np.load(path) for path in asked["files"]]
    runs = [saved(asked, heads)]
    if runs[0][0] < 3:  # the first one read fonts
        runs = [saved(asked, heads) for _ in range(asked["runs"])]
    seconds, cpu, sizes = (statistics.median(part) for part in zip(*runs))
    print(json.dumps({"seconds": seconds, "cpu": cpu, "bytes": int(sizes)}), flush=True)
