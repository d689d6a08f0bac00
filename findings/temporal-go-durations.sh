#!/usr/bin/env bash
# go.temporal.io/sdk 1.51.0 and temporalio 1.35.0 with pydantic 2.14.3: an hour from Go is 114,079 years in Python.
#
# One would guess: what a workflow in Go sends, one in Python receives, each by its SDK's own JSON and models of the same
#   members; what does not fit is refused.
# What happens: Go writes a time.Duration as nanoseconds, which pydantic reads as seconds: an hour is 114,079 years, and only
#   from 24 hours on it is too much for a timedelta. []byte comes as base64, which Python keeps as the bytes of that text,
#   and in the other direction bytes are plain text, which Go refuses or, where it looks like base64, decodes. A time that
#   was not set is the year 1.
# Why it matters: a grace period never ends, a digest is of other bytes, and a deadline that nobody set was 2,000 years ago.
# Seen on 2026-11-30: the lines between SEEN.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check temporalio==1.35.0 pydantic==2.14.3

cat >"$folder/then" <<'SEEN'
Go sends {"grace":1000000000,"due":"0001-01-01T00:00:00Z","digest":"ZGlnZXN0"}
Python reads 32 years, due in the year 1, b'ZGlnZXN0'
Go sends {"grace":3600000000000,"due":"0001-01-01T00:00:00Z","digest":"ZGlnZXN0"}
Python reads 114,079 years, due in the year 1, b'ZGlnZXN0'
Go sends {"grace":86400000000000,"due":"0001-01-01T00:00:00Z","digest":"ZGlnZXN0"}
Python refuses: time_delta_parsing
Python sends {"digest":"digest"} Go reads refused
Python sends {"digest":"evidence"} Go reads "z\xf8\x9dzw\x1e"
SEEN

mkdir "$folder/go"
cat >"$folder/go/go.mod" <<'GO'
module look

go 1.24

require go.temporal.io/sdk v1.51.0
GO
cat >"$folder/go/main.go" <<'GO'
package main

import (
	"fmt"
	"os"
	"time"

	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/sdk/converter"
)

type Term struct {
	Grace  time.Duration `json:"grace"`
	Due    time.Time     `json:"due"`
	Digest []byte        `json:"digest"`
}

// Without arguments it writes three terms; with one, it reads it.
func main() {
	data := converter.GetDefaultDataConverter()
	if len(os.Args) > 1 {
		var term Term
		payload := &commonpb.Payload{Metadata: map[string][]byte{"encoding": []byte("json/plain")}, Data: []byte(os.Args[1])}
		if err := data.FromPayload(payload, &term); err != nil {
			fmt.Println("refused")
		} else {
			fmt.Printf("%q\n", term.Digest)
		}
		return
	}
	for _, grace := range []time.Duration{time.Second, time.Hour, 24 * time.Hour} {
		payload, err := data.ToPayload(Term{Grace: grace, Digest: []byte("digest")})
		if err != nil {
			panic(err)
		}
		fmt.Println(string(payload.Data))
	}
}
GO
(cd "$folder/go" && go mod tidy >"$folder/said" 2>&1 && go build -o "$folder/term") || { cat "$folder/said" >&2; exit 1; }

cat >"$folder/look.py" <<'PYTHON'
import os
import subprocess
import sys
from datetime import datetime, timedelta

from pydantic import BaseModel, ValidationError
from temporalio.api.common.v1 import Payload
from temporalio.contrib.pydantic import pydantic_data_converter


class Signed(BaseModel):
    digest: bytes


class Term(Signed):
    grace: timedelta
    due: datetime


def go(*given):
    return subprocess.run([sys.argv[1], *given], check=True, capture_output=True, text=True).stdout.splitlines()


converter = pydantic_data_converter.payload_converter
for sent in go():
    print("Go sends", sent)
    payload = Payload(metadata={"encoding": b"json/plain"}, data=sent.encode())
    try:
        (term,) = converter.from_payloads([payload], [Term])
    except ValidationError as error:
        print("Python refuses:", error.errors()[0]["type"])
        continue
    print(f"Python reads {term.grace.days / 365.2425:,.0f} years, due in the year {term.due.year}, {term.digest}")
for digest in (b"digest", b"evidence"):
    sent = converter.to_payloads([Signed(digest=digest)])[0].data.decode()
    print("Python sends", sent, "Go reads", *go(sent))
sys.stdout.flush()
# The SDK's threads may end the interpreter otherwise.
os._exit(0)
PYTHON
"$folder/venv/bin/python" "$folder/look.py" "$folder/term" >"$folder/now"

cat "$folder/now"
diff -u "$folder/then" "$folder/now" >"$folder/changes" || {
    echo "Changed: lines with - were seen on 2026-11-30, lines with + now." >&2
    tail -n +3 "$folder/changes" >&2
    exit 1
}
