/**
 * Which certificate of a server to trust at the sign-in: one that the machine's authorities vouch for needs nothing;
 * any other is shown, compared by the user, and pinned.
 *
 * @module
 */
import {
  AdminClient,
  canAsk,
  certificateFingerprint,
  CliError,
  confirm,
  ExitCode,
  isCertificateError,
  parseTlsFingerprint,
  type Profile,
  type Terminal,
  usageError,
  writeMessage,
} from "@fleetd/cli/kit";

const TIMEOUT_MS = 5_000;
const ACT = "sign in";

/** What is known before the server was asked. */
export interface PinWish {
  readonly url: string;
  /** From `--tls-fingerprint`: the only one that will do. */
  readonly wanted: string | undefined;
  /** The sign-in that is stored now, to any server. */
  readonly stored: Profile | undefined;
}

/**
 * Makes sure that the server answers, and returns the fingerprint to pin; undefined where none is needed.
 * @throws {CliError} when it does not answer, shows another certificate, or the user does not confirm it
 */
export async function pinCertificate(
  terminal: Terminal,
  { url, wanted, stored }: PinWish,
): Promise<string | undefined> {
  if (wanted !== undefined) {
    if (!url.startsWith("https:")) {
      throw usageError("--tls-fingerprint belongs to an address that begins with https://");
    }
    const tlsFingerprint = parseTlsFingerprint(wanted);
    await reach(url, tlsFingerprint);
    return tlsFingerprint;
  }
  const known = stored?.url === url ? stored.tlsFingerprint : undefined;
  if (known !== undefined) {
    await reach(url, known);
    return known;
  }
  try {
    await reach(url);
    return undefined;
  } catch (error) {
    if (!(error instanceof CliError) || !isCertificateError(error.cause)) throw error;
  }
  return await confirmed(terminal, url);
}

async function confirmed(terminal: Terminal, url: string): Promise<string> {
  const shown = await certificateFingerprint(new URL(url), { timeoutMs: TIMEOUT_MS });
  if (!canAsk(terminal)) {
    throw usageError(
      `Cannot ${ACT}: no authority that this machine knows vouches for the certificate of ${url}.`,
      `It shows the SHA-256 ${shown}`,
      `If the server prints the same at its start: fleets login ${url} --tls-fingerprint ${shown}`,
    );
  }
  writeMessage(terminal, `The server at ${url} made its certificate itself. Its SHA-256 is`);
  writeMessage(terminal, `  ${shown}`);
  if (
    await confirm(terminal, "Does the server print the same at its start? Trust it from now on?")
  ) {
    return shown;
  }
  throw new CliError(`Cannot ${ACT}: the certificate was not confirmed; nothing was sent.`, {
    exitCode: ExitCode.refused,
  });
}

async function reach(url: string, tlsFingerprint?: string): Promise<void> {
  await new AdminClient({ url, tlsFingerprint, timeoutMs: TIMEOUT_MS }).reach(ACT);
}
