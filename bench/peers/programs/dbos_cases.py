"""Cases on DBOS: a workflow that takes three messages and tells three receipts.

Run by the interpreter of that package, and asked by lines of JSON: for the rate of many cases at once, or the
median milliseconds from a message to its receipt.
"""

# The packages are not in the project's environment.
# pyright: reportMissingImports=false, reportUnknownVariableType=false, reportUnknownMemberType=false
# pyright: reportUnknownArgumentType=false, reportUntypedFunctionDecorator=false

import json
import os
import statistics
import sys
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

from dbos import DBOS, SetWorkflowID

MESSAGES = 3

settings = json.loads(sys.argv[1])
DBOS(
    config={
        "name": "bench",
        "system_database_url": settings["url"],
        "sys_db_pool_size": settings["at_once"] * 2,
        "log_level": "ERROR",
    }
)


@DBOS.workflow()
def case(filed: str) -> str:
    DBOS.set_event("registered", filed)
    for number in range(MESSAGES):
        said = DBOS.recv(f"message-{number}")
        DBOS.set_event(f"receipt-{number}", said)
    return "granted"


def one(size: int) -> list[float]:
    """A case to its end; the seconds that each message took to its receipt."""
    name, seconds = str(uuid.uuid4()), list[float]()
    with SetWorkflowID(name):
        handle = DBOS.start_workflow(case, "x" * size)
    DBOS.get_event(name, "registered")
    for number in range(MESSAGES):
        began = time.perf_counter()
        DBOS.send(name, "x" * size, f"message-{number}")
        DBOS.get_event(name, f"receipt-{number}")
        seconds.append(time.perf_counter() - began)
    handle.get_result()
    return seconds


DBOS.launch()
with ThreadPoolExecutor(settings["at_once"]) as pool:
    for line in sys.stdin:
        asked = json.loads(line)
        if asked["one_by_one"]:
            taken = [each for _ in range(asked["cases"]) for each in one(asked["size"])]
            print(statistics.median(taken) * 1000, flush=True)
            continue
        began = time.perf_counter()
        for done in [pool.submit(one, asked["size"]) for _ in range(asked["cases"])]:
            done.result()
        print(asked["cases"] / (time.perf_counter() - began), flush=True)
sys.stdout.flush()
os._exit(0)
