#!/usr/bin/env bash
# citeurl 12.0.4: it needs a package that it does not ask for, and of two sections it finds the first.
#
# One would guess: what was installed can be imported, and "15 CFR 750.4(b) and 750.7(g)" are two citations.
# What happens: import citeurl fails without markdown, which is neither among its requirements nor among its extras. With it,
#   the second section is not found; nor are a part and a supplement of the Code, and executive orders.
# Why it matters: the first day with it ends in a ModuleNotFoundError, and a text's second source has no link.
# Seen on 2026-11-30: the lines between SEEN.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check citeurl==12.0.4

cat >"$folder/then" <<'SEEN'
alone: No module named 'markdown'
15 CFR 744.11(a)(1): 15 CFR 744.11(a)(1)
15 CFR 750.4(b) and 750.7(g): 15 CFR 750.4(b)
50 U.S.C. 4801 and 4802: 50 U.S.C. 4801
15 CFR part 744: nothing
Supplement No. 4 to 15 CFR part 744: nothing
90 FR 47201: 90 FR 47201
Executive Order 13873: nothing
SEEN

"$folder/venv/bin/python" - >"$folder/now" <<'PYTHON'
import importlib
import subprocess
import sys

try:
    importlib.import_module("citeurl")
except ModuleNotFoundError as error:
    print(f"alone: {error}")
subprocess.run(
    [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "markdown==3.11.3"], check=True
)
importlib.invalidate_caches()
for name in [name for name in sys.modules if name.startswith("citeurl")]:
    del sys.modules[name]

from citeurl import Citator  # noqa: E402 - only now it is there

citator = Citator()
for text in (
    "15 CFR 744.11(a)(1)",
    "15 CFR 750.4(b) and 750.7(g)",
    "50 U.S.C. 4801 and 4802",
    "15 CFR part 744",
    "Supplement No. 4 to 15 CFR part 744",
    "90 FR 47201",
    "Executive Order 13873",
):
    found = [str(each) for each in citator.list_cites(text)]
    print(f"{text}: {', '.join(found) or 'nothing'}")
PYTHON

cat "$folder/now"
diff -u "$folder/then" "$folder/now" >"$folder/changes" || {
    echo "Changed: lines with - were seen on 2026-11-30, lines with + now." >&2
    tail -n +3 "$folder/changes" >&2
    exit 1
}
