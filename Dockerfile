# The image of ExtProc: `docker build -t <registry>/llmgw:<tag> .`. Its entrypoint is llmgw; the constructs give the arguments.
ARG NODE_IMAGE=node:24-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /build
# Alone first: the layer with the dependencies is made anew only when these change. No dependency needs its install script.
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.dev.json ./
COPY projenrc/bundle.ts projenrc/
COPY src/ src/
RUN npx ts-node -T -P tsconfig.dev.json projenrc/bundle.ts

FROM ${NODE_IMAGE}
# The server needs node alone: what installs packages has no business here.
RUN rm -rf /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack /usr/local/bin/yarn* /opt/yarn*
ENV NODE_ENV=production
# One file with everything in it. Nothing is written at run time: the root file system may be read-only.
COPY --from=build --chown=0:0 --chmod=0555 /build/dist/llmgw.js /usr/local/bin/llmgw
# A number, so that Kubernetes can see that it is not root; the Deployment runs as the same.
USER 65532:65532
# 9002: gRPC. 9003: metrics, readiness.
EXPOSE 9002 9003
ENTRYPOINT ["node", "/usr/local/bin/llmgw"]
