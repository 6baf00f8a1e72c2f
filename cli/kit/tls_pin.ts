/**
 * Certificates that a server made itself: how they are looked at, written, compared and pinned by their SHA-256.
 *
 * @module
 */
import { connect, type TLSSocket } from "node:tls";
import { usageError } from "./cli_error.ts";

/** The server shows another certificate than the pinned one; nothing was sent to it. */
export class PinMismatch extends Error {
  override readonly name = "PinMismatch";

  /** @param shown SHA-256 of the certificate that the server shows, `AB:CD:…` */
  constructor(readonly shown: string) {
    super("the server shows another certificate than the pinned one");
  }
}

/** A fingerprint as everybody writes it: 32 pairs of hex digits, `AB:CD:…`. @throws {CliError} exit code 2 */
export function parseTlsFingerprint(text: string): string {
  const digits = text.trim().replace(/^sha-?256[:= ]/i, "").replaceAll(/[:\s-]/g, "").toUpperCase();
  if (/^[0-9A-F]{64}$/.test(digits)) return digits.match(/../g)!.join(":");
  throw usageError(
    `"${text}" is no fingerprint of a certificate.`,
    "It has 64 hex digits, as fleets server prints them: AB:CD:…",
  );
}

/** SHA-256 of the certificate a server shows, whether it can be trusted or not; nothing but a handshake is sent. */
export function certificateFingerprint(
  url: URL,
  { timeoutMs }: { readonly timeoutMs: number },
): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ ...endpoint(url), rejectUnauthorized: false });
    const timer = setTimeout(() => socket.destroy(new Error("no answer in time")), timeoutMs);
    socket.once("secureConnect", () => {
      resolve(shownBy(socket));
      socket.destroy();
    });
    socket.once("error", reject);
    socket.once("close", () => clearTimeout(timer));
  });
}

/** SHA-256 of the certificate that the other side of an open connection shows. */
export function shownBy(socket: Pick<TLSSocket, "getPeerCertificate">): string {
  return socket.getPeerCertificate().fingerprint256;
}

/** Whether a request failed because nobody vouches for the server's certificate. */
export function isCertificateError(error: unknown): boolean {
  const code = (error as { code?: string }).code ?? "";
  return /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_|CERT_|ERR_TLS_CERT_)/
    .test(code);
}

function endpoint({ hostname, port }: URL) {
  const host = hostname.replace(/^\[(.*)\]$/, "$1");
  return { host, port: Number(port || 443), servername: /^[\d.]+$|:/.test(host) ? "" : host };
}
