/**
 * @module
 * What is answered to anybody: whether the server lives, whether it is ready, and what its API is.
 */
import { json, type Reply, route } from "./route_table.ts";

const EMPTY: Reply = { status: 200, headers: { "content-security-policy": "default-src 'none'" } };

export const healthRoutes = [
  route({
    method: "GET",
    path: "/healthz",
    access: "public",
    operation: "getHealth",
    summary: "Answers while the process lives; empty",
    tag: "server",
    bodyLimitBytes: 0,
    rate: { burst: 60, perMinute: 600 },
    replies: { 200: { description: "It lives" } },
    handle: () => EMPTY,
  }),
  route({
    method: "GET",
    path: "/readyz",
    access: "public",
    operation: "getReadiness",
    summary: "Answers 200 while the server can take devices' messages; empty",
    tag: "server",
    bodyLimitBytes: 0,
    rate: { burst: 60, perMinute: 600 },
    replies: {
      200: { description: "It is ready" },
      503: { description: "It stops, or cannot reach its database" },
    },
    handle: async (_request, { isReady }) =>
      await isReady() ? EMPTY : { status: 503, headers: { "retry-after": "5" } },
  }),
  route({
    method: "GET",
    path: "/api/v1/openapi.json",
    access: "public",
    reach: "secure",
    operation: "getOpenApi",
    summary: "This document",
    tag: "server",
    bodyLimitBytes: 0,
    rate: { burst: 10, perMinute: 60 },
    replies: { 200: { description: "OpenAPI 3.1", type: "application/json" } },
    handle: (_request, { openApi }) => json(openApi),
  }),
];
