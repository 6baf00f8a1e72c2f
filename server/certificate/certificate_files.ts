/**
 * @module
 * Where the certificate comes from: files that were given, read again when they change, or the server's own,
 * made when there is none and made anew before it ends.
 */
import { X509Certificate } from "node:crypto";
import {
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeSync,
} from "node:fs";
import { createSecureContext } from "node:tls";
import { type Clock } from "../clock.ts";
import { ConfigError } from "../config.ts";
import type { CertificatePair } from "./make_certificate.ts";

/** A certificate with what people need to know of it. */
export interface Certificate extends CertificatePair {
  /** SHA-256 of the first certificate, `AB:CD:…` (32 pairs). */
  readonly fingerprint: string;
  /** Unix ms. */
  readonly expiresAtMs: number;
  /** Made by the server itself. */
  readonly own: boolean;
}

/** Which files. */
export type CertificateSource =
  /** Given by whoever runs the server. */
  | { readonly kind: "given"; readonly certificatePath: string; readonly keyPath: string }
  /** The server's own: one file with key and certificate, mode 0600. */
  | { readonly kind: "own"; readonly path: string; names(): readonly string[] };

/** The server's own certificate is made anew this long before it ends, ms. */
export const RENEW_BEFORE_MS = 30 * 86_400_000;

/**
 * The certificate as its files hold it now; the server's own is made where it is missing or near its end.
 * @throws ConfigError when given files cannot be read or do not belong together
 */
export async function loadCertificate(
  source: CertificateSource,
  clock: Clock,
): Promise<Certificate> {
  if (source.kind === "given") return given(source);
  const nowMs = clock.nowMs();
  const known = readOwn(source.path);
  if (known !== undefined && known.expiresAtMs - nowMs > RENEW_BEFORE_MS) return known;
  const { makeCertificate } = await import("./make_certificate.ts");
  const pair = await makeCertificate({ names: source.names(), nowMs });
  replaceFile(source.path, pair.key + pair.certificate);
  return { ...pair, ...factsOf(pair.certificate), own: true };
}

/** A mark of the files' state: another text means that they should be loaded again. */
export function certificateStamp(source: CertificateSource): string {
  const paths = source.kind === "own" ? [source.path] : [source.certificatePath, source.keyPath];
  return paths.map((path) => {
    const found = statSync(path, { throwIfNoEntry: false });
    return found === undefined ? "-" : `${found.mtimeMs}/${found.size}/${found.ino}`;
  }).join(" ");
}

function given(
  { certificatePath, keyPath }: { readonly certificatePath: string; readonly keyPath: string },
): Certificate {
  const pair = {
    certificate: readGiven(certificatePath, "--tls-cert"),
    key: readGiven(keyPath, "--tls-key"),
  };
  try {
    createSecureContext({ cert: pair.certificate, key: pair.key });
    const facts = factsOf(pair.certificate);
    return { ...pair, ...facts, own: false };
  } catch (cause) {
    throw new ConfigError(
      `Cannot use the certificate ${certificatePath} with the key ${keyPath}: ${
        (cause as Error).message
      }; both must be PEM files that belong together, the key without a pass phrase`,
      { cause },
    );
  }
}

function readGiven(path: string, option: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new ConfigError(`Cannot read ${option} ${path}: ${(cause as Error).message}`, { cause });
  }
}

/** Undefined when there is none, or it is no use any more: then another is made. */
function readOwn(path: string): Certificate | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") return undefined;
    throw new ConfigError(`Cannot read the server's certificate ${path}: ${String(error)}`, {
      cause: error,
    });
  }
  const key = /-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----\n?/.exec(text)?.[0];
  const certificate = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n?/.exec(text)
    ?.[0];
  if (key === undefined || certificate === undefined) return undefined;
  try {
    createSecureContext({ cert: certificate, key });
    return { key, certificate, ...factsOf(certificate), own: true };
  } catch {
    return undefined;
  }
}

function factsOf(certificate: string): { fingerprint: string; expiresAtMs: number } {
  const parsed = new X509Certificate(certificate);
  return { fingerprint: parsed.fingerprint256, expiresAtMs: Date.parse(parsed.validTo) };
}

/** Whole or not at all: a key without its certificate is neither. */
function replaceFile(path: string, text: string): void {
  const draft = `${path}.new`;
  try {
    const file = openSync(draft, "w", 0o600);
    writeSync(file, text);
    fsyncSync(file);
    closeSync(file);
    renameSync(draft, path);
  } catch (cause) {
    throw new ConfigError(
      `Cannot keep the server's certificate in ${path}: ${
        (cause as Error).message
      }; choose another folder with --data-dir`,
      { cause },
    );
  }
}
