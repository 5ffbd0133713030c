# Two images: --target api (no FFmpeg, no OpenVINO) and --target worker. Neither holds torch.
#
#   docker build --target api --tag citypatrol-api .
#   docker build --target worker --tag citypatrol-worker .
#
# --build-arg WORKER_BASE=... may name a CUDA runtime image instead; its distribution must bring
# Python 3.11 or newer (Debian 12, Ubuntu 24.04 and later).
#
# A worker alone, beside an API elsewhere:
#
#   docker run --init --restart unless-stopped \
#     --env CITYPATROL_WORKER_API=https://... --env CITYPATROL_WORKER_KEY=... \
#     --volume outbox:/data --volume ./model-registry:/models:ro citypatrol-worker
ARG PYTHON_IMAGE=python:3.11-slim-bookworm
ARG WORKER_BASE=${PYTHON_IMAGE}


# --- api -------------------------------------------------------------------------------------
FROM ${PYTHON_IMAGE} AS api-build
WORKDIR /source
COPY . .
RUN python3 -m venv /opt/citypatrol \
    && /opt/citypatrol/bin/pip install --no-cache-dir --constraint constraints.txt .

FROM ${PYTHON_IMAGE} AS api
ENV PATH=/opt/citypatrol/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    CITYPATROL_LOG_FORMAT=json \
    CITYPATROL_API_HOST=0.0.0.0 \
    CITYPATROL_API_DATA_DIR=/data
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /data citypatrol \
    && install --directory --owner citypatrol --group citypatrol /data
COPY --from=api-build /opt/citypatrol /opt/citypatrol
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s CMD \
    ["python3", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/health', timeout=4)"]
ENTRYPOINT ["citypatrol"]
CMD ["serve"]


# --- worker ----------------------------------------------------------------------------------
FROM ${WORKER_BASE} AS worker-base
# A CUDA image brings no Python; its distribution's security updates are wanted, so no version.
# hadolint ignore=DL3008
RUN python3 -c 'import ensurepip, venv' 2>/dev/null || { \
        apt-get update \
        && apt-get install --yes --no-install-recommends python3 python3-venv \
        && rm -rf /var/lib/apt/lists/*; \
    }

FROM worker-base AS worker-build
WORKDIR /source
COPY . .
RUN python3 -m venv /opt/citypatrol \
    && /opt/citypatrol/bin/pip install --no-cache-dir --constraint constraints.txt '.[worker,s3]'

FROM worker-base AS worker
ENV PATH=/opt/citypatrol/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    CITYPATROL_LOG_FORMAT=json \
    CITYPATROL_MODEL_REGISTRY=/models \
    CITYPATROL_WORKER_DATA_DIR=/data
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /data citypatrol \
    && install --directory --owner citypatrol --group citypatrol /data
COPY --from=worker-build /opt/citypatrol /opt/citypatrol
USER 10001:10001
WORKDIR /data
VOLUME /data
# Stopping sends what is waiting; what remains is in the outbox and is sent at the next start.
STOPSIGNAL SIGTERM
ENTRYPOINT ["citypatrol"]
CMD ["worker"]
