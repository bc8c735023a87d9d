#!/usr/bin/env python3
"""The checks of the source: clang-format, the arrows, clang as a second compiler, clang-tidy.

clang-tidy runs on the files that changed since the last commit on main's remote (or since HEAD's parent), or on all
with `--all`. Uses the compile commands of build/test, without its gcc precompiled headers.
"""
import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / "test"
TIDY = BUILD / "clang"


def run(command, **options):
    return subprocess.run(command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options)


def sources():
    listed = run(["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.cpp", "*.h"])
    return [name for name in listed.stdout.split() if (ROOT / name).exists()]


def clang_commands():
    """file → clang's command, written as a database for clang-tidy as well."""
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
            elif word in ("-c", "-Winvalid-pch", "-fno-math-errno") or word == entry["file"]:
                continue
            else:
                kept.append(word)
        commands[path.relative_to(ROOT).as_posix()] = kept + ["-Wno-unknown-warning-option"]
    TIDY.mkdir(parents=True, exist_ok=True)
    (TIDY / "compile_commands.json").write_text(json.dumps(
        [{"directory": str(BUILD), "file": str(ROOT / name), "arguments": words + ["-c", str(ROOT / name)]}
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


def everywhere(jobs, label):
    faults = 0
    with concurrent.futures.ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        for name, done in pool.map(lambda job: (job[0], run(job[1])), jobs):
            if done.returncode:
                faults += 1
                print(f"--- {label}: {name}\n{done.stdout}")
    print(f"{label}: {len(jobs)} files, {faults} with faults", flush=True)
    return faults


def main():
    names = sources()
    faults = everywhere([(name, ["clang-format-14", "--dry-run", "--Werror", name]) for name in names], "format")
    arrows = run([sys.executable, "tests/architecture/architecture.py", "."])
    print(arrows.stdout, end="", flush=True)
    faults += arrows.returncode
    commands = clang_commands()
    # Generated headers are read as well, so what the build makes from assets must be there.
    compile_jobs = [(name, words + ["-Werror", "-fsyntax-only", name]) for name, words in sorted(commands.items())]
    faults += everywhere(compile_jobs, "clang")
    wanted = set(commands) if "--all" in sys.argv else changed()
    tidy_jobs = [(name, ["clang-tidy-14", "--quiet", "-p", str(TIDY), name]) for name in sorted(commands)
                 if name in wanted and not name.startswith("tests/")]
    faults += everywhere(tidy_jobs, "clang-tidy")
    print("lint: " + (f"{faults} faults" if faults else "no fault"))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
