/**
 * @module
 * The server's own certificate, for networks where no authority can give one: ECDSA P-256, signed by itself,
 * with the names and addresses the server answers to. Clients trust it by its fingerprint, so it is made
 * once and lasts; a new address of the machine is no reason to make another.
 */
import "reflect-metadata";
import { webcrypto } from "node:crypto";
import { isIP } from "node:net";
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type JsonGeneralName,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from "@peculiar/x509";

/** A certificate and its key, PEM. */
export interface CertificatePair {
  /** The chain, the server's own first. */
  readonly certificate: string;
  /** PKCS #8. */
  readonly key: string;
}

/** Ten years: whoever pinned the fingerprint should not meet another soon. */
export const OWN_LIFE_MS = 3_652 * 86_400_000;

/** Clocks differ: it is valid since a day before it was made. */
const EARLIER_MS = 86_400_000;
const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
/** Longest subject name (RFC 5280 appendix A.1, ub-common-name). */
const COMMON_NAME_LENGTH = 64;

/**
 * Makes a certificate and its key.
 * @param options.names host names and addresses, the first one stands in the subject
 */
export async function makeCertificate(
  { names, nowMs }: { readonly names: readonly string[]; readonly nowMs: number },
): Promise<CertificatePair> {
  const { subtle } = webcrypto;
  const keys = await subtle.generateKey(ALGORITHM, true, ["sign", "verify"]) as CryptoKeyPair;
  const commonName = (names[0] ?? "fleetd").slice(0, COMMON_NAME_LENGTH);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: [{ CN: [commonName] }, { O: ["FleetD"] }],
    notBefore: new Date(nowMs - EARLIER_MS),
    notAfter: new Date(nowMs + OWN_LIFE_MS),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension([...new Set(names)].map(generalName)),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  const key = PemConverter.encode(await subtle.exportKey("pkcs8", keys.privateKey), "PRIVATE KEY");
  return { certificate: `${certificate.toString("pem")}\n`, key: `${key}\n` };
}

function generalName(name: string): JsonGeneralName {
  return isIP(name) === 0 ? { type: "dns", value: name } : { type: "ip", value: name };
}

/** 127 random bits, positive (RFC 5280 §4.1.2.2). */
function serialNumber(): string {
  const bytes = webcrypto.getRandomValues(new Uint8Array(16));
  bytes[0] = bytes[0]! & 0x7f | 0x40;
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
