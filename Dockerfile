# The platform in one image. The version of Node is the one that package.json brings to machines without Docker.
FROM node:24.21.0-bookworm-slim

# rocksdb-native needs libatomic, which slim images lack.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends libatomic1 \
  && rm -rf /var/lib/apt/lists/*

WORKDIR /app
# `install`, not `ci`: the lock file lacks packages of platforms for which chdb has no build, and `ci` refuses that.
COPY package.json package-lock.json .npmrc ./
RUN npm install --omit=dev --no-audit && npm cache clean --force

COPY . .

# The only folder the platform writes to; a volume keeps it.
RUN mkdir /data && chown node:node /data
VOLUME /data
ENV HOST=0.0.0.0 PORT=8080 DATA_DIR=/data
USER node
EXPOSE 8080

HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]

CMD ["node", "--max-semi-space-size=32", "--heap-growing-percent=100", "main/start.ts"]
