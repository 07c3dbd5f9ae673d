#!/usr/bin/env python3
"""Keeps wording that reviews removed, and over-long lines of the documents, from coming back.

Usage: scripts/check-words.py [FILE...]   without files: everything that git tracks
"""

import re
import subprocess
import sys
from pathlib import Path

# Each with what to write instead.
PHRASES = [
    (r"\bwhoever\b", "name the person: the sender, a manager, a client"),
    (r"\b(is|are|was|were) told\b(?! apart)", "say who shows or reports it: shows, returns, reports"),
    (r"\bmakes? a token good for nothing\b", "revokes the token"),
    (r"\bas careful as it can be\b", "the safest value"),
    (r"\bcannot be had\b", "failed"),
    (r"\bthere is no nothing\b", "not found: X"),
    (r"\bcame? by nothing else\b", "only over TLS"),
    (r"\bgood without end\b", "never expires"),
    (r"\bput in place\b", "accept the record"),
    (r"\bwho tries tokens\b", "requests with an invalid token"),
    (r"\bno record goes from\b", "this status change is not allowed"),
    (r"\bwants to know why\b", "X is required"),
    (r"\bkeeps the server from starting\b", "prevents start-up"),
    (r"\bstill recorded as detected\b", "found, not yet cleared"),
    (r"\bis good for nothing\b", "is invalid"),
    (r"\bnot as it is to be\b", "invalid"),
]

# Wide tables and code aside, documents wrap here.
MAX_COLUMNS = 100

TEXT = {".rs", ".ts", ".svelte", ".md", ".toml", ".yml", ".yaml", ".sh", ".py", ".html"}

# Recorded data, generated files, and this list itself.
EXEMPT = re.compile(r"^CHANGELOG|package-lock|^docs/openapi\.json|/fixtures/|/recorded/|^data/|shared/api/openapi\.ts|check-words\.py")


def problems(path: Path, name: str) -> list[str]:
    found, in_code = [], False
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        for phrase, instead in PHRASES:
            if match := re.search(phrase, line, re.IGNORECASE):
                found.append(f"{name}:{number}: {match[0]!r}: write {instead}")
        if name.endswith(".md"):
            if line.lstrip().startswith("```"):
                in_code = not in_code
            is_free = in_code or line.lstrip().startswith(("|", "<", "!", "[")) or "](http" in line
            if len(line) > MAX_COLUMNS and not is_free:
                found.append(f"{name}:{number}: {len(line)} columns: wrap at {MAX_COLUMNS}")
    return found


def main() -> int:
    tracked = subprocess.run(["git", "ls-files"], check=True, capture_output=True, text=True).stdout.split("\n")
    names = sys.argv[1:] or [name for name in tracked if Path(name).suffix in TEXT and not EXEMPT.search(name)]
    found = [problem for name in names if Path(name).is_file() for problem in problems(Path(name), name)]
    print("\n".join(found) if found else f"wording: {len(names)} files are fine")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
