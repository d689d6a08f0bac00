#!/usr/bin/env bash
# cn2an 0.5.24: numbers in a text are turned into digits also where they are names, and 卅 is none.
#
# One would guess: transform(), which is for sentences, leaves names of firms alone, as it leaves 华为; and what reads 廿 (20)
#   reads 卅 (30), and 一点五亿 as well as 1.5万.
# What happens: 三一重工, 三星电子 and 中国第一汽车集团 get digits. 卅 is refused, and so is a decimal in characters before 亿.
# Why it matters: a name that is made even in this way is found on no list; dates in the same sentence come out right.
# Seen on 2026-11-30: the lines between SEEN.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check cn2an==0.5.24

cat >"$folder/then" <<'SEEN'
二〇一九年五月十六日: 2019年5月16日
九十天: 90天
华为技术有限公司: 华为技术有限公司
三一重工: 31重工
三星电子: 3星电子
中国第一汽车集团: 中国第1汽车集团
万科: 万科
廿: 20
卅: refused
1.5万: 15000
一点五亿: refused
SEEN

"$folder/venv/bin/python" - >"$folder/now" <<'PYTHON'
import warnings

import cn2an

warnings.simplefilter("ignore")  # of characters that it leaves alone
for text in ("二〇一九年五月十六日", "九十天", "华为技术有限公司", "三一重工", "三星电子", "中国第一汽车集团", "万科"):
    print(f"{text}: {cn2an.transform(text, 'cn2an')}")
for text in ("廿", "卅", "1.5万", "一点五亿"):
    try:
        print(f"{text}: {cn2an.cn2an(text, 'smart')}")
    except ValueError:
        print(f"{text}: refused")
PYTHON

cat "$folder/now"
diff -u "$folder/then" "$folder/now" >"$folder/changes" || {
    echo "Changed: lines with - were seen on 2026-11-30, lines with + now." >&2
    tail -n +3 "$folder/changes" >&2
    exit 1
}
