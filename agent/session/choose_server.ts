/**
 * Which server an agent without one turns to. Pure.
 *
 * The law is PROTOCOL §3: mDNS and invitations are address hints; who has a bundle, a token or a confirmed fingerprint
 * asks only servers that claim that key; who has none and sees two servers waits for its owner.
 *
 * @module
 */
import { fingerprintOf, fingerprintPrefix, tokenMatchesServer } from "@fleetd/firmware-protocol";
import type { Candidate, Directions, Greeted, Pin } from "../agent_state.ts";

/** What {@linkcode chooseServer} came to. */
export type Choice =
  | { readonly kind: "none" }
  | { readonly kind: "several"; readonly candidates: readonly Candidate[] }
  | { readonly kind: "one"; readonly candidate: Candidate };

/**
 * Chooses among the addresses the owner named and those that were seen. Of several addresses of one server it takes
 * number `failures` modulo their count, so that each gets its turn.
 */
export function chooseServer(
  directions: Directions,
  { seen, failures }: { readonly seen: readonly Candidate[]; readonly failures: number },
): Choice {
  const named = namedAddresses(directions);
  const expected = expectedPrefix(directions);
  const hints = directions.server !== null
    ? []
    : seen.filter((candidate) =>
      expected === null || candidate.fingerprintPrefix === "" ||
      candidate.fingerprintPrefix === expected
    );
  const all = [...named, ...hints];
  if (all.length === 0) return { kind: "none" };
  const single = named.length > 0 || expected !== null || countServers(hints) === 1;
  if (!single) return { kind: "several", candidates: onePerServer(hints) };
  return { kind: "one", candidate: all[failures % all.length]! };
}

/** Whether the directions name the server, by address or by key, so that there is nothing to wait for. */
export function isDirected(directions: Directions): boolean {
  return namedAddresses(directions).length > 0 || expectedPrefix(directions) !== null;
}

/** What a greeted server may become: a pin, or the reason why not. */
export type Judgement =
  | { readonly kind: "pin"; readonly pin: Pin }
  | { readonly kind: "refused"; readonly why: string };

/** Holds the key of a hello against everything the owner has said. */
export function judgeHello(
  directions: Directions,
  { hello, url }: { readonly hello: Greeted; readonly url: string },
): Judgement {
  const { bundle, token, fingerprint } = directions;
  const shown = fingerprintOf(hello.serverKey);
  if (bundle !== null && fingerprintOf(bundle.serverKey) !== shown) {
    return refuse(`its key ${shown} is not the provisioned one`);
  }
  if (token?.serverKeyHash && !matchesToken(token.serverKeyHash, hello.serverKey)) {
    return refuse(`its key ${shown} is not the one of the enrolment token`);
  }
  if (fingerprint !== null && fingerprint !== shown) {
    return refuse(`its key ${shown} is not the confirmed ${fingerprint}`);
  }
  const trust = bundle !== null
    ? "bundle"
    : token?.serverKeyHash
    ? "token"
    : fingerprint !== null
    ? "confirmed"
    : "tofu";
  const { serverKey, fleetId } = hello;
  return { kind: "pin", pin: { serverKey, trust, urls: [url], fleetId } };
}

/** Whether a key is the one whose hash a token carries. */
export function matchesToken(serverKeyHash: Uint8Array, serverKey: Uint8Array): boolean {
  return tokenMatchesServer({ serverKeyHash }, serverKey);
}

/** The pin that a bundle gives, with one address. */
export function bundlePin(bundle: NonNullable<Directions["bundle"]>, url: string): Pin {
  return { serverKey: bundle.serverKey, trust: "bundle", urls: [url], fleetId: bundle.fleetId };
}

/** The first 16 letters of the fingerprint that the owner's words ask for, or `null` when they name no key. */
function expectedPrefix({ bundle, token, fingerprint }: Directions): string | null {
  if (bundle !== null) return fingerprintPrefix(bundle.serverKey);
  if (token?.serverKeyHash) return lettersOf(token.serverKeyHash.subarray(0, 10));
  return fingerprint === null ? null : fingerprint.replaceAll("-", "").slice(0, 16);
}

function namedAddresses({ server, bundle }: Directions): Candidate[] {
  const name = { name: "", fingerprintPrefix: "" };
  if (server !== null) return [{ url: server, source: "option", ...name }];
  return (bundle?.urls ?? []).map((url) => ({ url, source: "bundle", ...name }));
}

const serverOf = (candidate: Candidate) => candidate.fingerprintPrefix || candidate.url;

function countServers(candidates: readonly Candidate[]): number {
  return new Set(candidates.map(serverOf)).size;
}

function onePerServer(candidates: readonly Candidate[]): Candidate[] {
  return [...new Map(candidates.map((candidate) => [serverOf(candidate), candidate])).values()];
}

function refuse(why: string): Judgement {
  return { kind: "refused", why };
}

/** The letters in which a fingerprint begins (RFC 4648 base32, lower case): one for each 5 bits. */
function lettersOf(hash: Uint8Array): string {
  const bits = [...hash].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  return (bits.match(/.{5}/g) ?? [])
    .map((five) => "abcdefghijklmnopqrstuvwxyz234567"[parseInt(five, 2)]).join("");
}
