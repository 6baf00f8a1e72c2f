/**
 * Which sensors this host has under /sys, and what they show: temperatures (thermal zones and hwmon), the Raspberry Pi's
 * supply and throttling state, and batteries. Looking for them costs a hundred reads, so it is done once in a while;
 * reading them costs one each.
 *
 * Documentation/driver-api/thermal/sysfs-api.rst and Documentation/hwmon/sysfs-interface.rst.
 *
 * @module
 */
import type { Host } from "../../ports.ts";
import { parseCount, parseDecimal } from "./parse_number.ts";

/** One place where a temperature is read, in thousandths of a degree. */
export interface TemperatureSensor {
  readonly path: string;
  /** Whether it sits in or on the processor. */
  readonly cpu: boolean;
}

/** Paths of what there is. */
export interface Sensors {
  readonly temperatures: readonly TemperatureSensor[];
  /** The Raspberry Pi firmware's get_throttled. */
  readonly throttledPath: string | null;
  /** The Raspberry Pi's undervoltage alarm. */
  readonly undervoltagePath: string | null;
  /** Charge in percent of each battery that powers the host. */
  readonly batteryPaths: readonly string[];
}

const THERMAL = "/sys/class/thermal";
const HWMON = "/sys/class/hwmon";
const POWER_SUPPLY = "/sys/class/power_supply";
const PLATFORM = "/sys/devices/platform";

const CPU_ZONE = /cpu|x86_pkg_temp|^soc[-_]|core[-_]?thermal/i;
const CPU_CHIP = /^(?:coretemp|k10temp|k8temp|zenpower|via_cputemp|cpu_thermal|soc_thermal)$/;
/** Asking a sleeping disk for its temperature can wake it. */
const DISTURBING_CHIP = /^drivetemp$/;

/** Looks for sensors. */
export function findSensors(host: Host): Sensors {
  const zones = findThermalZones(host);
  const chips = host.list(HWMON).map((name) => {
    const directory = `${HWMON}/${name}`;
    return { directory, chip: readTrimmed(host, `${directory}/name`) };
  });
  const alarm = chips.find(({ chip }) => chip === "rpi_volt");
  return {
    temperatures: [...zones, ...chips.flatMap((chip) => findChipTemperatures(host, chip))],
    throttledPath: findThrottled(host),
    undervoltagePath: alarm === undefined ? null : `${alarm.directory}/in0_lcrit_alarm`,
    batteryPaths: findBatteries(host),
  };
}

function findThermalZones(host: Host): TemperatureSensor[] {
  return host.list(THERMAL).filter((name) => name.startsWith("thermal_zone")).map((name) => ({
    path: `${THERMAL}/${name}/temp`,
    cpu: CPU_ZONE.test(readTrimmed(host, `${THERMAL}/${name}/type`)),
  }));
}

function findChipTemperatures(
  host: Host,
  { directory, chip }: { directory: string; chip: string },
): TemperatureSensor[] {
  if (DISTURBING_CHIP.test(chip)) return [];
  const inputs = host.list(directory).filter((name) => /^temp\d{1,3}_input$/.test(name));
  const found = inputs.map((name) => ({
    path: `${directory}/${name}`,
    cpu: CPU_CHIP.test(chip),
    label: readTrimmed(host, `${directory}/${name.replace("_input", "_label")}`),
  }));
  // AMD's Tctl is Tdie plus an offset made for fans: where both are, it is no temperature.
  const hasTdie = found.some(({ label }) => label === "Tdie");
  return found.filter(({ label }) => !(hasTdie && label === "Tctl"));
}

/** The firmware node lies under soc on a Pi 1 to 4 and under soc@… on a Pi 5. */
function findThrottled(host: Host): string | null {
  for (const soc of host.list(PLATFORM)) {
    if (!/^(?:soc|axi)\b/.test(soc)) continue;
    for (const node of host.list(`${PLATFORM}/${soc}`)) {
      if (!node.endsWith(":firmware")) continue;
      const path = `${PLATFORM}/${soc}/${node}/get_throttled`;
      if (readThrottled(host, path) !== null) return path;
    }
  }
  return null;
}

function findBatteries(host: Host): string[] {
  return host.list(POWER_SUPPLY)
    .map((name) => `${POWER_SUPPLY}/${name}`)
    .filter((supply) =>
      readTrimmed(host, `${supply}/type`) === "Battery" &&
      // "Device" is the battery of a mouse.
      readTrimmed(host, `${supply}/scope`) !== "Device"
    )
    .map((supply) => `${supply}/capacity`);
}

/** Highest temperature of the processor and of everything, in degrees Celsius. */
export interface Temperatures {
  readonly cpu: number | null;
  readonly max: number | null;
}

/** Outside of this a sensor is broken or not connected. */
const COLDEST_DEGREES = -55;
const HOTTEST_DEGREES = 150;

/** Reads all temperature sensors. */
export function readTemperatures(host: Host, sensors: readonly TemperatureSensor[]): Temperatures {
  let cpu: number | null = null;
  let max: number | null = null;
  for (const sensor of sensors) {
    const thousandths = parseDecimal(readTrimmed(host, sensor.path));
    if (thousandths === null) continue;
    const degrees = thousandths / 1000;
    if (degrees < COLDEST_DEGREES || degrees > HOTTEST_DEGREES) continue;
    if (max === null || degrees > max) max = degrees;
    if (sensor.cpu && (cpu === null || degrees > cpu)) cpu = degrees;
  }
  return { cpu, max };
}

/** The get_throttled bit mask, 32 bits: 0 undervoltage, 1 frequency capped, 2 throttled, 3 soft limit; 16 up: has happened. */
export function readThrottled(host: Host, path: string): number | null {
  const text = readTrimmed(host, path);
  return /^(?:0x)?[0-9a-f]{1,8}$/i.test(text) ? Number.parseInt(text, 16) : null;
}

/** Whether the supply voltage is too low now, by the alarm or else by the throttling mask. */
export function readUndervoltage(
  host: Host,
  { alarmPath, throttled }: { alarmPath: string | null; throttled: number | null },
): boolean | null {
  const alarm = alarmPath === null ? "" : readTrimmed(host, alarmPath);
  if (alarm === "0" || alarm === "1") return alarm === "1";
  return throttled === null ? null : (throttled & 1) === 1;
}

/** Mean charge of the batteries, 0 to 1. */
export function readBatteryLevel(host: Host, paths: readonly string[]): number | null {
  const levels = paths.map((path) => parseCount(readTrimmed(host, path)))
    .filter((percent) => percent !== null && percent <= 100) as number[];
  if (levels.length === 0) return null;
  return levels.reduce((sum, percent) => sum + percent, 0) / levels.length / 100;
}

function readTrimmed(host: Host, path: string): string {
  return host.readText(path)?.trim() ?? "";
}
