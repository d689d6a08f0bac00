#!/usr/bin/env bash
# transliterate 1.10.2: Yerevan, written in Armenian letters, has an ampersand in it, and Grigor is Grigvor.
#
# One would guess: translit(..., "hy", reversed=True) writes Latin letters, and each as it is read where it stands: ո is
#   vo at the beginning of a word, o elsewhere, u together with ւ; և is ev, or yev.
# What happens: և is "&", inside words, too, and a small ո without ւ is vo everywhere. In capitals, where և is two
#   letters, all is well.
# Why it matters: Levon is L&von and Hakob Hakvob: they meet no list, and what takes & for "and" sees two names.
# Seen on 2026-11-30: the lines between SEEN.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check transliterate==1.10.2

cat >"$folder/then" <<'SEEN'
Երևան Er&an
ԵՐԵՎԱՆ EREVAN
Լևոն L&von
Գևորգ G&vorg
Հակոբ Hakvob
Գրիգոր Grigvor
Հովհաննես Hvovhannes
Նիկոլ Nikvol
Պողոսյան Pvoghvosjan
Ոսկանյան Voskanjan
Կարեն Karen
SEEN

"$folder/venv/bin/python" - >"$folder/now" <<'PYTHON'
from transliterate import translit

for name in ("Երևան", "ԵՐԵՎԱՆ", "Լևոն", "Գևորգ", "Հակոբ", "Գրիգոր", "Հովհաննես", "Նիկոլ", "Պողոսյան", "Ոսկանյան", "Կարեն"):
    print(name, translit(name, "hy", reversed=True))
PYTHON

cat "$folder/now"
diff -u "$folder/then" "$folder/now" >"$folder/changes" || {
    echo "Changed: lines with - were seen on 2026-11-30, lines with + now." >&2
    tail -n +3 "$folder/changes" >&2
    exit 1
}
