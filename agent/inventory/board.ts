/**
 * What the hardware is called: from the device tree on single-board computers, from the firmware's DMI tables on PCs.
 *
 * @module
 */
import type { Host, Process } from "../ports.ts";
import { fitText } from "./fit_inventory.ts";

/** The hardware under the agent; what it does not tell is `null`. */
export interface Board {
  /** As its maker calls it, for example "Raspberry Pi 4 Model B Rev 1.4". */
  readonly model: string | null;
  /** System on chip, maker and type, for example "brcm,bcm2711". */
  readonly soc: string | null;
  /** Serial number of the board or PC. */
  readonly serial: string | null;
  /** Board revision code of a Raspberry Pi, for example "c03114". */
  readonly revision: string | null;
}

const DEVICE_TREE = "/proc/device-tree";
const DMI = "/sys/class/dmi/id";

/** Reads what the hardware tells about itself. */
export function readBoard(host: Host): Board {
  const compatible = deviceTreeTexts(host, "compatible");
  const cpuinfo = host.readText("/proc/cpuinfo") ?? "";
  return {
    model: deviceTreeTexts(host, "model")[0] ?? dmiModel(host),
    soc: compatible.length > 1 ? compatible.at(-1)! : null,
    serial: deviceTreeTexts(host, "serial-number")[0] ??
      meaningful(cpuinfoEntry(cpuinfo, "Serial")) ??
      dmi(host, "product_serial"),
    revision: meaningful(cpuinfoEntry(cpuinfo, "Revision")),
  };
}

/** A name for the hardware that is never empty, at most 64 bytes: its model, or else system and processor type. */
export function modelName(board: Board, process: Process): string {
  const system = process.platform === "darwin" ? "Mac" : capitalised(process.platform);
  return fitText(board.model ?? `${system} ${process.architecture}`, 64);
}

/**
 * The class of hardware that artifacts are built for, 1 to 32 characters of a-z, 0-9 and "-": the board's first compatible
 * name ("raspberrypi-4-model-b"), or else system and processor type ("linux-x86-64").
 */
export function hardwareClass(host: Host, process: Process): string {
  const board = deviceTreeTexts(host, "compatible")[0];
  const name = board ?? `${process.platform}-${process.architecture}`;
  const fitted = name.toLowerCase().replace(/[^a-z0-9]+/g, "-").slice(0, 32).replace(
    /^-+|-+$/g,
    "",
  );
  return fitted === "" ? "unknown" : fitted;
}

/** One line of /proc/cpuinfo, "name : value". */
export function cpuinfoEntry(cpuinfo: string, name: string): string {
  return new RegExp(`^${name}[ \\t]*:[ \\t]*(.*)$`, "m").exec(cpuinfo)?.[1]?.trim() ?? "";
}

/** The texts of a device-tree property, which ends each with NUL. */
function deviceTreeTexts(host: Host, property: string): string[] {
  const text = host.readText(`${DEVICE_TREE}/${property}`) ?? "";
  return text.split("\0").map((part) => part.trim()).filter((part) => part !== "");
}

function dmiModel(host: Host): string | null {
  const vendor = dmi(host, "sys_vendor");
  // Lenovo writes the type number where others write the name, and the name into the version.
  const named = vendor === "LENOVO" ? dmi(host, "product_version") : null;
  const product = named ?? dmi(host, "product_name") ?? dmi(host, "board_name");
  if (product === null || vendor === null) return product;
  return product.toLowerCase().startsWith(vendor.toLowerCase()) ? product : `${vendor} ${product}`;
}

function dmi(host: Host, name: string): string | null {
  return meaningful(host.readText(`${DMI}/${name}`) ?? "");
}

/** What makers leave in a field they did not fill in. */
const PLACEHOLDER =
  /^(?:to be filled|default string|not (?:specified|applicable|available)|none$|n\/a$|unknown$|system |o\.?e\.?m\.?$|invalid|0*$|0123456789|xxx)/i;

function meaningful(text: string): string | null {
  const trimmed = text.trim();
  return PLACEHOLDER.test(trimmed) ? null : trimmed;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
