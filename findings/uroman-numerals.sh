#!/usr/bin/env bash
# uroman 1.3.1.1: numeral characters inside names become digits.
#
# One would guess: A name in Chinese characters is read syllable by syllable: 李四 is lisi. (Digits of other
# scripts become 0 to 9, as its README says.)
# What happens: The characters for one to ten, hundred and thousand become digits inside surnames and firms,
# too, with or without a language code; few names, such as 百度, are spared.
# Why it matters: Many firms and surnames begin with a numeral (三菱 Mitsubishi, 五矿 Minmetals, 千葉 Chiba): none
# of them can meet its Latin spelling. Loading takes seconds, too (printed, not compared).
# Seen on 2026-11-28: the lines between SEEN.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check uroman==1.3.1.1

cat >"$folder/then" <<'SEEN'
三菱重工業 3lingzhonggongye 3lingzhonggongye 3lingzhonggongye
五矿集团 5kuangjituan 5kuangjituan 5kuangjituan
第一汽车 di1qiche di1qiche di1qiche
千葉銀行 1000yeyinxing 1000yeyinxing 1000yeyinxing
五十嵐 50lan 50lan 50lan
李四 li4 li4 li4
百度 baidu baidu baidu
SEEN

"$folder/venv/bin/python" - >"$folder/now" <<'PYTHON'
import sys, time

import uroman

began = time.perf_counter()
romanizer = uroman.Uroman()
print(f"loaded in {time.perf_counter() - began:.1f} s", file=sys.stderr)
for name in ("三菱重工業", "五矿集团", "第一汽车", "千葉銀行", "五十嵐", "李四", "百度"):
    print(name, *(romanizer.romanize_string(name, lcode=code) for code in (None, "zho", "jpn")))
PYTHON

cat "$folder/now"
diff -u "$folder/then" "$folder/now" >"$folder/changes" || {
    echo "Changed: lines with - were seen on 2026-11-28, lines with + now." >&2
    tail -n +3 "$folder/changes" >&2
    exit 1
}
