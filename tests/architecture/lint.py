#!/usr/bin/env python3
"""The checks of the source: clang-format, the arrows, clang as a second compiler, clang-tidy.

clang-tidy runs on the files that changed since the last commit on main's remote (or since HEAD's parent), or on all
with `--all`; it says clang's own warnings as well, so clang alone compiles only the files that clang-tidy does not
read. Uses the compile commands of build/test, without its gcc precompiled headers.
"""
import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / "test"


def run(command, **options):
    return subprocess.run(command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options)


def sources():
    listed = run(["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.cpp", "*.h"])
    return [name for name in listed.stdout.split() if (ROOT / name).exists()]


def clang_commands(folder):
    """file → clang's command, written as a database for clang-tidy into `folder` as well."""
    commands = {}
    for entry in json.loads((BUILD / "compile_commands.json").read_text()):
        path = pathlib.Path(entry["file"])
        if not path.is_relative_to(ROOT) or path.is_relative_to(BUILD) or path.suffix != ".cpp":
            continue
        words = shlex.split(entry["command"])
        while words and not re.search(r"(^|/)(c\+\+|g\+\+)(-\d+)?$", words[0]):
            words.pop(0)
        kept, skip = ["clang++-14"], False
        for word in words[1:]:
            if skip:
                skip = False
            elif word in ("-include", "-o"):
                skip = True
            elif word in ("-c", "-O0", "-Winvalid-pch", "-fno-math-errno") or word == entry["file"]:
                continue
            else:
                kept.append(word)
        commands[path.relative_to(ROOT).as_posix()] = kept + ["-Wno-unknown-warning-option"]
    (folder / "compile_commands.json").write_text(json.dumps(
        [{"directory": str(BUILD), "file": str(ROOT / name), "arguments": words + ["-Wreserved-identifier", "-c", str(ROOT / name)]}
         for name, words in commands.items()]))
    return commands


def changed(base_of="HEAD"):
    base = os.environ.get("HEADLIGHT_LINT_BASE")
    if not base:
        upstream = run(["git", "merge-base", base_of, "origin/main"])
        base = upstream.stdout.strip() if upstream.returncode == 0 else ""
        if not base or base == run(["git", "rev-parse", base_of]).stdout.strip():
            parent = run(["git", "rev-parse", "--verify", "-q", f"{base_of}~1"])
            base = parent.stdout.strip() if parent.returncode == 0 else ""
    if not base:
        return set(sources())
    names = run(["git", "diff", "--name-only", base]).stdout.split()
    names += run(["git", "ls-files", "--others", "--exclude-standard"]).stdout.split()
    return set(names)


STANDARD = """algorithm array atomic cmath cstdint functional map memory mutex optional span string string_view
    thread utility variant vector""".split()


def parsed_once(commands, names, headers, folder):
    """file → clang's command that begins with headers which were parsed once for all of `names`."""
    header = folder / f"{len(headers)}.h"
    header.write_text("".join(f"#include <{name}>\n" for name in headers))
    parsed = header.with_suffix(".pch")
    shared = [word for word in commands[names[0]] if all(word in commands[name] for name in names)]
    made = run(shared + ["-pthread", "-x", "c++-header", str(header), "-o", str(parsed)])
    if made.returncode:
        print(made.stdout)
        return {}
    return {name: commands[name] + ["-pthread", "-include-pch", str(parsed)] for name in names}


def compile_jobs(commands, folder):
    """Jobs of clang alone. The headers of gtest and gmock are half of every test, so they are parsed once; those of
    the standard library too, unless all is read: then what a file does not include by itself is missed."""
    tests = [name for name in commands if re.search(r"#include <g(test|mock)/", (ROOT / name).read_text())]
    others = [name for name in commands if name not in tests and "--all" not in sys.argv]
    words = dict(commands)
    if tests:
        words |= parsed_once(commands, tests, ["gmock/gmock.h", "gtest/gtest.h"], folder)
    if others:
        words |= parsed_once(commands, others, STANDARD, folder)
    return [(name, words[name] + ["-Werror", "-fsyntax-only", name]) for name in sorted(commands)]


def everywhere(jobs, label, files=None):
    faults = 0
    with concurrent.futures.ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        for name, done in pool.map(lambda job: (job[0], run(job[1])), jobs):
            if done.returncode:
                faults += 1
                print(f"--- {label}: {name}\n{done.stdout}")
    print(f"{label}: {files or len(jobs)} files, {faults} {'batches ' if files else ''}with faults", flush=True)
    return faults


def read_by_clang(folder):
    commands = clang_commands(folder)
    wanted = set(commands) if "--all" in sys.argv else changed()
    tidied = [name for name in sorted(commands) if name in wanted and not name.startswith("tests/")]
    # Generated headers are read as well, so what the build makes from assets must be there.
    faults = everywhere(compile_jobs({name: commands[name] for name in commands if name not in tidied}, folder), "clang")
    return faults + everywhere([(name, ["clang-tidy-14", "--quiet", "-p", str(folder), name]) for name in tidied],
                               "clang-tidy")


def main():
    names = sources()
    formatted = [names[i:i + 50] for i in range(0, len(names), 50)]
    faults = everywhere([(batch[0], ["clang-format-14", "--dry-run", "--Werror", *batch]) for batch in formatted],
                        "format", len(names))
    arrows = run([sys.executable, "tests/architecture/architecture.py", "."])
    print(arrows.stdout, end="", flush=True)
    faults += arrows.returncode
    # A folder of its own: two runs side by side do not touch each other.
    with tempfile.TemporaryDirectory(prefix="headlight-lint-") as name:
        faults += read_by_clang(pathlib.Path(name))
    print("lint: " + (f"{faults} faults" if faults else "no fault"))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
