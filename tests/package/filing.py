"""File a case as another service would, where nothing but the package is installed; tell what came along.

``python -I filing.py ADDRESS NAMESPACE KEYS APPLICATION``; its last line is one JSON document.
"""

import asyncio
import json
import os
import sys
from importlib.metadata import distributions
from pathlib import Path

from temporalio.client import Client

import greenlight
from greenlight.client import Keyring, LicensingClient, Refused
from greenlight.codec.sealing import Sealing
from greenlight.connection.converter import data_converter
from greenlight.law.application.commands import Countersign
from greenlight.law.application.dossier import Submission


async def file(address: str, namespace: str, keys: Path, application: Submission) -> dict[str, object]:
    sealing = Sealing.by(keys / "codec.json")
    temporal = await Client.connect(address, namespace=namespace, data_converter=data_converter(sealing))
    applicant = LicensingClient(temporal, Keyring(keys).signer("acme"))
    officer = LicensingClient(temporal, Keyring(keys).signer("carla"))
    case = await applicant.submit(application)
    read = await officer.dossier(case.stream)
    code = None
    try:
        await officer.decide(case.stream, Countersign(agrees=True), dossier=read.digest)
    except Refused as refused:
        code = refused.code
    return {
        "stream": case.stream,
        "dossier": read.dossier,
        "refused": code,
    }


submission = Submission.model_validate_json(Path(sys.argv[4]).read_text())
filed = asyncio.run(file(sys.argv[1], sys.argv[2], Path(sys.argv[3]), submission))
filed |= {
    "from": greenlight.__file__,
    "modules": sorted(
        {".".join(name.split(".")[:2]) for name in sys.modules if name.startswith("greenlight.")}
    ),
    "distributions": sorted(each.metadata["Name"].lower() for each in distributions()),
}
print(json.dumps(filed), flush=True)
# The SDK's threads now and then crash an interpreter that ends (temporalio/sdk-python issue 300).
os._exit(0)
