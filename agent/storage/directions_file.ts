/**
 * What the device's owner says to the agent through its storage directory: `fleetd enroll` and `fleetd trust` write the
 * file, the agent looks at it again and again. Who may write there may direct the agent; no network route may.
 *
 * @module
 */
import { type Bundle, bundleCodec, parseToken, ProtocolError } from "@fleetd/firmware-protocol";
import type { Directions, Token } from "../agent_state.ts";
import type { Disk } from "../ports.ts";
import type { Layout } from "./layout.ts";
import { objectOf, textOf } from "./json_shape.ts";

/** The file's content. */
export interface WrittenDirections {
  /** Base URL of the server to use. */
  readonly server?: string;
  /** Enrolment token, as text; removed once it was used. */
  readonly token?: string;
  /** Server fingerprint that a person has confirmed. */
  readonly fingerprint?: string;
  /** Present when the agent shall give up its present server first; removed once it did. */
  readonly forget?: true;
}

/** The file as it is; `{}` when there is none. @throws {DiskError} @throws {ShapeError} when it is not of this shape. */
export async function readDirections(disk: Disk, path: string): Promise<WrittenDirections> {
  const bytes = await disk.read(path);
  if (bytes === null) return {};
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    json = null;
  }
  const read = objectOf(json, "directions");
  const text = (key: string) => read[key] === undefined ? undefined : textOf(read[key], key);
  return {
    server: text("server"),
    token: text("token"),
    fingerprint: text("fingerprint"),
    ...(read.forget === true ? { forget: true } : {}),
  };
}

/** Replaces the file; durable when it resolves. @throws {DiskError} */
export async function writeDirections(
  disk: Disk,
  { path, directions }: { path: string; directions: WrittenDirections },
): Promise<void> {
  if (Object.values(directions).every((value) => value === undefined)) {
    return await disk.remove(path);
  }
  await disk.replace(path, new TextEncoder().encode(`${JSON.stringify(directions, null, 2)}\n`));
}

/** The provisioned bundle, or `null`. @throws {DiskError} @throws {ProtocolError} when it is damaged. */
export async function readBundle(disk: Disk, layout: Layout): Promise<Bundle | null> {
  const bytes = await disk.read(layout.bundle);
  return bytes && bundleCodec.decode(bytes);
}

/** Flags before the file, the file before the bundle. @throws {ProtocolError} `token.malformed` */
export function directionsFrom(
  { flags, written, bundle }: {
    readonly flags: { readonly server: string | null; readonly token: Token | null };
    readonly written: WrittenDirections;
    readonly bundle: Bundle | null;
  },
): Directions {
  const server = flags.server ?? written.server ?? null;
  return {
    server: server === null ? null : server.replace(/\/+$/, ""),
    token: writtenToken(written) ?? flags.token ?? bundleToken(bundle),
    fingerprint: written.fingerprint ?? null,
    bundle: bundle && { serverKey: bundle.serverKey, fleetId: bundle.fleetId, urls: bundle.urls },
  };
}

function writtenToken({ token }: WrittenDirections): Token | null {
  return token === undefined ? null : parseToken(token);
}

function bundleToken(bundle: Bundle | null): Token | null {
  if (bundle?.token === undefined) return null;
  if (bundle.token.length !== 24) {
    throw new ProtocolError(
      "token.malformed",
      "Cannot use the bundle's token: it is not 24 bytes.",
    );
  }
  return { id: bundle.token.slice(0, 8), secret: bundle.token.slice(8), serverKeyHash: null };
}
