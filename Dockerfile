FROM python:3.13-slim AS build
WORKDIR /src
RUN apt-get update && apt-get install --yes --no-install-recommends gcc libc6-dev \
    && rm -rf /var/lib/apt/lists/*
RUN python -m venv /opt/threadbot
COPY pyproject.toml hatch_build.py README.md LICENSE ./
COPY bot ./bot
RUN /opt/threadbot/bin/pip install --no-cache-dir .

FROM python:3.13-slim
RUN useradd --system --uid 10001 --home-dir /data --no-log-init threadbot \
    && install --directory --owner=threadbot /data
COPY --from=build /opt/threadbot /opt/threadbot
COPY seeds /seeds
ENV PATH=/opt/threadbot/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    THREADBOT_SEEDS=/seeds \
    THREADBOT_DATA=/data
USER threadbot
WORKDIR /data
VOLUME /data
ENTRYPOINT ["threadbot"]
CMD ["run"]
