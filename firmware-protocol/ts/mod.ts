/**
 * The wire protocol of FleetD in TypeScript: messages and their strict codec, telemetry columns,
 * cryptography, enrolment handshake, envelopes and discovery. This is the only export of the folder.
 *
 * @module
 */
export * from "./messages.gen.ts";
export * from "./codecs.gen.ts";
export * from "./errors.gen.ts";
export * from "./metrics.gen.ts";
export * from "./codec/mod.ts";
export * from "./telemetry/mod.ts";
export * from "./crypto/mod.ts";
export * from "./cose/mod.ts";
export * from "./noise/mod.ts";
export * from "./token.ts";
export * from "./handle.ts";
export * from "./discovery/mod.ts";
