# python:3.13-slim, pinned by the digest of its multi-platform index: Python 3.13.15 on Debian 13.
# Change both FROM lines together. `docker buildx imagetools inspect python:3.13-slim` prints the
# current digest.
FROM python:3.13-slim@sha256:7c61056e61ac89e852de05f3dc6fa51a6dd2181797bceed46aa725dd7cb2cd3b AS build
WORKDIR /src
RUN apt-get update && apt-get install --yes --no-install-recommends gcc libc6-dev \
    && rm -rf /var/lib/apt/lists/*
RUN python -m venv /opt/threadbot
COPY pyproject.toml hatch_build.py README.md LICENSE ./
COPY bot ./bot
RUN /opt/threadbot/bin/pip install --no-cache-dir '.[metrics]'
# Without a compiler, pip installs Threadbot without kernels. Fail instead of building a slow image.
RUN /opt/threadbot/bin/python -I -c "from bot.search.bm25 import native; assert native.kernels"

FROM python:3.13-slim@sha256:7c61056e61ac89e852de05f3dc6fa51a6dd2181797bceed46aa725dd7cb2cd3b
RUN useradd --system --uid 10001 --home-dir /data --no-log-init threadbot \
    && install --directory --owner=threadbot /data
COPY --from=build /opt/threadbot /opt/threadbot
COPY seeds /seeds
# Large loads write temporary files to the volume, so the root file system can be read-only.
ENV PATH=/opt/threadbot/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    THREADBOT_SEEDS=/seeds \
    THREADBOT_DATA=/data \
    TMPDIR=/data
USER threadbot
# Not /data: from /, the folders `seeds` and `data` are found even if an --env-file leaves both
# settings empty.
WORKDIR /
VOLUME /data
# Asks the bot on its loopback address (THREADBOT_HTTP) whether it is connected and answers.
HEALTHCHECK --interval=30s --timeout=10s --start-period=2m --retries=3 CMD ["threadbot", "health"]
ENTRYPOINT ["threadbot"]
CMD ["run"]
