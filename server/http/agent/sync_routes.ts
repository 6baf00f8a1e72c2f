/**
 * @module
 * `POST /d/1/sync`: one sealed request in, one sealed reply out, authenticated errors included. The route
 * knows nothing of what is inside.
 */
import { PROTOCOL } from "@fleetd/firmware-protocol";
import { bytes, bytesRoute, type Reply, type Route } from "../route_table.ts";

const COSE = "application/cose";

function cose(body: Uint8Array): Reply {
  return bytes(body, { type: COSE });
}

/** The route of sync. Many devices may share one address, so the rate only stops floods. */
export const SYNC_ROUTES: readonly Route[] = [
  bytesRoute({
    method: "POST",
    path: "/d/1/sync",
    access: "device",
    operation: "deviceSync",
    summary: "The one exchange of a device",
    tag: "Devices",
    bodyLimitBytes: PROTOCOL.txMaxBytes,
    rate: { burst: 20_000, perMinute: 600_000 },
    body: "bytes",
    bodyType: COSE,
    replies: { 200: { description: "COSE_Mac0", type: COSE } },
    undocumented: true,
    handle(request, { devicePath }) {
      return devicePath.sync(request.body, request).then(cose);
    },
  }),
];
