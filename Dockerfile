# python:3.13-slim, pinned by the digest of its multi-platform index: Python 3.13.15 on Debian 13.
# Change both FROM lines together. `docker buildx imagetools inspect python:3.13-slim` prints the
# current digest.
FROM python:3.13-slim@sha256:7c61056e61ac89e852de05f3dc6fa51a6dd2181797bceed46aa725dd7cb2cd3b AS build
WORKDIR /src
RUN apt-get update && apt-get install --yes --no-install-recommends gcc libc6-dev \
    && rm -rf /var/lib/apt/lists/*
RUN python -m venv --without-pip /opt/threadbot
COPY pyproject.toml hatch_build.py README.md LICENSE ./
COPY bot ./bot
RUN pip --python /opt/threadbot/bin/python install --no-cache-dir --no-compile '.[metrics,postgres]'
# Bytecode that a copy's new time stamps do not make stale: without it, each start compiles anew.
RUN python -m compileall -q -j 0 --invalidation-mode unchecked-hash /opt/threadbot/lib
# Without a compiler, pip installs Threadbot without kernels. Fail instead of building a slow image.
RUN /opt/threadbot/bin/python -I -c "from bot.search.bm25 import native; assert native.kernels"

FROM python:3.13-slim@sha256:7c61056e61ac89e852de05f3dc6fa51a6dd2181797bceed46aa725dd7cb2cd3b
RUN groupadd --system --gid 10001 threadbot \
    && useradd --system --uid 10001 --gid threadbot --home-dir /data --no-log-init threadbot \
    && install --directory --owner=threadbot --group=threadbot --mode=0700 /data
# Python's image comes without the bytecode of the standard library.
RUN python -m compileall -q -j 0 --invalidation-mode unchecked-hash \
    -x '/(site|dist)-packages/|/(test|idlelib|tkinter|ensurepip|pydoc_data|turtledemo)/' \
    "$(python -c 'import sysconfig; print(sysconfig.get_path("stdlib"))')"
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
HEALTHCHECK --interval=30s --timeout=20s --start-period=2m --retries=3 CMD ["threadbot", "health"]
ENTRYPOINT ["threadbot"]
CMD ["run"]
