import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import type { Device } from "../../devices/device.ts";
import { actorText } from "../components/actor_text.ts";
import { AuditLog } from "./audit_page.tsx";
import { DeviceContent } from "./device_page.tsx";
import { DevicesList, hrefOf } from "./devices_page.tsx";
import { Enrolment } from "./enrol_page.tsx";
import { Overview } from "./overview_page.tsx";
import { safeNext } from "./sign_in_page.tsx";
import { DeviceDialogs } from "../components/device_actions.tsx";
import { browserOf } from "../components/sessions_card.tsx";

const NOW = Date.UTC(2030, 0, 1);
const EVIL = `"><script>alert(1)</script><img src=x onerror=alert(1)>'&`;

const DEVICE: Device = {
  id: 1,
  handle: "k7pq-2m4d-9xwa-b3ne",
  publicKey: new Uint8Array(32),
  deviceId: new Uint8Array(16),
  name: EVIL,
  model: EVIL,
  hwClass: EVIL,
  serial: EVIL,
  agentVersion: EVIL,
  admission: "pending",
  quarantined: false,
  tofu: true,
  helloMismatch: true,
  labels: { [EVIL]: EVIL },
  intervalS: 60,
  address: EVIL,
  createdAtMs: NOW - 60_000,
  acceptedAtMs: null,
  lastSeenMs: NOW - 5_000,
  uptimeMs: 1,
  conditions: ["hot", "full"],
};

const EVENT = {
  id: 1,
  deviceId: 1,
  atMs: NOW,
  name: EVIL,
  severity: 3,
  text: EVIL,
  reported: true,
};

const DETAIL = {
  ...DEVICE,
  deviceId: "00",
  labels: DEVICE.labels as Record<string, string>,
  online: false,
  latest: {},
  latestAtMs: NOW,
  fingerprint: "k7pq-2m4d-9xwa-b3ne-aaaa-bbbb",
  inventory: { changedAtMs: NOW, fields: { [EVIL]: EVIL, list: [EVIL, EVIL] } },
  latestValues: [{ metric: EVIL, unit: EVIL, value: 1, atMs: NOW }],
  alarms: [{ code: "device.tofu", text: EVIL }],
  streams: [{ stream: "metrics" as const, epoch: 1, through: 1, lost: 5 }],
  events: [EVENT],
  changes: [{ id: 1, atMs: NOW, field: EVIL, before: EVIL, after: null }],
  nowMs: NOW,
};

const ESCAPED = EVIL.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("'", "&#39;")
  .replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** What a device says stands on the page escaped or in an address, and in no other form. */
function isHarmless(html: string): void {
  ok(html.includes(ESCAPED), "it is shown");
  const inAddresses = [encodeURIComponent(EVIL), String(new URLSearchParams({ "": EVIL })).slice(1)]
    .map((text) => text.replaceAll("'", "&#39;"));
  const rest = [ESCAPED, ...inAddresses].reduce((all, form) => all.replaceAll(form, ""), html);
  equal(/.{0,40}(alert\(1\)|onerror|<script|<img).{0,20}/.exec(rest)?.[0], undefined);
}

const query = {
  q: undefined,
  state: undefined,
  label: undefined,
  version: undefined,
  sort: "name",
  order: "asc",
  page: 1,
} as const;

Deno.test("hostile names, labels, inventory, events and tokens are text on every page", () => {
  const concerned = [{ ...DEVICE, concern: "pending" as const }];
  const events = [{ ...EVENT, handle: DEVICE.handle, deviceName: EVIL }];
  const numbers = {
    total: 1,
    byAdmission: { pending: 1, accepted: 0, rejected: 0 },
    online: 0,
    concerns: { pending: 1 },
    versions: [{ version: EVIL, count: 1 }],
    lastSeen: [1, 0, 0, 0, 0, 0],
  };
  const token = {
    id: new Uint8Array(8),
    name: EVIL,
    hwClass: EVIL,
    labels: { [EVIL]: EVIL },
    maxUses: 1,
    used: 0,
    createdAtMs: NOW,
    notAfterMs: NOW + 1,
    revokedAtMs: null,
    actor: EVIL,
  };
  const agent = {
    handle: EVIL,
    model: EVIL,
    version: EVIL,
    state: EVIL,
    serverFingerprintPrefix: EVIL,
    addresses: [EVIL],
    port: 1,
    ours: false,
  };
  const row = {
    id: 1,
    atMs: NOW,
    actor: EVIL,
    address: EVIL,
    action: EVIL,
    target: EVIL,
    before: JSON.stringify({ [EVIL]: EVIL }),
    after: JSON.stringify(EVIL),
    previousHash: new Uint8Array(32),
    hash: new Uint8Array(32),
  };
  const pages: unknown[] = [
    <Overview numbers={numbers} concerned={concerned} events={events} nowMs={NOW} />,
    <DevicesList
      query={{ ...query, q: EVIL, label: `a=${EVIL}`, version: EVIL }}
      total={1}
      devices={[DEVICE]}
      latest={new Map()}
      labels={[{ key: EVIL, value: EVIL, count: 1 }]}
      mayChange
      nowMs={NOW}
    />,
    <DeviceContent device={DETAIL} range="1h" mayChange role="admin" />,
    <DeviceDialogs device={DETAIL} role="admin" />,
    <Enrolment
      waiting={[DEVICE]}
      total={1}
      tokens={[token]}
      agents={[agent]}
      mayChange
      deviceUrl="http://192.0.2.1:8080"
      nowMs={NOW}
      network={{ looking: "yes", forMs: 9_000, agents: [agent] }}
    />,
    <AuditLog rows={[row]} next={null} query={{ cursor: undefined, target: EVIL }} nowMs={NOW} />,
  ];
  for (const page of pages) isHarmless(String(page));
});

Deno.test("an empty fleet is shown the way to its first device", () => {
  const numbers = {
    total: 0,
    byAdmission: { pending: 0, accepted: 0, rejected: 0 },
    online: 0,
    concerns: {},
    versions: [],
    lastSeen: [],
  };
  const overview = String(<Overview numbers={numbers} concerned={[]} events={[]} nowMs={NOW} />);
  match(overview, /fleetd agent/);
  match(overview, /href="\/enrol"/);
});

Deno.test("what a viewer cannot do is not offered", () => {
  const html = String(<DeviceContent device={DETAIL} range="1h" mayChange={false} role="viewer" />);
  equal(/data-opens/.test(html), false);
});

Deno.test("a list's address holds what differs from the usual, and comes back as it went", () => {
  equal(hrefOf(query), "/devices");
  equal(
    hrefOf({ ...query, q: "a b&c", state: "offline", sort: "seen", order: "desc", page: 3 }),
    "/devices?q=a+b%26c&state=offline&sort=seen&order=desc&page=3",
  );
});

Deno.test("after signing in one goes on within this server only", () => {
  for (const path of ["/", "/devices?q=a&page=2", "/devices/k7pq-2m4d-9xwa-b3ne"]) {
    equal(safeNext(path), path);
  }
  for (
    const other of [
      undefined,
      "",
      "https://evil.example",
      "//evil.example",
      "/\\evil.example",
      "javascript:alert(1)",
      "/a\\b",
      "/ a",
      "/\n/evil.example",
    ]
  ) equal(safeNext(other), "/");
});

Deno.test("a browser is called what people call it", () => {
  equal(
    browserOf("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"),
    "Firefox on Linux",
  );
  equal(browserOf("curl/8.5.0"), "curl/8.5.0");
  equal(browserOf(null), "A program");
});

Deno.test("authors are told by name and kind, and an unknown form stays as it is", () => {
  equal(actorText("token:qwnrukoreimw a demo"), ["a demo", "API token"]);
  equal(actorText("user:anna"), ["anna", "user"]);
  equal(actorText("constructor:x"), ["constructor:x", "author"]);
});
