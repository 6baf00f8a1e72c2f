/**
 * @module
 * What administrators do to devices: name, label, accept, reject, release from quarantine, take out of
 * the fleet. Each change runs in the caller's transaction, writes its audit row there and is told to
 * whoever watches after the commit. A change that changes nothing writes nothing.
 */
import { fingerprintOf } from "@fleetd/firmware-protocol";
import type { DeviceScope } from "../access/device_scope.ts";
import type { Actor } from "../audit/actor.ts";
import type { Audit } from "../audit/audit.ts";
import { by } from "../audit/audit_log.ts";
import type { Clock } from "../clock.ts";
import { DomainError } from "../errors.ts";
import type { LiveEvents } from "../events/live_events.ts";
import type { Awaitable, Tx } from "../transaction.ts";
import { type Admission, checkLabels, checkName, type Device } from "./device.ts";

/** What can be changed in a device's row; absent = stays. */
export interface DeviceChange {
  readonly name?: string | null;
  readonly intervalS?: number;
  readonly admission?: Admission;
  readonly acceptedAtMs?: number | null;
  readonly tofu?: boolean;
}

/** Where devices are changed. */
export interface DevicesWriter {
  /** As the transaction sees it. */
  findIn(tx: Tx, scope: DeviceScope, handle: string): Awaitable<Device | undefined>;
  change(tx: Tx, id: number, change: DeviceChange): Awaitable<void>;
  /** Replaces all labels. */
  setLabels(tx: Tx, id: number, labels: Readonly<Record<string, string>>): Awaitable<void>;
}

/** What the feature stands on. */
export interface DevicesOptions {
  readonly writer: DevicesWriter;
  readonly audit: Audit;
  readonly live: LiveEvents;
  readonly clock: Clock;
  /** Ends a quarantine and asks the device for new keys; false when it was in none. */
  readonly quarantine: { release(tx: Tx, deviceId: number): Awaitable<boolean> };
}

/** Which device, as the caller may see it. */
export interface DeviceRef {
  readonly scope: DeviceScope;
  readonly handle: string;
}

/** What PATCH may say; a label of null goes. */
export interface DeviceEdit {
  readonly name?: string | null;
  readonly labels?: Readonly<Record<string, string | null>>;
  readonly intervalS?: number;
}

/** Changes devices. */
export class Devices {
  readonly #with: DevicesOptions;

  constructor(options: DevicesOptions) {
    this.#with = options;
  }

  /**
   * Names and labels a device, and sets how often it syncs (1 to 604,800 s).
   * @throws DomainError `device.not_found`, `device.name_invalid`, `device.label_invalid`
   */
  async edit(
    tx: Tx,
    actor: Actor,
    { ref, edit }: { ref: DeviceRef; edit: DeviceEdit },
  ): Promise<void> {
    const device = await this.#find(tx, ref);
    if (typeof edit.name === "string") checkName(edit.name);
    const change: DeviceChange = {
      ...(edit.name !== undefined && edit.name !== device.name ? { name: edit.name } : {}),
      ...(edit.intervalS !== undefined && edit.intervalS !== device.intervalS
        ? { intervalS: edit.intervalS }
        : {}),
    };
    if (Object.keys(change).length > 0) {
      await this.#change(tx, actor, { device, action: "device.edit", change });
    }
    if (edit.labels !== undefined) {
      await this.#relabel(tx, actor, { device, ref, changes: edit.labels });
    }
  }

  /**
   * Lets a device in, or confirms one that came in on trust.
   * @param options.proof the device's fingerprint or whole handle, as a person compared it with the device
   * @throws DomainError `device.not_found`, `device.fingerprint_mismatch`
   */
  async accept(
    tx: Tx,
    actor: Actor,
    { ref, proof }: { ref: DeviceRef; proof: string },
  ): Promise<void> {
    const device = await this.#find(tx, ref);
    const given = bare(proof);
    if (given !== bare(fingerprintOf(device.publicKey)) && given !== bare(device.handle)) {
      throw new DomainError(
        "device.fingerprint_mismatch",
        `Cannot accept device ${device.handle}: the fingerprint given is not its own. ` +
          "Read it on the device itself (`fleetd status`) and compare; if they differ, another device uses its name: reject this one",
      );
    }
    if (device.admission === "accepted" && !device.tofu) return;
    await this.#change(tx, actor, {
      device,
      action: "device.accept",
      change: {
        admission: "accepted",
        tofu: false,
        ...(device.admission === "accepted" ? {} : { acceptedAtMs: this.#with.clock.nowMs() }),
      },
    });
  }

  /** Turns a waiting device away. @throws DomainError `device.not_found`, `device.wrong_state` */
  async reject(tx: Tx, actor: Actor, ref: DeviceRef): Promise<void> {
    const device = await this.#find(tx, ref);
    if (device.admission === "rejected") return;
    if (device.admission !== "pending") {
      throw new DomainError(
        "device.wrong_state",
        `Cannot reject device ${device.handle}: it is ${device.admission}, not pending` +
          (device.admission === "accepted"
            ? "; take it out of the fleet with `fleets devices remove`"
            : ""),
      );
    }
    await this.#change(tx, actor, {
      device,
      action: "device.reject",
      change: { admission: "rejected" },
    });
  }

  /** Ends a quarantine; the device gets new keys. @throws DomainError `device.not_found`, `device.wrong_state` */
  async release(tx: Tx, actor: Actor, ref: DeviceRef): Promise<void> {
    const device = await this.#find(tx, ref);
    if (!await this.#with.quarantine.release(tx, device.id)) {
      throw new DomainError(
        "device.wrong_state",
        `Cannot release device ${device.handle}: it is not in quarantine`,
      );
    }
    await this.#record(tx, actor, {
      device,
      action: "device.release",
      before: { quarantined: true },
      after: { quarantined: false },
    });
  }

  /** Takes a device out of the fleet; its history stays. @throws DomainError `device.not_found` */
  async decommission(tx: Tx, actor: Actor, ref: DeviceRef): Promise<void> {
    const device = await this.#find(tx, ref);
    if (device.admission === "decommissioned") return;
    await this.#change(tx, actor, {
      device,
      action: "device.decommission",
      change: { admission: "decommissioned" },
    });
  }

  async #find(tx: Tx, { scope, handle }: DeviceRef): Promise<Device> {
    return await this.#with.writer.findIn(tx, scope, handle) ?? notFound(handle);
  }

  async #change(
    tx: Tx,
    actor: Actor,
    { device, action, change }: { device: Device; action: string; change: DeviceChange },
  ): Promise<void> {
    const keys = Object.keys(change) as (keyof DeviceChange)[];
    await this.#with.writer.change(tx, device.id, change);
    await this.#record(tx, actor, {
      device,
      action,
      before: Object.fromEntries(keys.map((key) => [key, device[key] ?? null])),
      after: change,
    });
  }

  /** The audit row and the news of a change. */
  async #record(
    tx: Tx,
    actor: Actor,
    { device, action, before, after }: {
      device: Device;
      action: string;
      before: unknown;
      after: unknown;
    },
  ): Promise<void> {
    const { audit, live, clock } = this.#with;
    await audit(tx, by(actor, { action, target: `device:${device.handle}`, before, after }));
    await live.publish(tx, {
      kind: action === "device.decommission" ? "device.removed" : "device.changed",
      deviceId: device.id,
      handle: device.handle,
      atMs: clock.nowMs(),
    });
  }

  async #relabel(
    tx: Tx,
    actor: Actor,
    { device, ref, changes }: {
      device: Device;
      ref: DeviceRef;
      changes: Readonly<Record<string, string | null>>;
    },
  ): Promise<void> {
    const labels: Record<string, string> = { ...device.labels };
    for (const [key, value] of Object.entries(changes)) {
      if (value === null) delete labels[key];
      else labels[key] = value;
    }
    if (sameLabels(labels, device.labels)) return;
    checkLabels(labels);
    if (Object.entries(ref.scope.labels).some(([key, value]) => labels[key] !== value)) {
      throw new DomainError(
        "device.label_invalid",
        `Cannot label device ${device.handle}: the change would move it out of what your API token may see`,
      );
    }
    await this.#with.writer.setLabels(tx, device.id, labels);
    await this.#record(tx, actor, {
      device,
      action: "device.label",
      before: device.labels,
      after: labels,
    });
  }
}

/** @throws DomainError `device.not_found` */
export function notFound(handle: string): never {
  throw new DomainError(
    "device.not_found",
    `Cannot find device ${handle}: there is none of that handle; \`fleets devices list\` shows those there are`,
  );
}

/** Case, dashes and spaces do not matter to a person who types it. */
function bare(text: string): string {
  return text.toLowerCase().replace(/[\s-]/g, "");
}

function sameLabels(
  a: Readonly<Record<string, string>>,
  b: Readonly<Record<string, string>>,
): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}
