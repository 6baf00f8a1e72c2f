/**
 * @module
 * Where the certificate comes from: files that were given, read again when they change, or the server's own,
 * made when there is none and made anew before it ends.
 */
import { createPrivateKey, createPublicKey, randomUUID, X509Certificate } from "node:crypto";
import {
  closeSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
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
  keepFile(source.path, { text: pair.key + pair.certificate, known });
  // Of two servers that start at once in one folder, both use what one of them made.
  return readOwn(source.path) ?? { ...pair, ...factsOf(pair), own: true };
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
  const certificates = readGiven(certificatePath, "--tls-cert");
  const key = readGiven(keyPath, "--tls-key");
  try {
    const pair = pairIn(certificates, key);
    return { ...pair, ...factsOf(pair), own: false };
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
  try {
    const pair = pairIn(text, text);
    return { ...pair, ...factsOf(pair), own: true };
  } catch {
    return undefined;
  }
}

/**
 * What of two PEM texts is certificates and key; other blocks, such as `EC PARAMETERS`, are left out.
 * @throws Error when one is not there
 */
function pairIn(certificates: string, keys: string): CertificatePair {
  const chain = certificates.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g);
  const key = /-----BEGIN ([A-Z]+ )?PRIVATE KEY-----[^-]+-----END ([A-Z]+ )?PRIVATE KEY-----/
    .exec(keys)?.[0];
  if (chain === null) throw new Error("there is no certificate in it");
  if (key === undefined) throw new Error("there is no private key in it");
  return { certificate: `${chain.join("\n")}\n`, key: `${key}\n` };
}

/** @throws Error when the two are malformed or do not belong together: node's own TLS notices only at a handshake */
function factsOf(
  { certificate, key }: CertificatePair,
): { fingerprint: string; expiresAtMs: number } {
  const parsed = new X509Certificate(certificate);
  const spki = { type: "spki", format: "der" } as const;
  const ofKey = createPublicKey(createPrivateKey(key)).export(spki);
  if (!ofKey.equals(parsed.publicKey.export(spki))) {
    throw new Error("the key is not the certificate's");
  }
  return { fingerprint: parsed.fingerprint256, expiresAtMs: Date.parse(parsed.validTo) };
}

/** Whole or not at all: a key without its certificate is neither. A file that came meanwhile stays. */
function keepFile(
  path: string,
  { text, known }: { readonly text: string; readonly known: Certificate | undefined },
): void {
  const draft = `${path}.${randomUUID()}.new`;
  try {
    const file = openSync(draft, "wx", 0o600);
    writeSync(file, text);
    fsyncSync(file);
    closeSync(file);
    if (known === undefined && !damaged(path)) linkNew(draft, path);
    else renameSync(draft, path);
  } catch (cause) {
    throw new ConfigError(
      `Cannot keep the server's certificate in ${path}: ${
        (cause as Error).message
      }; choose another folder with --data-dir`,
      { cause },
    );
  } finally {
    rmSync(draft, { force: true });
  }
}

function damaged(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined && readOwn(path) === undefined;
}

function linkNew(draft: string, path: string): void {
  try {
    linkSync(draft, path);
  } catch (error) {
    const { code } = error as { code?: string };
    // Some file systems have no links; there the last one wins.
    if (code !== "EEXIST") renameSync(draft, path);
  }
}
