#!/usr/bin/env bash
# rigour 2.6.1: the first name of a person takes seconds and hundreds of megabytes.
#
# One would guess: Analysing one name costs about as much as analysing the next.
# What happens: The first one loads names of Wikidata for the rest of the process: 9 s, or more than a minute on
# a busy machine, and 385 MB; the second takes milliseconds.
# Why it matters: Each process of a service pays that, at the first party and not at its start; a container
# with 256 MB cannot screen at all.
# Seen on 2026-11-28: the lines between SEEN.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps rigour==2.6.1

cat >"$folder/then" <<'SEEN'
the first takes more than 100 MB: True
the first takes more than 20 times as long as the second: True
SEEN

"$folder/venv/bin/python" - >"$folder/now" <<'PYTHON'
import resource, sys, time

from rigour._core import NameTypeTag, analyze_names


def megabytes():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


def analyse(name):
    before, began = megabytes(), time.perf_counter()
    analyze_names(NameTypeTag.PER, [name])
    seconds, more = time.perf_counter() - began, megabytes() - before
    print(f"{name}: {seconds:.3f} s, {more:.0f} MB", file=sys.stderr)
    return seconds, more


(first, memory), (second, _) = analyse("maria example"), analyse("ivan example")
print("the first takes more than 100 MB:", memory > 100)
print("the first takes more than 20 times as long as the second:", first > 20 * second)
PYTHON

cat "$folder/now"
diff -u "$folder/then" "$folder/now" >"$folder/changes" || {
    echo "Changed: lines with - were seen on 2026-11-28, lines with + now." >&2
    tail -n +3 "$folder/changes" >&2
    exit 1
}
