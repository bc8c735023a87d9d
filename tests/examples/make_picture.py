#!/usr/bin/env python3
"""Writes assets/examples/garden.png: a picture like a photo, drawn by this program alone.

A sky with a sun and clouds, hills, a meadow with a path, a tree and a house, with the grain of a sensor: regions that
are alike and far apart, smooth ones and rough ones. 192 × 144 pixels, 12 × 9 patches of 16 × 16.

usage: make_picture.py OUT.png
"""
import math
import random
import struct
import sys
import zlib

WIDTH, HEIGHT = 192, 144


def smooth(lattice, x, y):
    """Value noise: the lattice's numbers, between its points by a cosine."""
    i, j = int(math.floor(x)), int(math.floor(y))
    u, v = (0.5 - 0.5 * math.cos(math.pi * t) for t in (x - i, y - j))

    def at(a, b):
        return lattice[(a % 64) * 64 + b % 64]

    top = at(j, i) * (1 - u) + at(j, i + 1) * u
    low = at(j + 1, i) * (1 - u) + at(j + 1, i + 1) * u
    return top * (1 - v) + low * v


def mixed(a, b, share):
    share = min(1.0, max(0.0, share))
    return tuple(p + (q - p) * share for p, q in zip(a, b))


def colour(x, y, lattice):
    """The colour of a point, in [0, 255]."""

    def noise(scale, octaves=3):
        return sum(smooth(lattice, x / scale * 2**n + 9 * n, y / scale * 2**n + 5 * n) / 2**n for n in range(octaves)) / 1.75

    sky = mixed((86, 140, 205), (198, 220, 238), y / 78)
    cloud = (smooth(lattice, x / 34, y / 13) + 0.5 * smooth(lattice, x / 15 + 7, y / 6) - 0.82) * 2.6
    value = mixed(sky, (250, 250, 250), cloud)
    sun = math.hypot(x - 158, y - 24)
    value = mixed(value, (255, 246, 205), 1.6 - sun / 9) if sun < 15 else mixed(value, (255, 244, 214), 0.5 - sun / 70)
    far = 72 - 13 * math.sin(x / 31 + 1) - 4 * math.sin(x / 11)
    if y > far:
        value = mixed((92, 122, 146), (120, 150, 150), (y - far) / 24)
    near = 86 - 7 * math.sin(x / 44 + 4)
    if y > near:
        value = mixed((66, 112, 52), (128, 158, 66), (y - near) / 58)
        value = mixed(value, (46, 84, 38), (noise(5) - 0.52) * 1.8)
        bend = 96 + 22 * math.sin((y - near) / 21)
        half = 1.5 + (y - near) * 0.22
        if abs(x - bend) < half:
            value = mixed((188, 166, 128), (150, 128, 96), noise(6))
    if 128 <= x < 166 and 76 <= y < 104:
        value = mixed((206, 196, 178), (176, 164, 148), (x - 128) / 38)
        if 152 <= x < 160 and 86 <= y or (134 <= x < 144 and 84 <= y < 93):
            value = (70, 56, 50) if x >= 152 else (52, 66, 88)
    if 60 <= y < 76 and abs(x - 147) < 8 + (y - 60) * 1.0:
        value = mixed((168, 62, 46), (120, 44, 38), (noise(4) - 0.3) * 1.6)
    if abs(x - 38 - math.sin(y / 9)) < 3.4 and 74 < y < 116:
        value = mixed((82, 60, 42), (50, 36, 28), (x - 35) / 7)
    crown = math.hypot((x - 38) / 1.15, y - 54) + 7 * (noise(9) - 0.5)
    if crown < 25:
        value = mixed((88, 134, 50), (24, 62, 30), (noise(6) - 0.3) * 1.5 + (x - 38) / 60 + (y - 54) / 70)
    return value


def main(path):
    chance = random.Random(20)
    lattice = [chance.random() for _ in range(64 * 64)]
    rows = bytearray()
    for y in range(HEIGHT):
        rows.append(1)  # each byte less its left neighbour
        before = (0, 0, 0)
        for x in range(WIDTH):
            points = [colour(x + dx, y + dy, lattice) for dx in (0.25, 0.75) for dy in (0.25, 0.75)]
            grain = chance.gauss(0, 2.2)
            edge = 1 - 0.16 * (math.hypot(x - WIDTH / 2, y - HEIGHT / 2) / 120) ** 2
            now = tuple(min(255, max(0, round(sum(p[c] for p in points) / 4 * edge + grain))) for c in range(3))
            rows += bytes((a - b) % 256 for a, b in zip(now, before))
            before = now

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    with open(path, "wb") as out:
        out.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(rows), 9)) + chunk(b"IEND", b""))


if __name__ == "__main__":
    main(sys.argv[1])
