import { type Check, hostChecks } from "@fleetd/agent";
import assert from "node:assert/strict";
import { type FakePorts, fakePorts } from "../fakes/mod.ts";
import { container, virtualMachine } from "./hosts/pc.ts";
import { pi3, pi4 } from "./hosts/raspberry_pi.ts";

const STORAGE = "/var/lib/fleetd";

async function check(ports: FakePorts, storageDir = STORAGE): Promise<Map<string, Check>> {
  const checks = await hostChecks(ports, { storageDir });
  for (const { ok, advice, name } of checks) assert.equal(advice === "", ok === true, name);
  return new Map(checks.map((entry) => [entry.name, entry]));
}

function worldOf(host: FakePorts["host"]): FakePorts {
  return { ...fakePorts(), host };
}

Deno.test("a healthy Pi 4 passes every check and keeps no trace of them", async () => {
  const ports = worldOf(pi4());
  const checks = await check(ports);
  for (const { name, ok, found } of checks.values()) assert.equal(ok, true, `${name}: ${found}`);
  assert.deepEqual(ports.disk.paths, []);
  assert.equal(checks.get("servers can be found by mDNS")?.found, "multicast on docker0, eth0");
});

Deno.test("a hot Pi 3 on a weak supply is told so, with what to do", async () => {
  const checks = await check(worldOf(pi3()));
  assert.equal(checks.get("processor is cool enough")?.ok, "warning");
  assert.equal(checks.get("supply voltage is sufficient")?.ok, false);
  assert.equal(checks.get("processor runs at full speed")?.ok, "warning");
});

Deno.test("a supply that was too low since the start is a warning", async () => {
  const host = pi4();
  host.files.set("/sys/devices/platform/soc/soc:firmware/get_throttled", "50000\n");
  const checks = await check(worldOf(host));
  assert.equal(checks.get("supply voltage is sufficient")?.ok, "warning");
  assert.equal(checks.get("processor runs at full speed")?.ok, true);
});

Deno.test("what a host does not have is not mentioned", async () => {
  const checks = await check(worldOf(virtualMachine()));
  assert.ok(!checks.has("processor is cool enough") && !checks.has("supply voltage is sufficient"));
});

Deno.test("storage that refuses is bad, and the advice fits the reason", async () => {
  for (
    const [code, advice] of [["disk.full", /Free some space/], ["disk.denied", /who owns/], [
      "disk.failed",
      /dmesg/,
    ]] as const
  ) {
    const ports = worldOf(pi4());
    ports.disk.failing = code;
    const writable = (await check(ports)).get("storage can be written");
    assert.equal(writable?.ok, false);
    assert.match(writable!.advice, advice);
  }
});

Deno.test("little space is a warning, next to none is bad", async () => {
  const ports = worldOf(pi4());
  ports.disk.capacityBytes = 100 * 1_048_576;
  assert.equal((await check(ports)).get("space for the agent's files")?.ok, "warning");
  ports.disk.capacityBytes = 2 * 1_048_576;
  assert.equal((await check(ports)).get("space for the agent's files")?.ok, false);
});

Deno.test("storage on a memory file system is a warning", async () => {
  assert.equal(
    (await check(worldOf(container()), "/data/fleetd")).get("storage survives a restart")?.ok,
    "warning",
  );
  assert.equal(
    (await check(worldOf(container()), "/database")).get("storage survives a restart")?.ok,
    true,
  );
});

Deno.test("an implausible clock and an unset one are warnings", async () => {
  const host = pi4();
  host.files.delete("/run/systemd/timesync/synchronized");
  host.files.set("/run/systemd/notify", "");
  const ports = worldOf(host);
  ports.clock.setWall(0);
  const checks = await check(ports);
  assert.equal(checks.get("clock is plausible")?.ok, "warning");
  assert.equal(checks.get("clock is set by a time service")?.ok, "warning");
  host.files.set("/run/chrony/chronyd.sock", "");
  assert.equal((await check(ports)).get("clock is set by a time service")?.ok, true);
});

Deno.test("without a way to read /proc the agent says what it was started with is not enough", async () => {
  const host = pi4();
  host.files.clear();
  const measured = (await check(worldOf(host))).get("the host can be measured");
  assert.equal(measured?.ok, false);
  assert.match(measured!.advice, /--allow-all/);
});

Deno.test("no interface that carries multicast is a warning that names the way around", async () => {
  const host = pi4();
  host.files.set("/sys/class/net/eth0/flags", "0x91\n");
  host.interfaces = host.interfaces.filter(({ interfaceName }) => interfaceName !== "docker0");
  const found = (await check(worldOf(host))).get("servers can be found by mDNS");
  assert.equal(found?.ok, "warning");
  assert.match(found!.advice, /--server/);
});

Deno.test("a program on the mDNS port is seen", async () => {
  const host = pi4();
  host.files.set(
    "/proc/net/udp",
    "  sl  local_address rem_address   st\n  123: 00000000:14E9 00000000:0000 07 00000000:00000000 00:00000000\n",
  );
  assert.match(
    (await check(worldOf(host))).get("servers can be found by mDNS")!.found,
    /port 5353 is shared/,
  );
});
