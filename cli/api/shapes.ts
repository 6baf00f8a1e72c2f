/**
 * The shapes of the admin API that the commands speak of, by name. They come from the server's own document.
 *
 * @module
 */
import type { components } from "./types.gen.ts";

type Schemas = components["schemas"];

/** A device in a list. */
export type Device = Schemas["Device"];

/** Where a device stands with this fleet. */
export type Admission = Device["admission"];

/** A device with everything known about it. */
export type DeviceDetail = Schemas["DeviceDetail"];

/** A figure with its unit and time. */
export type LatestValue = Schemas["LatestValue"];

/** Something that happened to a device. */
export type DeviceEvent = Schemas["Event"];

/** A command to a device and what became of it. */
export type Command = Schemas["Command"];

/** A token that admits devices, without its text. */
export type EnrolmentToken = Schemas["EnrolmentToken"];

/** Somebody who signs in with a password. */
export type User = Schemas["User"];

/** A change, by whom and when. */
export type AuditEntry = Schemas["AuditEntry"];

/** The server about itself and about who is asking. */
export type ServerInfo = Schemas["Server"];
