#!/usr/bin/env bash
# fpdf2 2.8.9: a signature with a reason is no PDF any more, and its time has lost its zone.
#
# One would guess: the reason, place and contact that sign_pkcs12() takes stand in the signature as text, as the title does in
#   the document, and its time is the one that was given; what other programs for signatures read has them.
# What happens: they are written bare, /Reason Approved, where PDF has text in brackets: pyHanko 0.38.0 does not read the
#   file, pikepdf 10.18.0 takes a guess and warns. Half past eleven in Washington is written as 23:30 without a zone, while the
#   document's own date has it. Without a reason pyHanko stops, too, since the signature is no object of its own.
# Why it matters: a signed license opens, and cannot be verified; a reader of its time is five hours off, or a day.
# Seen on 2026-11-30: the lines between SEEN.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    fpdf2==2.8.9 endesive==3.0.1 cryptography==50.0.2 pyHanko==0.38.0 pikepdf==10.18.0

cat >"$folder/then" <<'SEEN'
/CreationDate (D:20260115233000-05'00'), /M (D:20260115233000), /Title (License)
  pyHanko: AttributeError
  pikepdf: no warning
/CreationDate (D:20260115233000-05'00'), /M (D:20260115233000), /Reason Approved, /Title (License)
  pyHanko: PdfReadError
  pikepdf: unknown token while reading object; treating as string
/CreationDate (D:20260115233000-05'00'), /Location Washington, /M (D:20260115233000), /Title (License)
  pyHanko: PdfReadError
  pikepdf: unknown token while reading object; treating as string
/ContactInfo officer@example.org, /CreationDate (D:20260115233000-05'00'), /M (D:20260115233000), /Title (License)
  pyHanko: PdfReadError
  pikepdf: unknown token while reading object; treating as string
SEEN

"$folder/venv/bin/python" - "$folder" >"$folder/now" <<'PYTHON'
import io
import re
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pikepdf
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID
from fpdf import FPDF
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import PdfFileReader

key = rsa.generate_private_key(65537, 2048)
name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Officer")])
builder = x509.CertificateBuilder(name, name, key.public_key(), 1, datetime(2025, 1, 1), datetime(2035, 1, 1))
certificate = builder.sign(key, hashes.SHA256())
keys = Path(sys.argv[1], "officer.p12")
keys.write_bytes(pkcs12.serialize_key_and_certificates(b"officer", key, certificate, None, BestAvailableEncryption(b"word")))
evening = datetime(2026, 1, 15, 23, 30, tzinfo=timezone(timedelta(hours=-5)))

for said in ({}, {"reason": "Approved"}, {"location": "Washington"}, {"contact_info": "officer@example.org"}):
    document = FPDF()
    document.set_creation_date(evening)
    document.set_title("License")
    document.add_page()
    document.sign_pkcs12(str(keys), b"word", signing_time=evening, **said)
    made = bytes(document.output())
    written = re.findall(rb"/(?:Title|Reason|Location|ContactInfo|CreationDate|M) [^\n/]+", made)
    print(*sorted(line.decode() for line in written), sep=", ")
    try:
        PdfFileReader(io.BytesIO(made)).embedded_signatures
        print("  pyHanko reads it")
    except (PdfReadError, AttributeError) as error:
        print("  pyHanko:", type(error).__name__)
    warnings = pikepdf.open(io.BytesIO(made)).check_pdf_syntax()
    print("  pikepdf:", *[warning.rsplit(": ", 1)[1] for warning in warnings] or ["no warning"])
PYTHON

cat "$folder/now"
diff -u "$folder/then" "$folder/now" >"$folder/changes" || {
    echo "Changed: lines with - were seen on 2026-11-30, lines with + now." >&2
    tail -n +3 "$folder/changes" >&2
    exit 1
}
