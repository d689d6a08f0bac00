"""Another service, which asks for a noise permit and hears in time that nobody answered.

python -m tests.architecture.noise_client DATA_FOLDER KEY_FOLDER
"""

import asyncio
import json
import os
import sys
from pathlib import Path

from greenlight.client import Keyring, LicensingClient, Refused
from greenlight.connection.settings import Settings
from greenlight.connection.target import connect, embedded_target
from greenlight.embedded import running
from tests.architecture.noise_permit import NOISE_PERMIT, GrantPermit, RequestPermit

STREAM = NOISE_PERMIT.stream("square-1")


async def ask(data: Path, keys: Keyring) -> dict[str, object]:
    """What it was told on the way."""
    up = running(data)
    assert up is not None, "a worker holds the servers"
    sealing = Settings(data=data).sealing(make=False)
    temporal = await connect(embedded_target(up.temporal, up.namespace, up, up.ui, sealing=sealing))
    acme, olga = (LicensingClient(temporal, keys.signer(name)) for name in ("acme", "olga"))
    begun = await acme.begin(STREAM, RequestPermit(place="square", decibels=60))
    handle = temporal.get_workflow_handle(STREAM)
    described = await handle.describe()
    read = await olga.dossier(STREAM)
    # The workflow ends by itself, at its deadline.
    await handle.result()
    try:
        await olga.decide(STREAM, GrantPermit(decibels=50), dossier=read.digest)
    except Refused as refused:
        late = refused.code
    else:
        late = "accepted"
    return {
        "begun": begun.status.model_dump(mode="json"),
        "workflow": described.workflow_type,
        "summary": await described.static_summary(),
        "late": late,
    }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(ask(Path(sys.argv[1]), Keyring(Path(sys.argv[2]))))), flush=True)
    # The SDK's threads now and then crash an interpreter that ends (temporalio/sdk-python issue 300).
    os._exit(0)
