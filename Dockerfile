# syntax=docker/dockerfile:1
# A small image with a single program, run by an unprivileged user. The build commands are those of the Makefile.

FROM node:22-bookworm-slim AS map
WORKDIR /src/web
COPY web/package.json web/package-lock.json web/.npmrc ./
RUN npm ci --no-audit --no-fund
COPY web ./
RUN npm run build

FROM rust:1.95-slim-bookworm AS program
# Do not pin package versions: the base image fixes the release, and we want its newest patches.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends g++ make cmake sqlite3 pkg-config \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
COPY --from=map /src/web/dist web/dist
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --release --locked -p clearline \
    && install -D --strip target/release/clearline /out/clearline

FROM debian:12-slim
RUN useradd --system --uid 10001 --home-dir /var/lib/clearline --create-home --shell /usr/sbin/nologin clearline
COPY --from=program /out/clearline /usr/local/bin/clearline
# Fail the build, not the deployment, if the image lacks a library that the program needs.
RUN clearline --version
# A numeric id lets Kubernetes verify that the user is not root.
USER 10001
ENV CLEARLINE_STORE=/var/lib/clearline/clearline.gpkg \
    CLEARLINE_LISTEN=0.0.0.0:8080
VOLUME /var/lib/clearline
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["clearline", "healthcheck"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["clearline"]
CMD ["serve"]
