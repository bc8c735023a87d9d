#!/usr/bin/env python3
"""Holds the rooms of docs/architecture.md against the code: includes go one way.

Fails on an #include against the arrows, on an unlisted room, on ImGui, OpenGL or iostream in core, on a heavy library
in a header, on a type of which there are two (the linker would take one for the other), and on a room whose CMake links
differ from its arrows. `--self-test` shows that each of these is caught.
"""
import pathlib
import re
import sys
import tempfile

# What each room may use; what those may use is allowed as well.
ROOMS = {
    "core/base": [],
    "core/text": ["core/base"],
    "core/files": ["core/base"],
    "core/attention": ["core/base"],
    "core/experiment": ["core/attention", "core/files", "core/text"],
    "core/analysis": ["core/attention"],
    "core/picture": ["core/attention", "core/text"],
    "core/describe": ["core/experiment", "core/analysis", "core/picture"],
    "core/figure": ["core/describe", "core/picture", "core/files"],
    "core/lesson": ["core/experiment", "core/analysis", "core/figure"],
    "app/cli": ["core/lesson", "app/desktop"],
    "app/desktop": ["core/base"],
    "app/session": ["core/lesson", "app/desktop"],
    "app/render": ["core/picture"],
    "app/widgets": ["app/session", "core/picture"],
    "app/panels": ["app/session", "app/render", "app/widgets"],
    "app/window": ["app/panels"],
}
NEVER_IN_CORE = re.compile(r"^(imgui|GL/|GLES|GLFW/|epoxy/|EGL/|X11/|iostream$|ostream$|cstdio$|stdio\.h$|print$)")
NEVER_IN_HEADERS = re.compile(r"^(Eigen/|nlohmann/|CLI/|hwy/|gtest/|cairo|pango/|qpdf/|libxml/|png\.h|zlib\.h)")
# The one header whose purpose is to bring Eigen in, and Highway's per-target headers, which only kernels include.
HEAVY_ALLOWED = {"core/base/eigen.h"}
STDIO_ALLOWED = re.compile(r"^core/(base|files)/|^core/figure/")
INCLUDE = re.compile(r'^\s*#\s*include\s+(?:"([^"]+)"|<([^>]+)>)', re.M)
MOST_LINES = 500
TYPE = re.compile(r"^(?:struct|class|enum class|enum) (?:\[\[\w+\]\] )?([A-Z]\w*)(?: final)?(?: : [^;{(]*)? \{", re.M)
UNNAMED = re.compile(r"^namespace \{$.*?^\}  // namespace$", re.M | re.S)


def reach(room):
    seen, todo = set(), [room]
    while todo:
        at = todo.pop()
        if at not in seen:
            seen.add(at)
            todo += ROOMS[at]
    return seen


def room_of(path):
    parts = path.split("/")
    return "/".join(parts[:2]) if len(parts) > 2 else None


def check(root):
    faults = []
    types = {}
    for top in ("core", "app"):
        for path in sorted((root / top).rglob("*")):
            if path.suffix not in (".h", ".cpp"):
                continue
            name = path.relative_to(root).as_posix()
            room = room_of(name)
            if name == "app/main.cpp":
                continue
            if room not in ROOMS:
                faults.append(f"{name}: the room {room} is not listed")
                continue
            text = path.read_text(encoding="utf-8")
            lines = text.count("\n")
            if lines > MOST_LINES:
                faults.append(f"{name}: {lines} lines, one thing a file is at most {MOST_LINES}")
            for type_name in TYPE.findall(UNNAMED.sub("", text)):
                other = types.setdefault(type_name, name)
                if other != name:
                    faults.append(f"{name}: {other} has a type {type_name} as well")
            for quoted, angled in INCLUDE.findall(text):
                target = quoted or angled
                if quoted and room_of(quoted) in ROOMS:
                    if room_of(quoted) not in reach(room):
                        faults.append(f"{name}: includes {quoted} against the arrows")
                elif quoted and quoted.split("/")[0] in ("core", "app", "tests"):
                    faults.append(f"{name}: includes {quoted}, which is in no listed room")
                if top == "core" and NEVER_IN_CORE.search(target):
                    if not (target in ("cstdio", "stdio.h") and STDIO_ALLOWED.search(name)):
                        faults.append(f"{name}: includes {target}, which core never uses")
                if path.suffix == ".h" and NEVER_IN_HEADERS.search(target):
                    if name not in HEAVY_ALLOWED and not name.startswith("core/attention/kernels/"):
                        faults.append(f"{name}: a header includes {target}; keep it in sources")
    for room in ROOMS:
        recipe = root / room / "CMakeLists.txt"
        if not recipe.exists():
            faults.append(f"{room}: has no CMakeLists.txt")
            continue
        links = re.search(r"headlight_room\(\w+(?:\s+LINKS ([\w\s]+?))?(?:\s+(?:PACKAGES|PRIVATE_PACKAGES)[^)]*)?\)",
                          recipe.read_text())
        if not links:
            faults.append(f"{room}: its CMakeLists.txt makes no headlight_room")
            continue
        linked = {("core/lesson" if word == "core" else word) for word in (links.group(1) or "").split()}
        linked = {word if "/" in word else next((r for r in ROOMS if r.endswith("/" + word)), word) for word in linked}
        for word in sorted(linked):
            if word not in reach(room):
                faults.append(f"{room}: links {word} against the arrows")
    return faults


def self_test():
    cases = {
        "core/base/a.cpp": ('#include "core/text/b.h"\n', "against the arrows"),
        "core/attention/a.cpp": ("#include <imgui.h>\n", "core never uses"),
        "core/picture/a.cpp": ("#include <iostream>\n", "core never uses"),
        "core/cellar/a.cpp": ("int x;\n", "is not listed"),
        "core/experiment/a.h": ("#include <nlohmann/json.hpp>\n", "keep it in sources"),
        "app/render/a.cpp": ('#include "app/session/session.h"\n', "against the arrows"),
        "core/text/a.cpp": ("\n" * (MOST_LINES + 1), "one thing a file"),
        "app/cli/a.h": ("struct Cell {\n  int x;\n};\n", "a type Cell as well"),
    }
    missed = []
    for name, (text, expected) in cases.items():
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            for room in ROOMS:
                (root / room).mkdir(parents=True)
                links = " ".join(r.split("/")[1] for r in ROOMS[room])
                links = f" LINKS {links}" if links else ""
                (root / room / "CMakeLists.txt").write_text(f"headlight_room({room.split('/')[1]}{links})\n")
            (root / "core/base/first.h").write_text("struct Cell {\n  int y;\n};\n")
            if check(root):
                missed.append(f"an empty house has faults: {check(root)[0]}")
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text)
            if not any(expected in fault for fault in check(root)):
                missed.append(f"{name} was not caught ({expected})")
    return missed


def main():
    faults = self_test() if "--self-test" in sys.argv else check(pathlib.Path(sys.argv[1]).resolve())
    for fault in faults:
        print(fault)
    print("architecture: " + (f"{len(faults)} faults" if faults else "no fault"))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
