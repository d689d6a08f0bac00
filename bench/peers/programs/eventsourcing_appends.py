"""Appends to the PostgreSQL recorder of ``eventsourcing``: writers in threads, an event a commit, each of its
stream's expected version. Run by the interpreter of that package, and asked by lines of JSON."""

# The packages are not in the project's environment.
# pyright: reportMissingImports=false, reportUnknownVariableType=false, reportUnknownMemberType=false
# pyright: reportUnknownArgumentType=false

import json
import sys
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore

settings = json.loads(sys.argv[1])
datastore = PostgresDatastore(
    settings["dbname"],
    settings["host"],
    settings["port"],
    settings["user"],
    settings["password"],
    pool_size=settings["writers"],
)
recorder = PostgresApplicationRecorder(datastore)
recorder.create_table()


def write(commits: int, per_stream: int, state: bytes) -> None:
    stream = uuid.uuid4()
    for number in range(commits):
        if number % per_stream == 0:
            stream = uuid.uuid4()
        recorder.insert_events([StoredEvent(stream, number % per_stream, "CaseAssigned", state)])


with ThreadPoolExecutor(settings["writers"]) as pool:
    for line in sys.stdin:
        asked = json.loads(line)
        began = time.perf_counter()
        done = [
            pool.submit(write, asked["commits"], asked["per_stream"], b"x" * asked["size"])
            for _ in range(asked["writers"])
        ]
        for each in done:
            each.result()
        print(asked["writers"] * asked["commits"] / (time.perf_counter() - began), flush=True)
datastore.close()
