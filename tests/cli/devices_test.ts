/**
 * @module
 */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { FakeAdminServer, fakeDevice } from "./fake_admin_server.ts";
import { Workbench } from "./run_fleets.ts";

const KITCHEN = "k7pq-2m4d-9xwa-b3ne".replaceAll("9", "2");
const CELLAR = "k7aa-bbbb-cccc-dddd";
const WAITING = "zzzz-yyyy-xxxx-wwww";

async function fleet() {
  const server = await FakeAdminServer.start();
  server.devices.push(
    fakeDevice(KITCHEN, { name: "kitchen", labels: { site: "berlin" } }),
    fakeDevice(CELLAR, {
      name: "cellar",
      online: false,
      lastSeenMs: Date.now() - 7_200_000,
      latest: {},
      latestAtMs: null,
    }),
    fakeDevice(WAITING, {
      admission: "pending",
      online: false,
      model: "bad\x1b]0;title\x07 model",
    }),
  );
  return server;
}

Deno.test("the list shows state and figures to people, and the API's own fields to scripts", async () => {
  await using server = await fleet();
  using bench = new Workbench().signedInTo(server);
  const table = await bench.fleets("devices", "list");
  equal(table.code, 0, table.stderr);
  const lines = table.stdout.split("\n");
  match(lines[0]!, /^HANDLE +NAME +MODEL +STATE +LAST SEEN +CPU +MEM +TEMP +VERSION +LABELS$/);
  match(
    lines[1]!,
    /kitchen +Raspberry Pi 4 Model B +online +\d s ago +12% +25% +- +0\.1\.0 +site=berlin$/,
  );
  match(lines[2]!, /cellar .* offline +2 h ago/);
  match(lines[3]!, /bad\\x1b\]0;title\\x07 model +pending/);
  match(table.stderr, /1 device waits to be registered/);

  const json = await bench.fleets("devices", "list", "-o", "json");
  deepEqual(JSON.parse(json.stdout), JSON.parse(JSON.stringify(server.devices)));
  equal(json.stderr, "");
  const ndjson = await bench.fleets("devices", "list", "-output=ndjson");
  deepEqual(ndjson.stdout.trimEnd().split("\n").map((l) => JSON.parse(l).handle), [
    KITCHEN,
    CELLAR,
    WAITING,
  ]);
  const csv = await bench.fleets("devices", "list", "-o=csv", "-filter", "online=true");
  match(csv.stdout, /^handle,name,model,admission,online,.*\r\n.*kitchen.*\r\n$/);
});

Deno.test("an empty fleet and an empty match each say what to do, and print no data", async () => {
  await using server = await FakeAdminServer.start();
  using bench = new Workbench().signedInTo(server);
  const empty = await bench.fleets("devices", "list");
  deepEqual([empty.code, empty.stdout], [0, ""]);
  match(empty.stderr, /No devices yet.*fleets tokens create/);
  equal((await bench.fleets("devices", "list", "-o", "json")).stdout, "[]\n");
  server.devices.push(fakeDevice(KITCHEN));
  match(
    (await bench.fleets("devices", "list", "--filter", "online=false")).stderr,
    /No device matches/,
  );
});

Deno.test("a device is found by name, handle and the beginning of a handle", async () => {
  await using server = await fleet();
  using bench = new Workbench().signedInTo(server);
  for (const reference of ["kitchen", "KITCHEN", KITCHEN, "k7pq", "k7pq2m"]) {
    const { code, stdout } = await bench.fleets("devices", "show", reference, "-o", "json");
    equal(code, 0);
    equal(JSON.parse(stdout).handle, KITCHEN);
  }
  const several = await bench.fleets("devices", "show", "k7");
  equal(several.code, 2);
  match(several.stderr, /means 2 devices[\s\S]*kitchen[\s\S]*cellar/);
  equal((await bench.fleets("devices", "show", "attic")).code, 4);
});

Deno.test("show puts figures into units a person reads", async () => {
  await using server = await fleet();
  using bench = new Workbench().signedInTo(server);
  const { stdout } = await bench.fleets("devices", "show", "kitchen");
  match(stdout, /^kitchen\n/);
  match(stdout, /cpu\.use +12%/);
  match(stdout, /memory +1 GiB of 4 GiB \(25%\)/);
  match(stdout, /temperature\.cpu +48 °C/);
  match(stdout, /net\.addresses +192\.168\.1\.20, fe80::1/);
});

Deno.test("rename, label, interval, reject and identify do what they say", async () => {
  await using server = await fleet();
  using bench = new Workbench().signedInTo(server);
  equal((await bench.fleets("devices", "rename", "cellar", "attic")).code, 0);
  equal(server.devices[1]!.name, "attic");
  equal((await bench.fleets("devices", "rename", "attic", "not a name")).code, 2);
  equal((await bench.fleets("devices", "label", "kitchen", "floor=2", "site-")).code, 0);
  deepEqual(server.seen.at(-1)?.body, { labels: { floor: "2", site: null } });
  equal((await bench.fleets("devices", "interval", "kitchen", "5m")).code, 0);
  deepEqual(server.seen.at(-1)?.body, { intervalS: 300 });
  equal((await bench.fleets("devices", "interval", "kitchen", "8d")).code, 2);
  equal((await bench.fleets("devices", "reject", "zzzz")).code, 0);
  equal(server.devices[2]!.admission, "rejected");
  const again = await bench.fleets("devices", "reject", "kitchen");
  equal(again.code, 6);
  match(again.stderr, /it is accepted, not pending/);
  match((await bench.fleets("devices", "identify", "kitchen")).stderr, /answered in/);
  const refused = { id: 7, name: "identify", state: "finished", status: "refused", output: null };
  server.answers.set(`GET /api/v1/devices/${KITCHEN}/commands/7`, { status: 200, body: refused });
  const unwilling = await bench.fleets("devices", "identify", "kitchen");
  equal(unwilling.code, 6);
  match(unwilling.stderr, /fleetd trust wxyz-2345/);
});

Deno.test("remove asks first, and a script says --yes", async () => {
  await using server = await fleet();
  using bench = new Workbench().signedInTo(server);
  const asked = await bench.fleets("devices", "remove", "kitchen");
  equal(asked.code, 2);
  match(asked.stderr, /--yes/);
  equal(server.devices[0]!.admission, "accepted");
  equal((await bench.fleets("devices", "remove", "kitchen", "-yes")).code, 0);
  equal(server.devices[0]!.admission, "decommissioned");
});

Deno.test("register without an id lists what waits with its fingerprint and says what to run", async () => {
  await using server = await fleet();
  using bench = new Workbench().signedInTo(server);
  const { code, stdout, stderr } = await bench.fleets("devices", "register");
  equal(code, 2);
  match(stdout, /HANDLE .*FINGERPRINT\nzzzz-yyyy-xxxx-wwww .* zzzz-yyyy-xxxx-wwww-aaaa-bbbb\n$/);
  match(stderr, /fleets devices register HANDLE --fingerprint FINGERPRINT/);
  server.devices.length = 2;
  const none = await bench.fleets("devices", "register");
  deepEqual([none.code, none.stdout], [0, ""]);
  match(none.stderr, /No device waits/);
});

Deno.test("register with a fingerprint accepts when it is the device's own and refuses otherwise", async () => {
  await using server = await fleet();
  using bench = new Workbench().signedInTo(server);
  const silent = await bench.fleets("devices", "register", "zzzz");
  equal(silent.code, 2);
  match(
    silent.stderr,
    new RegExp(`fleets devices register ${WAITING} --fingerprint ${WAITING}-aaaa-bbbb`),
  );
  const wrong = await bench.fleets(
    "devices",
    "register",
    "zzzz",
    "-fingerprint",
    `${KITCHEN}-aaaa-bbbb`,
  );
  equal(wrong.code, 6);
  match(wrong.stderr, /its fingerprint is another one/);
  equal(server.devices[2]!.admission, "pending");
  const right = await bench.fleets(
    "devices",
    "register",
    "zzzz",
    "--fingerprint",
    `${WAITING}-AAAA-bbbb`,
  );
  equal(right.code, 0, right.stderr);
  equal(server.devices[2]!.admission, "accepted");
  match((await bench.fleets("devices", "register", "zzzz")).stderr, /registered already/);
});

Deno.test("watch prints a line for each change that the server tells of, and ends cleanly", async () => {
  await using server = await fleet();
  using bench = new Workbench().signedInTo(server);
  const child = bench.spawn(["devices", "watch", "-o", "ndjson"]);
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  const until = async (wanted: RegExp) => {
    while (!wanted.test(text)) {
      const { value, done } = await lines.read();
      if (done) throw new Error(`ended with ${text}`);
      text += value;
    }
  };
  await until(new RegExp(WAITING));
  equal(text.trimEnd().split("\n").length, 3);
  server.devices[1]!["online"] = true;
  server.ring(CELLAR);
  await until(/cellar.*\n[\s\S]*cellar.*"online":true/);
  child.kill("SIGINT");
  const [status] = await Promise.all([child.status, lines.cancel(), child.stderr.cancel()]);
  equal(status.code, 0);
  ok(server.seen.some((s) => s.path === "/api/v1/events/stream"));
});
