/**
 * @module
 * `POST /d/1/enrol`: Noise message 1 in, message 2 out. A handshake costs the server some milliseconds, so
 * an address gets few of them in the long run; the burst is for a site behind one address whose devices all come back at
 * once.
 */
import { PROTOCOL } from "@fleetd/firmware-protocol";
import { bytes, bytesRoute, type Route } from "../route_table.ts";

const OCTETS = "application/octet-stream";

/** The route of enrolment. */
export const ENROL_ROUTES: readonly Route[] = [
  bytesRoute({
    method: "POST",
    path: "/d/1/enrol",
    access: "device",
    operation: "deviceEnrol",
    summary: "Handshake of a device",
    tag: "Devices",
    bodyLimitBytes: PROTOCOL.message1MaxBytes,
    rate: { burst: 300, perMinute: 60 },
    body: "bytes",
    bodyType: OCTETS,
    replies: { 200: { description: "Noise message 2", type: OCTETS } },
    undocumented: true,
    async handle({ body, address }, { devicePath }) {
      return bytes(await devicePath.enrol(body, { address }), { type: OCTETS });
    },
  }),
];
