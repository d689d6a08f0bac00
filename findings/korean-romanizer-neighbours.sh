#!/usr/bin/env bash
# korean-romanizer 0.28.0: of sounds that change their neighbours it knows none but a few, and writes Sinra for Silla.
#
# One would guess: a romanizer by the Revised Romanization of 2000 writes Silla, Jongno, Jeolla and Gangneung, which that
#   rule's own text has as examples.
# What happens: ㄹ stays r behind every consonant, and a consonant before ㅁ stays what it is, as if each syllable stood alone:
#   sinra, jongro, baekma.
# Why it matters: places and firms on lists are printed by the rule; spelled otherwise, a name is found later or not at all.
# Seen on 2026-11-30: the lines between SEEN.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check korean-romanizer==0.28.0

cat >"$folder/then" <<'SEEN'
신라: sinra, by the rule Silla
종로: jongro, by the rule Jongno
전라: jeonra, by the rule Jeolla
강릉: gangreung, by the rule Gangneung
백령: baekryeong, by the rule Baengnyeong
왕십리: wangsipri, by the rule Wangsimni
독립문: dokripmun, by the rule Dongnimmun
백마: baekma, by the rule Baengma
서울: seoul
SEEN

"$folder/venv/bin/python" - >"$folder/now" <<'PYTHON'
from korean_romanizer.romanizer import Romanizer

for word, official in (
    ("신라", "Silla"),
    ("종로", "Jongno"),
    ("전라", "Jeolla"),
    ("강릉", "Gangneung"),
    ("백령", "Baengnyeong"),
    ("왕십리", "Wangsimni"),
    ("독립문", "Dongnimmun"),
    ("백마", "Baengma"),
    ("서울", "Seoul"),
):
    found = Romanizer(word).romanize()
    print(f"{word}: {found}{'' if found == official.lower() else f', by the rule {official}'}")
PYTHON

cat "$folder/now"
diff -u "$folder/then" "$folder/now" >"$folder/changes" || {
    echo "Changed: lines with - were seen on 2026-11-30, lines with + now." >&2
    tail -n +3 "$folder/changes" >&2
    exit 1
}
