/**
 * The parsers against what kernels print, and against what they never print.
 *
 * @module
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { cpuUse, parseCpuTicks, parseLoads } from "./cpu.ts";
import { parseDiskCounters } from "./disk_io.ts";
import { parseMemory } from "./memory.ts";
import { isSoftwareInterface, parseNetworkCounters, parseWifiSignal } from "./network.ts";
import { parseCount, parseDecimal } from "./parse_number.ts";

const RUNS = Deno.env.get("FLEETD_CI") === "1" ? 100_000 : 2_000;

Deno.test("a count is decimal digits up to 2^53 - 1 and nothing else", () => {
  assert.equal(parseCount("0"), 0);
  assert.equal(parseCount("9007199254740991"), Number.MAX_SAFE_INTEGER);
  for (
    const odd of [
      "9007199254740993",
      "",
      " 1",
      "1 ",
      "-1",
      "1.0",
      "1e3",
      "0x10",
      "NaN",
      "١",
      undefined,
    ]
  ) {
    assert.equal(parseCount(odd), null, `${odd}`);
  }
});

Deno.test("a decimal is what the kernel prints: a sign, digits, a point even without digits after it", () => {
  assert.equal(parseDecimal("-56."), -56);
  assert.equal(parseDecimal("0.42"), 0.42);
  for (const odd of ["", ".", "-", "1e5", "Infinity", "nan", "1,5", "--1", "1.2.3", undefined]) {
    assert.equal(parseDecimal(odd), null, `${odd}`);
  }
});

Deno.test("processor use is the share of ticks that are neither idle nor waiting for a disk", () => {
  const before = parseCpuTicks("cpu  100 0 100 700 100 0 0 0 0 0\ncpu0 1 2 3\n");
  const now = parseCpuTicks("cpu  120 5 110 750 105 5 5 0 999 999\n");
  assert.ok(before !== null && now !== null);
  // Busy 20+5+10+5+5 = 45 of 100 ticks; guest time is part of user time and not counted again.
  assert.equal(cpuUse(before, now), 0.45);
});

Deno.test("kernels before 2.6 print four or five columns less", () => {
  assert.deepEqual(parseCpuTicks("cpu 1 2 3 4 5"), { total: 15, idle: 9 });
  assert.equal(parseCpuTicks("cpu 1 2 3 4"), null);
});

Deno.test("processor use is unknown when no tick passed or a counter went back", () => {
  const at = (total: number, idle: number) => ({ total, idle });
  assert.equal(cpuUse(at(100, 50), at(100, 50)), null);
  assert.equal(cpuUse(at(100, 50), at(90, 40)), null);
  assert.equal(cpuUse(at(100, 50), at(110, 49)), null);
  assert.equal(cpuUse(at(100, 50), at(110, 65)), null);
});

Deno.test("a malformed first line of /proc/stat is no reading", () => {
  for (
    const odd of [
      "",
      "cpu",
      "cpu0 1 2 3 4 5",
      "cpu 1 2 x 4 5",
      "cpu 1 2 3 4 99999999999999999999",
      "cpu\t-1 2 3 4 5",
    ]
  ) {
    assert.equal(parseCpuTicks(odd), null, odd);
  }
});

Deno.test("load averages are three numbers", () => {
  assert.deepEqual(parseLoads("0.42 1.31 10.28 1/183 4711\n"), [0.42, 1.31, 10.28]);
  for (const odd of ["", "0.42 1.31", "0.42 x 1", "-1 0 0", "nan nan nan"]) {
    assert.equal(parseLoads(odd), null, odd);
  }
});

Deno.test("memory is read by name, wherever the line stands", () => {
  const memory = parseMemory(
    "MemTotal:        1024 kB\nMemFree: 1 kB\nMemAvailable:    512 kB\nSwapFree:   0 kB",
  );
  assert.deepEqual(memory, {
    totalBytes: 1_048_576,
    availableBytes: 524_288,
    swapTotalBytes: null,
    swapFreeBytes: 0,
  });
});

Deno.test("a name that ends like another is another", () => {
  assert.equal(parseMemory("XMemTotal: 5 kB\n").totalBytes, null);
  assert.equal(parseMemory("MemTotal: 5 MB\n").totalBytes, null);
  assert.equal(parseMemory("MemTotal: -5 kB\n").totalBytes, null);
});

Deno.test("only whole disks count, in units of 512 bytes", () => {
  const { readBytes, writtenBytes } = parseDiskCounters([
    "   7 0 loop0 9 9 9 9 9 9 9 9 9 9 9",
    "   8 0 sda 10 0 100 1 20 0 200 1 0 1 1",
    "   8 1 sda1 10 0 100 1 20 0 200 1 0 1 1",
    " 179 0 mmcblk0 1 0 7 1 1 0 8 1 0 1 1",
    " 179 1 mmcblk0p2 1 0 7 1 1 0 8 1 0 1 1",
    " 179 8 mmcblk0boot0 1 0 7 1 1 0 8 1 0 1 1",
    " 259 0 nvme0n1 1 0 3 1 1 0 4 1 0 1 1",
    " 259 1 nvme0n1p1 1 0 3 1 1 0 4 1 0 1 1",
    " 253 0 dm-0 9 9 9 9 9 9 9 9 9 9 9",
    "   9 0 md0 9 9 9 9 9 9 9 9 9 9 9",
    " 254 0 zram0 9 9 9 9 9 9 9 9 9 9 9",
    "   8 16 sdb short",
  ].join("\n"));
  assert.deepEqual([...readBytes], [["sda", 51_200], ["mmcblk0", 3_584], ["nvme0n1", 1_536]]);
  assert.deepEqual([...writtenBytes], [["sda", 102_400], ["mmcblk0", 4_096], ["nvme0n1", 2_048]]);
});

Deno.test("an interface's figures may stand close to its name, and its name may hold a colon", () => {
  const { receivedBytes, sentBytes } = parseNetworkCounters(
    "Inter-| Receive | Transmit\n face |bytes\neth0:4711 1 0 0 0 0 0 0 42 1\n eth0:1: 5 1 0 0 0 0 0 0 6 1\n",
    () => true,
  );
  assert.deepEqual([...receivedBytes], [["eth0", 4_711], ["eth0:1", 5]]);
  assert.deepEqual([...sentBytes], [["eth0", 42], ["eth0:1", 6]]);
});

Deno.test("names that software gives are known from those of cards", () => {
  for (
    const name of [
      "lo",
      "docker0",
      "veth1a2b",
      "br-0123456789ab",
      "virbr0",
      "wg0",
      "tun0",
      "ifb1",
      "bond0",
    ]
  ) {
    assert.ok(isSoftwareInterface(name), name);
  }
  for (const name of ["eth0", "enp3s0", "end0", "wlan0", "wlp1s0", "usb0", "wwan0"]) {
    assert.ok(!isSoftwareInterface(name), name);
  }
});

Deno.test("the WiFi signal is the strongest link's, in dBm, however the driver prints it", () => {
  const head = "Inter-| sta-|   Quality\n face | tus | link level noise\n";
  assert.equal(parseWifiSignal(`${head} wlan0: 0000   49.  -61.  -256  0 0 0 5 0 0\n`), -61);
  assert.equal(parseWifiSignal(`${head} wlan0: 0000   49.  195.  161.  0 0 0 5 0 0\n`), -61);
  assert.equal(parseWifiSignal(`${head} wlan0: 0000 1. -80. 0\n wlan1: 0000 1. -40. 0\n`), -40);
  assert.equal(
    parseWifiSignal(`${head} wlan0: 0000    0.     0.    0.       0\n`),
    null,
    "not connected",
  );
  assert.equal(parseWifiSignal(`${head} wlan0: 0000   49.  55.  0\n`), null, "a quality, not dBm");
  assert.equal(parseWifiSignal(head), null);
});

Deno.test("whatever a file holds, a reading is a finite number or absent", () => {
  const printed = fc.array(
    fc.oneof(
      fc.constantFrom(
        "cpu ",
        "MemTotal:",
        "MemAvailable:",
        "SwapFree:",
        " kB",
        "sda",
        "eth0:",
        "wlan0:",
        "\n",
        " ",
      ),
      fc.nat().map(String),
      fc.string({ unit: "binary" }),
      fc.double().map(String),
    ),
    { maxLength: 40 },
  ).map((parts) => parts.join(" "));
  fc.assert(
    fc.property(printed, (text) => {
      const { readBytes, writtenBytes } = parseDiskCounters(text);
      const { receivedBytes, sentBytes } = parseNetworkCounters(text, () => true);
      const values = [
        ...Object.values(parseMemory(text)),
        ...(parseLoads(text) ?? []),
        ...Object.values(parseCpuTicks(text) ?? {}),
        parseWifiSignal(text),
        ...readBytes.values(),
        ...writtenBytes.values(),
        ...receivedBytes.values(),
        ...sentBytes.values(),
      ];
      for (const value of values) assert.ok(value === null || Number.isFinite(value));
    }),
    { numRuns: RUNS },
  );
});
