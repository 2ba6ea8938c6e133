# syntax=docker/dockerfile:1

# The image of releases takes the binary that was released (image/binary/ARCHITECTURE/trailproof), so that what was attested
# is what runs; without one, it is built here.
#
#   docker build -t trailproof .
#   docker run --rm -v "$PWD:/work" -e AWS_REGION … trailproof scan --role-name trailproof-audit
ARG RUST=1.95

FROM --platform=$BUILDPLATFORM rust:${RUST}-alpine AS build
RUN apk add --no-cache bash ca-certificates-bundle musl-dev
WORKDIR /source
COPY . .
ARG BUILDARCH
ARG TARGETARCH
# Linked statically, as Rust does for musl.
RUN if [ -f "image/binary/${TARGETARCH}/trailproof" ]; then \
      cp "image/binary/${TARGETARCH}/trailproof" /trailproof; \
    elif [ "${BUILDARCH}" = "${TARGETARCH}" ]; then \
      cargo build --release --locked && cp target/release/trailproof /trailproof; \
    else \
      echo "on ${BUILDARCH}, the image for ${TARGETARCH} needs image/binary/${TARGETARCH}/trailproof" >&2 && exit 1; \
    fi
RUN image/root /trailproof /etc/ssl/certs/ca-certificates.crt /root-file-system

FROM scratch
COPY --from=build /root-file-system /
USER 65532:65532
WORKDIR /work
# Where the authorities are, said to whatever reads it: nothing is left to a search.
ENV SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt PATH=/usr/bin
LABEL org.opencontainers.image.title="trailproof" \
      org.opencontainers.image.description="Prove that an AWS organization's audit trail records everything, arrives, and cannot be erased" \
      org.opencontainers.image.source="https://github.com/trailproof/trailproof" \
      org.opencontainers.image.licenses="Apache-2.0"
ENTRYPOINT ["/usr/bin/trailproof"]
