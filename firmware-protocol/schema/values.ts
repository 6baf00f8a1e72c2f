/**
 * Enumerated values of the wire. A value keeps its number for ever; receivers treat numbers they do not
 * know as PROTOCOL §7 says (state as pending, command as unsupported, need and holds as absent).
 *
 * @module
 */
import type { Values } from "./types.ts";

/** Every enumeration, in the order of the message tables. */
export const VALUES: readonly Values[] = [
  {
    name: "DeviceStateCode",
    doc: "Admission as the server tells it; an unknown number means pending.",
    values: { active: 1, pending: 2, rejected: 3, quarantined: 4, decommissioned: 5 },
  },
  {
    name: "EnrolReason",
    doc: "Why a device runs a handshake.",
    values: { first: 0, unknownKid: 1, rekey: 2, storageLost: 3 },
  },
  {
    name: "TokenStatus",
    doc: "What became of the token named in message 1.",
    values: { used: 0, unknown: 1, expired: 2, spent: 3, otherClass: 4 },
  },
  {
    name: "ClockSource",
    doc: "Where the device's wall clock comes from.",
    values: { none: 0, server: 1, ntp: 2 },
  },
  {
    name: "BootReason",
    doc: "Why the device last started.",
    values: {
      unknown: 0,
      power: 1,
      software: 2,
      watchdog: 3,
      panic: 4,
      brownOut: 5,
      deepSleep: 6,
      update: 7,
    },
  },
  {
    name: "ConfigStatus",
    doc: "What became of the desired configuration.",
    values: { applied: 0, refused: 1, failed: 2 },
  },
  {
    name: "HoldCode",
    doc: "A reason to leave a device alone for now; unknown numbers are ignored.",
    values: { disk: 1, undervoltage: 2, battery: 3, hot: 4, heap: 5, locked: 6, window: 7 },
  },
  {
    name: "NeedCode",
    doc: "What the server asks for again; unknown numbers are ignored.",
    values: { dictionary: 1, inventory: 2, running: 3, config: 4, rekey: 5, commandsThrough: 6 },
  },
  {
    name: "TimeBase",
    doc: "What the times of a batch count from: uptime of a boot id, or Unix time.",
    values: { uptime: 0, unix: 1 },
  },
  {
    name: "Stream",
    doc: "The three numbered record streams.",
    values: { metrics: 1, logs: 2, reports: 3 },
  },
  {
    name: "LogLevel",
    doc: "Severities of RFC 5424.",
    values: {
      emergency: 0,
      alert: 1,
      critical: 2,
      error: 3,
      warning: 4,
      notice: 5,
      info: 6,
      debug: 7,
    },
  },
  {
    name: "ReportKind",
    doc: "What a record of the reports stream says.",
    values: { command: 1, deployment: 2, event: 3 },
  },
  {
    name: "CommandStatus",
    doc: "How a command ended.",
    values: { ok: 0, failed: 1, unsupported: 2, expired: 3, interrupted: 4, refused: 5 },
  },
  {
    name: "DeploymentStateCode",
    doc: "Where a deployment stands on the device.",
    values: {
      downloading: 1,
      verifying: 2,
      installing: 3,
      rebooting: 4,
      confirming: 5,
      succeeded: 6,
      failed: 7,
      rolledBack: 8,
      cancelled: 9,
      refused: 10,
    },
  },
  {
    name: "UpdateStateCode",
    doc: "State of the agent's update machine while it is not idle.",
    values: {
      idle: 0,
      downloading: 1,
      verifying: 2,
      installing: 3,
      rebooting: 4,
      confirming: 5,
      committing: 6,
      rollingBack: 7,
      failed: 8,
    },
  },
  {
    name: "OfferAction",
    doc: "What an offer asks for; an unknown number is ignored and reported.",
    values: { install: 1, cancel: 2 },
  },
  {
    name: "ComponentKind",
    doc: "What a component of a manifest is.",
    values: { agent: 1, bundle: 2, file: 3, config: 4, container: 5, esp32Image: 6 },
  },
  {
    name: "WireErrorCode",
    doc: "Error codes of PROTOCOL §8: authenticated inside a sync reply, or a hint without a MAC.",
    values: {
      malformed: 1,
      tooLarge: 2,
      unknownKid: 3,
      badMac: 4,
      staleSeq: 5,
      resync: 6,
      quarantined: 7,
      unsupportedVersion: 8,
      schema: 9,
      busy: 10,
      rateLimited: 11,
      pendingFull: 12,
      notFound: 13,
      badTicket: 14,
      internal: 15,
    },
  },
];
