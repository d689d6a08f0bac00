#!/usr/bin/env bash
# cyrtranslit 1.2.0: Iskhakov comes back as Ishakov, and Skhema half in Latin letters.
#
# One would guess: its Russian, which marks soft and hard signs so that it can be read back, comes back as it was: it writes
#   two signs for one wherever it has to.
# What happens: с before х and ш are both sh. A name with the former comes back with the latter, which is another name; where
#   it begins the word, the way back leaves Latin letters in it.
# Why it matters: a surname that is held against a list in Cyrillic is not the one that was written.
# Seen on 2026-11-30: the lines between SEEN.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check cyrtranslit==1.2.0

cat >"$folder/then" <<'SEEN'
Исхаков: Ishakov, back: Ишаков, another
Схема: Shema, back: Shема, another
Сходня: Shodnya, back: Shодня, another
Щербаков: SHHerbakov, back: Щербаков
Съезд: S''ezd, back: Съезд
SEEN

"$folder/venv/bin/python" - >"$folder/now" <<'PYTHON'
import cyrtranslit

for name in ("Исхаков", "Схема", "Сходня", "Щербаков", "Съезд"):
    latin = cyrtranslit.to_latin(name, "ru")
    back = cyrtranslit.to_cyrillic(latin, "ru")
    print(f"{name}: {latin}, back: {back}{'' if back == name else ', another'}")
PYTHON

cat "$folder/now"
diff -u "$folder/then" "$folder/now" >"$folder/changes" || {
    echo "Changed: lines with - were seen on 2026-11-30, lines with + now." >&2
    tail -n +3 "$folder/changes" >&2
    exit 1
}
