import {
  DenoHost,
  hardwareClass,
  inventoryDigest,
  modelName,
  readBoard,
  readBootId,
  readClockSource,
  readInventory,
} from "@fleetd/agent";
import { ClockSource, syncRequestFields } from "@fleetd/firmware-protocol";
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { FakeHost, FakeProcess } from "../fakes/mod.ts";
import { container, laptop, unnamedPc, virtualMachine } from "./hosts/pc.ts";
import { pi3, pi4, pi5 } from "./hosts/raspberry_pi.ts";

function inventoryOf(host: FakeHost, { platform = "linux", architecture = "aarch64" } = {}) {
  const process = Object.assign(new FakeProcess(), { platform, architecture });
  return Object.fromEntries(readInventory({ host, process, agentVersion: "0.1.0" }));
}

Deno.test("a Pi 4 tells all about itself, and only addresses that last and lead somewhere", () => {
  assert.deepEqual(inventoryOf(pi4()), {
    "model": "Raspberry Pi 4 Model B Rev 1.4",
    "agent.version": "0.1.0",
    "os": "Debian GNU/Linux 12 (bookworm)",
    "kernel": "6.12.34+rpt-rpi-v8",
    "architecture": "aarch64",
    "hostname": "workshop",
    "serial": "100000001a2b3c4d",
    "soc": "brcm,bcm2711",
    "revision": "c03114",
    "addresses": ["eth0 192.168.1.40", "eth0 2001:db8:1::42"],
    "macs": ["eth0 dc:a6:32:01:02:03", "wlan0 dc:a6:32:01:02:04"],
    "cpu.model": "arm,cortex-a72",
    "cpu.count": 4,
    "memory.total": 3_884_356 * 1024,
    "disks": ["mmcblk0 63.9 GB SD64G"],
  });
});

Deno.test("a laptop is named by what its maker calls it, a VPN address is an address", () => {
  const { model, serial, addresses, os, "cpu.count": count, soc } = inventoryOf(laptop(), {
    architecture: "x86_64",
  });
  assert.equal(model, "LENOVO ThinkPad T14s Gen 4");
  assert.equal(serial, "PF4XYZ12");
  assert.deepEqual(addresses, ["tailscale0 100.101.102.103", "wlp1s0 192.168.1.50"]);
  assert.equal(os, "Arch Linux");
  assert.equal(count, 16);
  assert.equal(soc, undefined);
});

Deno.test("what a maker left unfilled is no model and no serial", () => {
  const { model, serial } = inventoryOf(unnamedPc(), { architecture: "x86_64" });
  assert.equal(model, "B450M Pro4");
  assert.equal(serial, undefined);
});

Deno.test("a virtual machine and a container say what they are", () => {
  assert.equal(inventoryOf(virtualMachine()).model, "QEMU Standard PC (Q35 + ICH9, 2009)");
  const inside = inventoryOf(container(), { architecture: "x86_64" });
  assert.equal(inside.container, "docker");
  assert.equal(inside.model, "Linux x86_64");
  assert.deepEqual(inside.macs, ["eth0 02:42:ac:11:00:02"]);
});

Deno.test("a Mac is named by its system, its version read from its own file", () => {
  const host = new FakeHost({
    "/System/Library/CoreServices/SystemVersion.plist":
      "<plist><dict>\n\t<key>ProductName</key>\n\t<string>macOS</string>\n\t<key>ProductVersion</key>\n\t<string>15.5</string>\n</dict></plist>",
  });
  const { os, model } = inventoryOf(host, { platform: "darwin" });
  assert.equal(os, "macOS 15.5");
  assert.equal(model, "Mac aarch64");
});

Deno.test("the class of hardware is the board's first compatible name, or system and processor", () => {
  const process = new FakeProcess();
  assert.equal(hardwareClass(pi3(), process), "raspberrypi-3-model-b-plus");
  assert.equal(hardwareClass(pi5(), process), "raspberrypi-5-model-b");
  assert.equal(
    hardwareClass(new FakeHost(), Object.assign(process, { architecture: "x86_64" })),
    "linux-x86-64",
  );
  const hostile = new FakeHost({ "/proc/device-tree/compatible": `,,${"Ä".repeat(9)}\0` });
  assert.equal(hardwareClass(hostile, process), "unknown");
});

Deno.test("an endless model name is cut, an empty one replaced", () => {
  const process = new FakeProcess();
  const endless = new FakeHost({ "/proc/device-tree/model": "P".repeat(10_000) });
  assert.equal(modelName(readBoard(endless), process).length, 64);
  assert.equal(
    modelName(readBoard(new FakeHost({ "/proc/device-tree/model": "\0" })), process),
    "Linux aarch64",
  );
});

Deno.test("equal facts have equal digests, another address another one", () => {
  const process = new FakeProcess();
  const read = (host: FakeHost) => readInventory({ host, process, agentVersion: "0.1.0" });
  const before = inventoryDigest(read(pi4()));
  assert.deepEqual(inventoryDigest(read(pi4())), before);
  const moved = pi4();
  moved.interfaces = moved.interfaces.filter(({ family }) => family === 6);
  assert.notDeepEqual(inventoryDigest(read(moved)), before);
  const sum = createHash("sha256").update(syncRequestFields.inventory.encode(read(pi4()))).digest();
  assert.deepEqual(before, new Uint8Array(sum.subarray(0, 8)));
});

Deno.test("the boot id is the kernel's, and unknown where there is none", () => {
  assert.equal(readBootId(pi4()), 0x0aed68af);
  assert.equal(readBootId(new FakeHost()), null);
  assert.equal(readBootId(new FakeHost({ "/proc/sys/kernel/random/boot_id": "zz" })), null);
});

Deno.test("the clock is called synchronised only where a time service says so", () => {
  assert.equal(readClockSource(pi4()), ClockSource.ntp);
  assert.equal(readClockSource(container()), null);
});

Deno.test("this machine's inventory is one that the protocol carries", () => {
  const inventory = readInventory({
    host: new DenoHost(),
    process: new FakeProcess(),
    agentVersion: "0.1.0",
  });
  const bytes = syncRequestFields.inventory.encode(inventory);
  assert.deepEqual(syncRequestFields.inventory.decode(bytes), inventory);
  assert.equal(inventory.get("hostname"), Deno.hostname());
});
