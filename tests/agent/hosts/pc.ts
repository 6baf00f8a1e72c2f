/**
 * What PCs, virtual machines and containers show under /proc and /sys.
 *
 * @module
 */
import { FakeHost } from "../../fakes/mod.ts";
import { address, netDev, realInterface } from "./raspberry_pi.ts";

/** An AMD laptop of Lenovo's on WiFi and battery. */
export function laptop(): FakeHost {
  const host = new FakeHost({
    ...system("cpu  813210 2210 300112 9911231 8012 0 5231 0 0 0"),
    "/proc/cpuinfo":
      "processor\t: 0\nvendor_id\t: AuthenticAMD\nmodel\t\t: 116\nmodel name\t: AMD Ryzen 7 PRO 7840U w/ Radeon 780M Graphics\n",
    "/sys/devices/system/cpu/online": "0-15\n",
    "/sys/class/dmi/id/sys_vendor": "LENOVO\n",
    "/sys/class/dmi/id/product_name": "21F8CTO1WW\n",
    "/sys/class/dmi/id/product_version": "ThinkPad T14s Gen 4\n",
    "/sys/class/dmi/id/product_serial": "PF4XYZ12\n",
    "/sys/class/hwmon/hwmon0/name": "acpitz\n",
    "/sys/class/hwmon/hwmon0/temp1_input": "47000\n",
    "/sys/class/hwmon/hwmon1/name": "nvme\n",
    "/sys/class/hwmon/hwmon1/temp1_input": "41850\n",
    "/sys/class/hwmon/hwmon2/name": "k10temp\n",
    "/sys/class/hwmon/hwmon2/temp1_input": "72500\n",
    "/sys/class/hwmon/hwmon2/temp1_label": "Tctl\n",
    "/sys/class/hwmon/hwmon2/temp3_input": "52500\n",
    "/sys/class/hwmon/hwmon2/temp3_label": "Tdie\n",
    "/sys/class/hwmon/hwmon3/name": "drivetemp\n",
    "/sys/class/hwmon/hwmon3/temp1_input": "99000\n",
    "/sys/class/hwmon/hwmon4/name": "iwlwifi_1\n",
    "/sys/class/thermal/thermal_zone0/type": "acpitz\n",
    "/sys/class/thermal/thermal_zone0/temp": "47000\n",
    "/sys/class/power_supply/AC/type": "Mains\n",
    "/sys/class/power_supply/BAT0/type": "Battery\n",
    "/sys/class/power_supply/BAT0/capacity": "83\n",
    "/sys/class/power_supply/hidpp_battery_0/type": "Battery\n",
    "/sys/class/power_supply/hidpp_battery_0/scope": "Device\n",
    "/sys/class/power_supply/hidpp_battery_0/capacity": "5\n",
    "/proc/net/dev": netDev([["lo", 5, 5], ["wlp1s0", 800_000, 90_000], [
      "tailscale0",
      700_000,
      80_000,
    ]]),
    "/proc/net/wireless":
      "Inter-| sta-|\n face | tus |\nwlp1s0: 0000   70.  203.  256        0      0      0      0     27        0\n",
    "/proc/diskstats": [
      " 259       0 nvme0n1 100 0 4000 10 50 0 8000 20 0 30 40",
      " 253       0 dm-0 100 0 4000 10 50 0 8000 20 0 30 40",
      " 252       0 md127 100 0 4000 10 50 0 8000 20 0 30 40",
      "",
    ].join("\n"),
    ...realInterface("wlp1s0", "a8:7e:ea:01:02:03"),
  });
  host.interfaces = [
    address("wlp1s0", "192.168.1.50", { mac: "a8:7e:ea:01:02:03" }),
    address("tailscale0", "100.101.102.103"),
  ];
  return host;
}

/** A small server of a maker who fills in no field. */
export function unnamedPc(): FakeHost {
  return new FakeHost({
    ...system("cpu  1 0 1 1 0 0 0 0 0 0"),
    "/sys/class/dmi/id/sys_vendor": "To Be Filled By O.E.M.\n",
    "/sys/class/dmi/id/product_name": "System Product Name\n",
    "/sys/class/dmi/id/board_name": "B450M Pro4\n",
    "/sys/class/dmi/id/product_serial": "Default string\n",
    "/sys/class/hwmon/hwmon0/name": "coretemp\n",
    "/sys/class/hwmon/hwmon0/temp1_input": "61000\n",
    "/sys/class/hwmon/hwmon0/temp1_label": "Package id 0\n",
    "/sys/class/hwmon/hwmon0/temp2_input": "63000\n",
    "/sys/class/hwmon/hwmon0/temp2_label": "Core 0\n",
    "/sys/class/hwmon/hwmon1/name": "nct6798\n",
    "/sys/class/hwmon/hwmon1/temp7_input": "-128000\n",
    "/sys/class/hwmon/hwmon1/temp8_input": "216000\n",
  });
}

/** A virtual machine under QEMU: a disk and a network card, no sensor. */
export function virtualMachine(): FakeHost {
  const host = new FakeHost({
    ...system("cpu  1000 0 500 8500 0 0 0 100 0 0"),
    "/sys/class/dmi/id/sys_vendor": "QEMU\n",
    "/sys/class/dmi/id/product_name": "Standard PC (Q35 + ICH9, 2009)\n",
    "/sys/class/dmi/id/product_serial": "Not Specified\n",
    "/proc/cpuinfo": "processor\t: 0\nmodel name\t: AMD EPYC\n",
    "/sys/devices/system/cpu/online": "0-1\n",
    "/sys/block/vda/size": "536870912\n",
    "/sys/block/sr0/size": "0\n",
    "/proc/diskstats": " 254 0 vda 31057 8106 2011922 6270 3312 10903 1039376 1672 0 4128 8175\n",
    "/proc/net/dev": netDev([["lo", 1, 1], ["ens3", 1_000, 2_000]]),
    ...realInterface("ens3", "52:54:00:12:34:56"),
  });
  host.interfaces = [address("ens3", "192.0.2.2", { mac: "52:54:00:12:34:56" })];
  return host;
}

/** A Docker container: no device behind any interface, no /sys/class/net/…/device, no sensors. */
export function container(): FakeHost {
  const host = new FakeHost({
    ...system("cpu  1000 0 500 8500 0 0 0 0 0 0"),
    "/.dockerenv": "",
    "/proc/net/dev": netDev([["lo", 1, 1], ["eth0", 5_000, 6_000]]),
    "/sys/class/net/eth0/address": "02:42:ac:11:00:02\n",
    "/proc/self/mounts": "overlay / overlay rw 0 0\ntmpfs /data tmpfs rw 0 0\n",
  });
  host.interfaces = [address("eth0", "172.17.0.2", { mac: "02:42:ac:11:00:02" })];
  return host;
}

function system(cpu: string): Record<string, string> {
  return {
    "/proc/stat": `${cpu}\n`,
    "/proc/uptime": "1000.00 8500.00\n",
    "/proc/loadavg": "1.00 2.00 3.00 2/900 123\n",
    "/proc/meminfo":
      "MemTotal:       16000000 kB\nMemAvailable:   12000000 kB\nSwapTotal:             0 kB\nSwapFree:              0 kB\n",
    "/proc/sys/kernel/osrelease": "6.1.0-18-amd64\n",
    "/etc/os-release": "NAME=Arch\nPRETTY_NAME='Arch Linux'\n",
  };
}
