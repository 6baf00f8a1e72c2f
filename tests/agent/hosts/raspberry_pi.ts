/**
 * What Raspberry Pi OS shows under /proc and /sys on boards of three generations.
 *
 * @module
 */
import { FakeHost } from "../../fakes/mod.ts";

/** Pi 3 Model B+, Bookworm 64-bit, on WiFi, hot and short of voltage: throttled is 0x50005. */
export function pi3(): FakeHost {
  const host = new FakeHost({
    ...common({
      stat: "cpu  130216 40 61030 5840111 21055 0 2210 0 0 0",
      uptime: "15130.41 58401.11",
    }),
    "/proc/meminfo": meminfo({
      total: 932_588,
      available: 541_200,
      swapTotal: 524_284,
      swapFree: 520_000,
    }),
    "/proc/device-tree/model": "Raspberry Pi 3 Model B Plus Rev 1.3\0",
    "/proc/device-tree/compatible": "raspberrypi,3-model-b-plus\0brcm,bcm2837\0",
    "/proc/device-tree/serial-number": "00000000a3b1c2d4\0",
    "/proc/device-tree/cpus/cpu@0/compatible": "arm,cortex-a53\0",
    "/proc/cpuinfo": cpuinfo({
      part: "0xd03",
      revision: "a020d3",
      serial: "00000000a3b1c2d4",
      board: "Raspberry Pi 3 Model B Plus Rev 1.3",
    }),
    "/proc/diskstats": diskstatsOfCard({ sectorsRead: 1_250_418, sectorsWritten: 811_032 }),
    "/proc/net/dev": netDev([
      ["lo", 10_400, 10_400],
      ["eth0", 0, 0],
      ["wlan0", 91_204_113, 12_003_411],
    ]),
    "/proc/net/wireless": wireless(
      "wlan0: 0000   49.  -61.  -256        0      0      0      5      0        0",
    ),
    "/sys/class/thermal/thermal_zone0/type": "cpu-thermal\n",
    "/sys/class/thermal/thermal_zone0/temp": "82312\n",
    "/sys/class/hwmon/hwmon0/name": "cpu_thermal\n",
    "/sys/class/hwmon/hwmon0/temp1_input": "82312\n",
    "/sys/class/hwmon/hwmon1/name": "rpi_volt\n",
    "/sys/class/hwmon/hwmon1/in0_lcrit_alarm": "1\n",
    "/sys/devices/platform/soc/soc:firmware/get_throttled": "50005\n",
    "/sys/devices/platform/soc/3f202000.mmc/uevent": "DRIVER=sdhost-bcm2835\n",
    ...card("SU32G", 62_333_952),
    ...realInterface("eth0", "b8:27:eb:b1:c2:d4"),
    ...realInterface("wlan0", "b8:27:eb:e4:97:81"),
    "/sys/devices/system/cpu/online": "0-3\n",
  });
  host.interfaces = [
    address("lo", "127.0.0.1", { loopback: true }),
    address("wlan0", "192.168.1.30", { mac: "b8:27:eb:e4:97:81" }),
    address("wlan0", "fe80::ba27:ebff:fee4:9781", { mac: "b8:27:eb:e4:97:81" }),
  ];
  host.about = { ...host.about, hostname: "greenhouse" };
  return host;
}

/** Pi 4 Model B, on Ethernet, healthy. */
export function pi4(): FakeHost {
  const host = new FakeHost({
    ...common({
      stat: "cpu  130216 40 61030 5840111 21055 0 2210 0 0 0",
      uptime: "15130.41 58401.11",
    }),
    "/proc/meminfo": meminfo({
      total: 3_884_356,
      available: 3_301_112,
      swapTotal: 102_396,
      swapFree: 102_396,
    }),
    "/proc/device-tree/model": "Raspberry Pi 4 Model B Rev 1.4\0",
    "/proc/device-tree/compatible": "raspberrypi,4-model-b\0brcm,bcm2711\0",
    "/proc/device-tree/serial-number": "100000001a2b3c4d\0",
    "/proc/device-tree/cpus/cpu@0/compatible": "arm,cortex-a72\0",
    "/proc/cpuinfo": cpuinfo({
      part: "0xd08",
      revision: "c03114",
      serial: "100000001a2b3c4d",
      board: "Raspberry Pi 4 Model B Rev 1.4",
    }),
    "/proc/diskstats": diskstatsOfCard({ sectorsRead: 2_150_418, sectorsWritten: 1_811_032 }),
    "/proc/net/dev": netDev([
      ["lo", 10_400, 10_400],
      ["eth0", 1_204_113, 2_003_411],
      ["wlan0", 0, 0],
      ["docker0", 500_000, 600_000],
      ["veth12ab34c", 500_000, 600_000],
    ]),
    "/proc/net/wireless": wireless(
      "wlan0: 0000    0.     0.    0.       0      0      0      0      0        0",
    ),
    "/sys/class/thermal/thermal_zone0/type": "cpu-thermal\n",
    "/sys/class/thermal/thermal_zone0/temp": "48199\n",
    "/sys/class/hwmon/hwmon0/name": "cpu_thermal\n",
    "/sys/class/hwmon/hwmon0/temp1_input": "48199\n",
    "/sys/class/hwmon/hwmon1/name": "rpi_volt\n",
    "/sys/class/hwmon/hwmon1/in0_lcrit_alarm": "0\n",
    "/sys/devices/platform/soc/soc:firmware/get_throttled": "0\n",
    ...card("SD64G", 124_735_488),
    ...realInterface("eth0", "dc:a6:32:01:02:03"),
    ...realInterface("wlan0", "dc:a6:32:01:02:04"),
    "/sys/class/net/docker0/address": "02:42:9f:00:00:01\n",
    "/sys/devices/system/cpu/online": "0-3\n",
    "/proc/net/if_inet6": [
      "20010db8000100000000000000000042 02 40 00 80     eth0",
      "20010db800010000a1b2c3d4e5f60708 02 40 00 01     eth0",
      "fe80000000000000dea632fffe010203 02 40 20 80     eth0",
      "00000000000000000000000000000001 01 80 10 80       lo",
      "",
    ].join("\n"),
  });
  host.interfaces = [
    address("lo", "127.0.0.1", { loopback: true }),
    address("lo", "::1", { loopback: true }),
    address("eth0", "fe80::dea6:32ff:fe01:203", { mac: "dc:a6:32:01:02:03" }),
    address("eth0", "2001:db8:1::42", { mac: "dc:a6:32:01:02:03" }),
    address("eth0", "2001:db8:1:0:a1b2:c3d4:e5f6:708", { mac: "dc:a6:32:01:02:03" }),
    address("eth0", "192.168.1.40", { mac: "dc:a6:32:01:02:03" }),
    address("docker0", "172.17.0.1", { mac: "02:42:9f:00:00:01" }),
  ];
  host.about = { ...host.about, hostname: "workshop" };
  return host;
}

/** Pi 5 with an NVMe disk; its firmware node is called otherwise than before. */
export function pi5(): FakeHost {
  const host = new FakeHost({
    ...common({
      stat: "cpu  930216 40 261030 15840111 1055 0 9210 0 0 0",
      uptime: "45130.41 158401.11",
    }),
    "/proc/meminfo": meminfo({
      total: 8_255_168,
      available: 7_301_112,
      swapTotal: 524_272,
      swapFree: 524_272,
    }),
    "/proc/device-tree/model": "Raspberry Pi 5 Model B Rev 1.0\0",
    "/proc/device-tree/compatible": "raspberrypi,5-model-b\0brcm,bcm2712\0",
    "/proc/device-tree/serial-number": "8f1e2d3c4b5a6978\0",
    "/proc/device-tree/cpus/cpu@0/compatible": "arm,cortex-a76\0",
    "/proc/cpuinfo": cpuinfo({
      part: "0xd0b",
      revision: "d04170",
      serial: "8f1e2d3c4b5a6978",
      board: "Raspberry Pi 5 Model B Rev 1.0",
    }),
    "/proc/diskstats": [
      " 259       0 nvme0n1 21542 7311 1817504 9121 40100 33218 2411520 88121 0 31032 98120 0 0 0 0 301 877",
      " 259       1 nvme0n1p1 180 1203 12914 51 2 0 2 0 0 60 51 0 0 0 0 0 0",
      " 259       2 nvme0n1p2 21270 6108 1799510 9050 40098 33218 2411518 88120 0 31001 97171 0 0 0 0 0 0",
      "",
    ].join("\n"),
    "/proc/net/dev": netDev([["lo", 1, 1], ["eth0", 3_204_113, 4_003_411]]),
    "/sys/class/thermal/thermal_zone0/type": "cpu-thermal\n",
    "/sys/class/thermal/thermal_zone0/temp": "51850\n",
    "/sys/class/hwmon/hwmon0/name": "cpu_thermal\n",
    "/sys/class/hwmon/hwmon0/temp1_input": "51850\n",
    "/sys/class/hwmon/hwmon1/name": "rp1_adc\n",
    "/sys/class/hwmon/hwmon1/in1_input": "1474\n",
    "/sys/class/hwmon/hwmon1/temp1_input": "54386\n",
    "/sys/class/hwmon/hwmon2/name": "rpi_volt\n",
    "/sys/class/hwmon/hwmon2/in0_lcrit_alarm": "0\n",
    "/sys/class/hwmon/hwmon3/name": "nvme\n",
    "/sys/class/hwmon/hwmon3/temp1_input": "38850\n",
    "/sys/class/hwmon/hwmon3/temp1_label": "Composite\n",
    "/sys/devices/platform/soc@107c000000/soc@107c000000:firmware/get_throttled": "0\n",
    "/sys/block/nvme0n1/size": "500118192\n",
    "/sys/block/nvme0n1/device/model": "KINGSTON SNV2S250G                      \n",
    ...realInterface("eth0", "2c:cf:67:01:02:03"),
    "/sys/devices/system/cpu/online": "0-3\n",
  });
  host.interfaces = [address("eth0", "10.0.0.5", { mac: "2c:cf:67:01:02:03" })];
  return host;
}

function common({ stat, uptime }: { stat: string; uptime: string }): Record<string, string> {
  return {
    "/proc/stat":
      `${stat}\ncpu0 32554 10 15257 1460027 5263 0 1105 0 0 0\nintr 1 2 3\nctxt 5\nbtime 1700000000\n`,
    "/proc/uptime": `${uptime}\n`,
    "/proc/loadavg": "0.42 0.31 0.28 1/183 4711\n",
    "/proc/1/stat": "1 (systemd) S 0",
    "/proc/412/stat": "412 (fleetd) S 1",
    "/proc/4711/stat": "4711 (bash) S 412",
    "/proc/sys/kernel/osrelease": "6.12.34+rpt-rpi-v8\n",
    "/proc/sys/kernel/random/boot_id": "0aed68af-8c0f-4c92-8432-3d3173221275\n",
    "/etc/os-release":
      'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian GNU/Linux"\nID=debian\n',
    "/run/systemd/timesync/synchronized": "",
    "/proc/self/mounts":
      "proc /proc proc rw 0 0\n/dev/mmcblk0p2 / ext4 rw,noatime 0 0\ntmpfs /run tmpfs rw,nosuid 0 0\n",
  };
}

interface MeminfoKibibytes {
  readonly total: number;
  readonly available: number;
  readonly swapTotal: number;
  readonly swapFree: number;
}

function meminfo({ total, available, swapTotal, swapFree }: MeminfoKibibytes): string {
  return [
    `MemTotal:        ${total} kB`,
    `MemFree:          ${Math.floor(available / 2)} kB`,
    `MemAvailable:     ${available} kB`,
    "Buffers:           31184 kB",
    "Cached:           405120 kB",
    "SwapCached:            0 kB",
    `SwapTotal:        ${swapTotal} kB`,
    `SwapFree:         ${swapFree} kB`,
    "HugePages_Total:       0",
    "",
  ].join("\n");
}

interface CpuinfoEntries {
  readonly part: string;
  readonly revision: string;
  readonly serial: string;
  readonly board: string;
}

function cpuinfo({ part, revision, serial, board }: CpuinfoEntries): string {
  const core = (number: number) =>
    `processor\t: ${number}\nBogoMIPS\t: 38.40\nFeatures\t: fp asimd evtstrm crc32 cpuid\n` +
    `CPU implementer\t: 0x41\nCPU architecture: 8\nCPU variant\t: 0x0\nCPU part\t: ${part}\nCPU revision\t: 4\n\n`;
  return [0, 1, 2, 3].map(core).join("") +
    `Revision\t: ${revision}\nSerial\t\t: ${serial}\nModel\t\t: ${board}\n`;
}

function diskstatsOfCard(
  { sectorsRead, sectorsWritten }: { sectorsRead: number; sectorsWritten: number },
): string {
  return [
    "   1       0 ram0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0",
    "   7       0 loop0 12 0 96 4 0 0 0 0 0 8 4 0 0 0 0 0 0",
    ` 179       0 mmcblk0 31057 8106 ${sectorsRead} 96270 23312 10903 ${sectorsWritten} 181672 0 94128 278175 0 0 0 0 217 401`,
    ` 179       1 mmcblk0p1 257 2211 14258 800 3 0 3 30 0 700 830 0 0 0 0 0 0`,
    ` 179       2 mmcblk0p2 30760 5895 ${sectorsRead - 14_258} 95400 23309 10903 ${
      sectorsWritten - 3
    } 181642 0 93400 277042 0 0 0 0 0 0`,
    " 254       0 zram0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0",
    "",
  ].join("\n");
}

/** A table as /proc/net/dev prints it, from name, bytes received and bytes sent. */
export function netDev(interfaces: readonly (readonly [string, number, number])[]): string {
  return [
    "Inter-|   Receive                                                |  Transmit",
    " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed",
    ...interfaces.map(([name, received, sent]) =>
      `${
        name.padStart(6)
      }: ${received}     100    0    0    0     0          0         0 ${sent}      90    0    0    0     0       0          0`
    ),
    "",
  ].join("\n");
}

function wireless(line: string): string {
  return "Inter-| sta-|   Quality        |   Discarded packets               | Missed | WE\n" +
    ` face | tus | link level noise |  nwid  crypt   frag  retry   misc | beacon | 22\n ${line}\n`;
}

function card(name: string, sectors: number): Record<string, string> {
  return {
    "/sys/block/mmcblk0/size": `${sectors}\n`,
    "/sys/block/mmcblk0/device/name": `${name}\n`,
    "/sys/block/loop0/size": "0\n",
    "/sys/block/zram0/size": "0\n",
  };
}

/** An interface that a device stands behind. */
export function realInterface(name: string, mac: string): Record<string, string> {
  return {
    [`/sys/class/net/${name}/device/uevent`]: "DRIVER=x\n",
    [`/sys/class/net/${name}/address`]: `${mac}\n`,
    [`/sys/class/net/${name}/flags`]: "0x1003\n",
  };
}

/** One address of an interface. */
export function address(
  interfaceName: string,
  text: string,
  { mac = "00:00:00:00:00:00", loopback = false } = {},
): FakeHost["interfaces"][number] {
  return { interfaceName, family: text.includes(":") ? 6 : 4, address: text, mac, loopback };
}
