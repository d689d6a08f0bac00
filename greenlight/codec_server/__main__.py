"""``greenlight-codec``: the codec server as a program of its own, beside a service elsewhere.

Settings: ``DATABASE_URL`` (who only reads is enough), ``GREENLIGHT_CODEC_KEYS``,
``GREENLIGHT_CODEC_ADDRESS`` and ``GREENLIGHT_CODEC_ORIGINS``. It ends by SIGINT or SIGTERM.
"""

import asyncio
import signal
import sys
from collections.abc import Sequence

from pydantic import ValidationError

from greenlight.codec.master import CodecKeysError
from greenlight.codec_server.serving import CodecServerError, address_of, listening, served
from greenlight.connection.logs import configure_logs
from greenlight.connection.settings import Settings
from greenlight.kernel.legible import legible
from greenlight.kernel.problems import first_problem

USAGE, CANNOT = 2, 3


async def serve(settings: Settings) -> None:
    """Answer until SIGINT or SIGTERM.

    :raises CodecServerError: it cannot listen.
    :raises CodecKeysError: the keys are not there.
    """
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    if settings.database_url is None:
        raise CodecServerError("DATABASE_URL is not set: who may read what is in the log's database")
    host, _, port = settings.codec_address.rpartition(":")
    with listening(host.strip("[]"), int(port), "GREENLIGHT_CODEC_ADDRESS") as listener:
        sealing = settings.sealing(make=False)
        async with served(
            listener,
            sealing,
            settings.database_url,
            settings.codec_origins,
            share=settings.network_share,
        ):
            print(f"codec server at {address_of(listener)}", flush=True)
            await stop.wait()


def main(words: Sequence[str] | None = None) -> int:
    """0 after a stop by signal; 2 for wrong words or a wrong setting, 3 where it cannot be served."""
    words = sys.argv[1:] if words is None else words
    if words:
        print(__doc__, file=sys.stdout if words[0] in {"-h", "--help"} else sys.stderr)
        return 0 if words[0] in {"-h", "--help"} else USAGE
    try:
        settings = Settings()
    except ValidationError as error:
        name, _, problem = first_problem(error).partition(": ")
        print(legible(f"setting GREENLIGHT_{name.upper()}: {problem}"), file=sys.stderr)
        return USAGE
    configure_logs(settings)
    try:
        asyncio.run(serve(settings))
    except (CodecServerError, CodecKeysError) as error:
        print(legible(f"greenlight-codec: {error}"), file=sys.stderr)
        return CANNOT
    return 0


if __name__ == "__main__":
    sys.exit(main())
