# The worker, its command line and the auditor. Temporal and PostgreSQL are servers of their own: see docker-compose.yml.

FROM python:3.13.16-slim-trixie AS dependencies

RUN pip install --no-cache-dir uv==0.13.8
ENV UV_COMPILE_BYTECODE=1 \
    UV_LINK_MODE=copy \
    UV_PYTHON_DOWNLOADS=never
WORKDIR /app
COPY pyproject.toml uv.lock ./
# What the worker and the command line import; the project itself is copied below and run from there.
# Left out with the other groups: the servers of the embedded default, 220 MB of programs.
RUN --mount=type=cache,target=/root/.cache/uv \
    uv sync --frozen --no-default-groups --extra=cli --no-install-project

FROM python:3.13.16-slim-trixie

RUN useradd --system --uid=10001 --user-group --no-create-home greenlight \
    && install --directory --owner=greenlight --group=greenlight --mode=0700 \
        /var/lib/greenlight /var/lib/tiles /var/lib/auditor /var/lib/codec \
        /var/lib/attachments /var/lib/tables
WORKDIR /app
COPY --from=dependencies /app/.venv .venv
COPY activities activities
COPY greenlight greenlight
COPY workflows workflows
COPY starter.py worker.py ./
# Nobody can write it later: without it, all is compiled at each start.
RUN .venv/bin/python -m compileall -q activities greenlight workflows starter.py worker.py

ENV PATH=/app/.venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    GREENLIGHT_DATA=/var/lib/greenlight \
    GREENLIGHT_TILE_FOLDER=/var/lib/tiles \
    GREENLIGHT_AUDITOR_FOLDER=/var/lib/auditor
USER greenlight
CMD ["python", "worker.py"]
