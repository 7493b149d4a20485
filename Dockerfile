# Passerelle in one image: `docker build -t passerelle .`; docs/how-to/run-it.md says how to run it.
# The first stage installs from the lock, every file checked by its hash; the second has no tools.

FROM python:3.12-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /build
RUN python -m venv /app
COPY requirements/run.txt requirements/run.txt
RUN /app/bin/pip install --require-hashes -r requirements/run.txt
COPY pyproject.toml README.md LICENSE ./
COPY agreements agreements
COPY src src
RUN /app/bin/pip install --no-index --no-deps --no-build-isolation . \
    && /app/bin/python -m compileall -q /app/lib

FROM python:3.12-slim
LABEL org.opencontainers.image.title="Passerelle" \
      org.opencontainers.image.licenses="Apache-2.0"
RUN groupadd --gid 10001 passerelle \
    && useradd --uid 10001 --gid passerelle --no-create-home --shell /usr/sbin/nologin passerelle \
    && install --directory --owner=passerelle --group=passerelle --mode=0700 /data
COPY --from=build /app /app
ENV PATH=/app/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PASSERELLE_DATA=/data \
    PASSERELLE_HOST=0.0.0.0 \
    PASSERELLE_LOG_FORMAT=json
USER passerelle
WORKDIR /data
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f'http://127.0.0.1:{os.environ.get(\"PASSERELLE_PORT\", \"8000\")}/health/ready', timeout=4)"]
ENTRYPOINT ["passerelle"]
CMD ["serve"]
