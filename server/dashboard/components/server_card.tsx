/**
 * @module
 * The server: its names, its versions, and the fingerprints by which devices and people know it.
 */
import type { ServerFacts, TlsFacts } from "../../http/features.ts";
import { Card, CommandLine, CopyValue, Time } from "./basics.tsx";

/** What is shown of the server. */
export type ServerView = ServerFacts & { readonly tls: TlsFacts | null };

/** The card. */
export function ServerCard({ server, nowMs }: { server: ServerView; nowMs: number }) {
  const { tls } = server;
  return (
    <Card title="This server" id="server">
      <dl class="facts body">
        <dt>Fleet</dt>
        <dd>
          {server.name} <code class="soft">{server.fleetId}</code>
        </dd>
        <dt>Version</dt>
        <dd>{`${server.version}, protocol ${server.protocol}, epoch ${server.serverEpoch}`}</dd>
        <dt>Fingerprint</dt>
        <dd class="fields">
          <CopyValue value={server.fingerprint} />
          <small class="soft">
            Devices pin it. To confirm it on a device that came in on trust:
          </small>
          <CommandLine command={`fleetd trust ${server.fingerprint}`} />
        </dd>
        <dt>HTTPS</dt>
        <dd class="fields">
          {tls === null
            ? (
              <span class="soft">
                not served; people reach this server from its own machine only
              </span>
            )
            : (
              <>
                <span>
                  {`port ${tls.port}, ${
                    tls.own ? "its own certificate" : "a given certificate"
                  }, ends `}
                  <Time atMs={tls.expiresAtMs} nowMs={nowMs} kind="until" />
                </span>
                <small class="soft">
                  SHA-256 of the certificate, as a browser shows it and <code>fleets login</code>
                  {" "}
                  pins it:
                </small>
                <CopyValue value={tls.fingerprint} />
              </>
            )}
        </dd>
      </dl>
    </Card>
  );
}
