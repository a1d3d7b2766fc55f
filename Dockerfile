FROM python:3.13-slim-bookworm

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1

WORKDIR /opt/quotawatt

# Packages first: they change less often than the code, and their layer is kept.
COPY requirements.txt ./
RUN pip install --require-hashes -r requirements.txt

COPY pyproject.toml README.md LICENSE ./
COPY quotawatt/ quotawatt/
COPY collectors/ collectors/
COPY analytics/ analytics/
COPY alerts/ alerts/
COPY api/ api/
COPY grafana/ grafana/
COPY simulators/ simulators/
RUN pip install --no-deps --no-build-isolation .

RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin quotawatt \
    && install -d -o quotawatt -g quotawatt -m 0750 /var/lib/quotawatt
USER 10001:10001
WORKDIR /var/lib/quotawatt
ENV QUOTAWATT_HOME=/var/lib/quotawatt
VOLUME /var/lib/quotawatt

ENTRYPOINT ["quotawatt"]
CMD ["--help"]
