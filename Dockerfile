# docker build --tag debrief .
# docker run --publish 8080:8080 --volume debrief:/data debrief

FROM rust:1.95-slim-bookworm AS build
# The image's own toolchain: rust-toolchain.toml, which names it to the bit, stays outside.
# Its gcc and libc6-dev compile what is C in here: SQLite, ring and, with make, the allocator.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends make \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --release --locked --package debrief \
    && install -D --mode=755 target/release/debrief /out/usr/local/bin/debrief \
    && install -D --mode=644 --target-directory=/out/usr/share/doc/debrief LICENSE-APACHE LICENSE-MIT

FROM debian:bookworm-slim
LABEL org.opencontainers.image.title="Debrief" \
    org.opencontainers.image.description="The post-incident review service: structured lessons learned behind a JSON API" \
    org.opencontainers.image.licenses="MIT OR Apache-2.0"
# The authorities that HTTPS to an identity provider or a webhook is checked against.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/* \
    && groupadd --gid 10001 debrief \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin debrief \
    && install --directory --owner=10001 --group=10001 --mode=750 /data
COPY --from=build /out /
ENV DEBRIEF_LISTEN=0.0.0.0:8080 \
    DEBRIEF_DATABASE_URL=sqlite:///data/debrief.db
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8080
# SIGTERM ends it gracefully: running requests get DEBRIEF_SHUTDOWN_SECONDS.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s --retries=3 CMD ["debrief", "healthcheck"]
ENTRYPOINT ["debrief"]
CMD ["serve"]
