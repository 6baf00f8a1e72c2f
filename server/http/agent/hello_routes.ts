/**
 * @module
 * `GET /d/hello`: versions and key of this server, a hint that is never trusted on its own.
 */
import { bytes, type Route, route } from "../route_table.ts";

/** The route of hello; outside the versioned prefix. */
export const HELLO_ROUTES: readonly Route[] = [
  route({
    method: "GET",
    path: "/d/hello",
    access: "device",
    operation: "deviceHello",
    summary: "Versions and key of this server",
    tag: "Devices",
    bodyLimitBytes: 0,
    rate: { burst: 600, perMinute: 6_000 },
    replies: { 200: { description: "CBOR, at most 256 bytes", type: "application/cbor" } },
    undocumented: true,
    handle: (_request, { devicePath }) => bytes(devicePath.hello, { type: "application/cbor" }),
  }),
];
