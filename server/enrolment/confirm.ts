/**
 * @module
 * The first message whose MAC holds under a handshake's keys makes the handshake count: the device
 * becomes known (or is known again), its token is spent, its older kid ends; all in the transaction of
 * that message's effects.
 */
import {
  type EnrolRequest,
  enrolRequestCodec,
  handleOf,
  TokenStatus,
} from "@fleetd/firmware-protocol";
import { deviceActor } from "../audit/actor.ts";
import type { Audit } from "../audit/audit.ts";
import { type Admission, DEVICE_NAME, LABEL_KEY, MAX_LABELS } from "../devices/device.ts";
import type { DeviceEvents } from "../events/device_events.ts";
import type { LiveEvents } from "../events/live_events.ts";
import { hexOf } from "../identity/session_keys.ts";
import type { Tx } from "../transaction.ts";
import { type AdmissionDecision, decideAdmission } from "./admission.ts";
import { type QuarantineRecords, raiseCloneAlarm } from "./clone_alarm.ts";
import type { EnrolmentSettings } from "./enrolment_settings.ts";
import { isPrivateAddress } from "./private_address.ts";
import type {
  DeviceClaims,
  EnrolledDevices,
  Handshake,
  Handshakes,
  KnownDevice,
  UsableTokens,
} from "./records.ts";

/** What confirming stands on. */
export interface ConfirmOptions {
  readonly handshakes: Handshakes;
  readonly devices: EnrolledDevices;
  readonly tokens: UsableTokens;
  readonly quarantine: QuarantineRecords;
  readonly events: DeviceEvents;
  readonly live: LiveEvents;
  readonly audit: Audit;
  readonly settings: EnrolmentSettings;
}

/** More than this many re-enrolments of one key in 24 h are a clone alarm. */
const REENROLMENTS_A_DAY = 3;

interface Confirmation extends ConfirmOptions {
  readonly handshake: Handshake;
  readonly request: EnrolRequest;
  readonly handle: string;
  readonly address: string;
  readonly nowMs: number;
}

/**
 * Confirms the handshake of a kid; false when there is none (any more).
 * The sync's own effects follow in the same transaction.
 */
export async function confirmHandshake(
  tx: Tx,
  { kid, address, nowMs, ...options }: ConfirmOptions & {
    readonly kid: Uint8Array;
    readonly address: string;
    readonly nowMs: number;
  },
): Promise<boolean> {
  const handshake = await options.handshakes.take(tx, kid, nowMs);
  if (handshake === undefined) return false;
  const request = enrolRequestCodec.decode(handshake.request);
  const handle = handleOf(handshake.publicKey);
  const it: Confirmation = { ...options, handshake, request, handle, address, nowMs };
  const known = await options.devices.find(tx, handshake.publicKey);
  const held = await options.devices.heldByOther(tx, {
    publicKey: handshake.publicKey,
    deviceId: request.deviceId,
    serial: request.serial ?? null,
  });
  const { decision, labels } = await decide(tx, { ...it, known, held });
  const id = known === undefined
    ? await insertDevice(tx, it, decision)
    : await refreshDevice(tx, it, { known, decision, keepDeviceId: held.deviceIdHeld });
  if (known === undefined) await options.devices.label(tx, id, wishedLabels(request));
  if (labels !== undefined) await options.devices.label(tx, id, labels);
  const opened = await options.devices.openSession(tx, {
    kid,
    deviceId: id,
    keysWrapped: handshake.keysWrapped,
    nowMs,
  });
  await record(tx, it, { id, known, held, decision });
  if (opened.reenrolments > REENROLMENTS_A_DAY) {
    await raiseCloneAlarm(tx, {
      ...options,
      records: options.quarantine,
      device: { id, handle },
      sign: "enrolled again more than three times in 24 hours",
      address,
      nowMs,
    });
  }
  return true;
}

type Held = { readonly deviceIdHeld: boolean; readonly serialHeld: boolean };

/** The decision, and the token's labels when one was spent on it. */
async function decide(
  tx: Tx,
  it: Confirmation & { readonly known: KnownDevice | undefined; readonly held: Held },
): Promise<{ decision: AdmissionDecision; labels?: Readonly<Record<string, string>> }> {
  const { handshake } = it;
  const facts = {
    known: it.known?.admission ?? null,
    ...it.held,
    mode: it.settings.mode,
    privateAddress: isPrivateAddress(it.address),
  };
  const hasToken = handshake.tokenId !== null && handshake.tokenStatus === TokenStatus.used;
  const decision = decideAdmission({ ...facts, hasToken });
  if (!decision.consumeToken || handshake.tokenId === null) return { decision };
  const spent = await it.tokens.consume(tx, handshake.tokenId, it.nowMs);
  return spent === undefined
    ? { decision: decideAdmission({ ...facts, hasToken: false }) }
    : { decision, labels: spent.labels };
}

async function insertDevice(
  tx: Tx,
  it: Confirmation,
  decision: AdmissionDecision,
): Promise<number> {
  const { settings, address, nowMs, devices } = it;
  if (decision.admission === "pending") {
    const evicted = await devices.makeRoomForPending(tx, { ...settings.pending, address });
    for (const handle of evicted) {
      await it.audit(tx, {
        actor: deviceActor(it.handle, address).name,
        address,
        action: "device.evict",
        target: `device:${handle}`,
        before: { admission: "pending" },
      });
    }
  }
  return await devices.insert(tx, {
    ...claimsOf(it),
    handle: it.handle,
    publicKey: it.handshake.publicKey,
    admission: decision.admission,
    tofu: decision.tofu,
    intervalS: settings.intervalS,
    address,
    nowMs,
  });
}

async function refreshDevice(
  tx: Tx,
  it: Confirmation,
  { known, decision, keepDeviceId }: {
    readonly known: KnownDevice;
    readonly decision: AdmissionDecision;
    readonly keepDeviceId: boolean;
  },
): Promise<number> {
  await it.devices.refresh(tx, known.id, {
    ...claimsOf(it),
    admission: decision.admission,
    // A token or an earlier administrator's word ends trust by address alone; enrolling again does not.
    tofu: decision.consumeToken ? false : known.tofu || decision.tofu,
    keepDeviceId,
    nowMs: it.nowMs,
  });
  return known.id;
}

function claimsOf({ request, handshake }: Confirmation): DeviceClaims {
  return {
    deviceId: request.deviceId,
    hwClass: request.hwClass,
    model: request.model ?? null,
    serial: request.serial ?? null,
    agentVersion: request.agentVersion,
    name: request.name !== undefined && DEVICE_NAME.test(request.name) ? request.name : null,
    rxMax: request.rxMax,
    helloMismatch: handshake.helloMismatch,
  };
}

/** Wished labels that are well-formed; the others are the device's loss. */
function wishedLabels(request: EnrolRequest): Record<string, string> {
  const wished: Record<string, string> = Object.create(null);
  for (const { key, value } of (request.labels ?? []).slice(0, MAX_LABELS)) {
    if (LABEL_KEY.test(key) && value !== "") wished[key] = value;
  }
  return wished;
}

async function record(
  tx: Tx,
  it: Confirmation,
  { id, known, held, decision }: {
    readonly id: number;
    readonly known: KnownDevice | undefined;
    readonly held: Held;
    readonly decision: AdmissionDecision;
  },
): Promise<void> {
  const { handshake, nowMs, handle, address } = it;
  const base = { deviceId: id, atMs: nowMs };
  await it.events.record(tx, { ...base, ...enrolledEvent(known?.admission, decision.admission) });
  if (held.deviceIdHeld || held.serialHeld) {
    const what = held.serialHeld ? "serial number" : "device id";
    await it.events.record(tx, {
      ...base,
      name: "enrolment.identity_held",
      severity: 4,
      text: `Another key holds this device's ${what}: compare fingerprints before accepting`,
    });
  }
  if (handshake.helloMismatch) {
    await it.events.record(tx, {
      ...base,
      name: "enrolment.hello_mismatch",
      severity: 4,
      text: "The device was shown another server's hello: someone may stand between",
    });
  }
  await it.audit(tx, {
    actor: deviceActor(handle, address).name,
    address,
    action: "device.enrol",
    target: `device:${handle}`,
    before: known && { admission: known.admission },
    after: {
      admission: decision.admission,
      tofu: decision.tofu,
      token: decision.consumeToken ? hexOf(handshake.tokenId!) : null,
    },
  });
  await it.live.publish(tx, { kind: "device.changed", deviceId: id, handle, atMs: nowMs });
}

function enrolledEvent(before: Admission | undefined, now: Admission) {
  return before === undefined
    ? { name: "device.enrolled", severity: 5, text: `First contact: ${now}` }
    : { name: "device.reenrolled", severity: 5, text: `New keys: was ${before}, is ${now}` };
}
