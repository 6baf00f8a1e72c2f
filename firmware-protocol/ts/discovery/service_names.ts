/**
 * The names of a service, and what they become after a conflict (RFC 6762 §9, RFC 6763 §4, App. D).
 *
 * @module
 */
import { escapeLabel, MAX_LABEL_BYTES } from "./domain_name.ts";

/** The only domain of mDNS that we use. */
export const DOMAIN = "local";
/** The name under which all service types are listed (RFC 6763 §9). */
export const SERVICE_TYPES_NAME = `_services._dns-sd._udp.${DOMAIN}`;

/** The names that one host alone may hold. */
export interface ClaimedNames {
  /** Instance label as people see it. */
  readonly instance: string;
  /** Host label. */
  readonly host: string;
}

/** `_http._tcp` as a full name; @throws RangeError when it is no service type (RFC 6335 §5.1). */
export function typeName(type: string): string {
  if (!/^_(?!-)(?=[^.]*[a-z])[a-z0-9-]{1,15}(?<!-)\._(tcp|udp)$/i.test(type)) {
    throw new RangeError(
      `Cannot use ${JSON.stringify(type)} as a service type: it looks like _http._tcp`,
    );
  }
  return `${type}.${DOMAIN}`;
}

/** Full name of an instance of a type. */
export function instanceName(instance: string, type: string): string {
  return `${escapeLabel(instance)}.${typeName(type)}`;
}

/** Full name of a host. */
export function hostName(host: string): string {
  return `${escapeLabel(host)}.${DOMAIN}`;
}

/** "name" to "name (2)", "name (2)" to "name (3)". */
export function nextInstance(instance: string): string {
  const match = /^(.*) \((\d{1,6})\)$/s.exec(instance);
  const suffix = ` (${match ? Number(match[2]) + 1 : 2})`;
  return shorten(match?.[1] ?? instance, MAX_LABEL_BYTES - suffix.length) + suffix;
}

/** "name" to "name-2", "name-2" to "name-3". */
export function nextHost(host: string): string {
  // Only a small number is a count: the last group of a handle may be digits too.
  const match = /^(.*)-([2-9]|[1-9]\d)$/s.exec(host);
  const suffix = `-${match ? Number(match[2]) + 1 : 2}`;
  return shorten(match?.[1] ?? host, MAX_LABEL_BYTES - suffix.length) + suffix;
}

/** A host label made from any text: letters, digits and single hyphens, or "fleetd". */
export function hostLabel(text: string): string {
  const base = text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const label = base.replace(/[^a-z0-9]+/g, "-");
  return label.replace(/^-/, "").slice(0, MAX_LABEL_BYTES - 4).replace(/-$/, "") || "fleetd";
}

/** Cuts a text to a number of UTF-8 bytes, never inside a character. */
export function shorten(text: string, maxBytes: number): string {
  let size = 0;
  let kept = "";
  for (const character of text) {
    size += new TextEncoder().encode(character).length;
    if (size > maxBytes) break;
    kept += character;
  }
  return kept;
}
