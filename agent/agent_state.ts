/**
 * Where the agent stands with its server: the states, what can happen, and what it then does.
 *
 * Types only; the machine is one table in `session/step.ts`. A state is a discriminated union and holds exactly the data
 * that exists in it. What is durable of a state is decided by `storage/saved_state.ts`. Times are monotonic milliseconds
 * of the {@linkcode Clock} port unless the name says Unix; PROTOCOL §3 to §5 is the law.
 *
 * @module
 */
import type { EnrolReply, SessionKeys, SyncReply } from "@fleetd/firmware-protocol";

/**
 * Why the agent believes in a server key: it came with provisioning, its hash stood in the token, a person confirmed the
 * fingerprint, or it was simply the first one seen.
 */
export type Trust = "bundle" | "token" | "confirmed" | "tofu";

/** Admission as the server last said it in a verified answer. */
export type Admission = "pending" | "accepted" | "rejected" | "quarantined" | "decommissioned";

/** An enrolment token, parsed. */
export interface Token {
  /** 8 bytes; public. */
  readonly id: Uint8Array;
  /** 16 bytes; secret. */
  readonly secret: Uint8Array;
  /** First 16 bytes of SHA-256 of the server's public key; `null` for a token out of a bundle, which names the key itself. */
  readonly serverKeyHash: Uint8Array | null;
}

/** What the device's owner has said: flags, files of `fleetd enroll` and `fleetd trust`, the provisioned bundle. */
export interface Directions {
  /** Base URL to use and no other way of finding one, or `null`. */
  readonly server: string | null;
  /** Token to enrol with, or `null`. */
  readonly token: Token | null;
  /** Server fingerprint that a person has confirmed (6 groups of 4 letters), or `null`. */
  readonly fingerprint: string | null;
  /** What provisioning left, or `null`. */
  readonly bundle: {
    /** 32 bytes. */
    readonly serverKey: Uint8Array;
    /** 8 bytes. */
    readonly fleetId: Uint8Array;
    /** Base URLs, possibly none. */
    readonly urls: readonly string[];
  } | null;
}

/** An address that may be a server's; nothing about it is proven. */
export interface Candidate {
  /** Base URL without a trailing slash. */
  readonly url: string;
  /** Who named it. */
  readonly source: "option" | "bundle" | "mdns" | "invitation";
  /** What it calls itself, "" when unknown. */
  readonly name: string;
  /** First 16 letters of the key fingerprint it claims, "" when unknown. */
  readonly fingerprintPrefix: string;
}

/** The server key that the agent holds on to, and where that server was reached. */
export interface Pin {
  /** 32 bytes; never replaced by what a hello says. */
  readonly serverKey: Uint8Array;
  readonly trust: Trust;
  /** Base URLs, the one that answered last first; at most 6. */
  readonly urls: readonly string[];
  /** 8 bytes, or `null` when nobody has said it. */
  readonly fleetId: Uint8Array | null;
}

/** What the server agreed to, in message 2 and in every verified answer since. */
export interface Terms {
  /** Seconds between two syncs, 1 to 604,800. */
  readonly intervalS: number;
  /** Largest request body, 1,024 to 16,384 bytes. */
  readonly txMax: number;
  /** Longest wait the server holds a request, 0 to 50 seconds. */
  readonly waitMaxS: number;
  /** Epoch of the server's data; another one means that it was restored. */
  readonly serverEpoch: number;
}

/** Keys and terms of one handshake. */
export interface Session {
  /** 8 bytes. */
  readonly kid: Uint8Array;
  readonly keys: SessionKeys;
  readonly pin: Pin;
  readonly terms: Terms;
  /** The token named in message 1 and what the server made of it (a TokenStatus number), or `null` without one. */
  readonly token: { readonly id: Uint8Array; readonly status: number } | null;
}

/** How contact goes; of this process only, never saved. */
export interface Contact {
  /** What is under way: nothing, an exchange, one the server may hold open, or the taking of an answer. */
  readonly doing: "nothing" | "syncing" | "waiting" | "taking";
  /** Consecutive exchanges without a verified answer. */
  readonly failures: number;
  /** Whether one of them said `unknown_kid`. */
  readonly unknownKid: boolean;
  /** When the last verified answer came, or this process started. */
  readonly silentSinceMs: number;
  /** No handshake before this time. */
  readonly handshakeNotBeforeMs: number;
  /** Consecutive waits that ended early and nothing came of it. */
  readonly earlyAnswers: number;
  /** Consecutive answers that asked for a correction (stale_seq, resync). */
  readonly corrections: number;
  /** Addresses of this server as mDNS shows them, unproven. */
  readonly seenUrls: readonly string[];
}

/** Nothing is agreed with any server. */
export interface Unenrolled {
  readonly name: "unenrolled";
}

/** It looks for a server. */
export interface Looking {
  readonly name: "looking";
  readonly seen: readonly Candidate[];
  /** Attempts that led nowhere, for back-off and to take the next address. */
  readonly failures: number;
  /** It does not choose before this time, so that a second server is seen too. */
  readonly chooseAtMs: number;
}

/** It sees several servers and must be told which one is meant. */
export interface Waiting {
  readonly name: "waiting";
  readonly seen: readonly Candidate[];
  /** The servers it has named to its owner. */
  readonly told: string;
}

/** It asks an address for its hello. */
export interface Greeting {
  readonly name: "greeting";
  readonly candidate: Candidate;
  readonly seen: readonly Candidate[];
  readonly failures: number;
}

/** It runs the Noise handshake with a server. */
export interface Handshaking {
  readonly name: "handshaking";
  readonly pin: Pin;
  /** SHA-256 of the hello that led here, or `null`. */
  readonly helloDigest: Uint8Array | null;
  readonly reason: "first" | "unknownKid" | "rekey";
  /** The token to prove, or `null`. */
  readonly token: Token | null;
  /** What holds until the new keys are confirmed. */
  readonly resume: Enrolled | null;
  readonly seen: readonly Candidate[];
  readonly failures: number;
}

/** New keys are stored and the server has not yet answered under them. */
export interface Unconfirmed {
  readonly name: "unconfirmed";
  readonly session: Session;
  /** What message 2 said the server will make of the device. */
  readonly expected: Admission;
  readonly resume: Enrolled | null;
  readonly contact: Contact;
  /** When the handshake ended, or this process started. */
  readonly sinceMs: number;
}

/** The server has answered under these keys. */
export interface Enrolled {
  readonly name: Admission;
  readonly session: Session;
  /** Server time of the first verified answer, Unix ms. */
  readonly enrolledAtUnixMs: number;
  readonly contact: Contact;
}

/** Everything the agent can be. */
export type AgentState =
  | Unenrolled
  | Looking
  | Waiting
  | Greeting
  | Handshaking
  | Unconfirmed
  | Enrolled;

/** What every event carries: the time, a fresh random ratio in [0, 1) for jitter, and what the owner has said. */
export interface Occasion {
  readonly nowMs: number;
  readonly jitter: number;
  readonly directions: Directions;
}

/** What can happen. */
export type Happening =
  /** The process starts, with the state it saved. */
  | { readonly kind: "started" }
  /** The timer set by `wake` rang. */
  | { readonly kind: "due" }
  /** The owner said something new; `forget` gives up the present server. */
  | { readonly kind: "directed"; readonly forget: boolean }
  /** All servers that mDNS and invitations show now. */
  | { readonly kind: "servers_seen"; readonly seen: readonly Candidate[] }
  | { readonly kind: "hello_answered"; readonly url: string; readonly hello: Greeted }
  | { readonly kind: "hello_failed"; readonly url: string; readonly why: string }
  | {
    readonly kind: "enrolled";
    readonly reply: EnrolReply;
    readonly keys: SessionKeys;
    /** Whether message 2 opened under the token's key. */
    readonly underToken: boolean;
  }
  | {
    readonly kind: "enrol_failed";
    readonly why: string;
    /** Whether somebody answered at all. */
    readonly reached: boolean;
    readonly retryAfterS: number;
  }
  | {
    readonly kind: "sync_answered";
    readonly url: string;
    readonly reply: SyncReply;
    readonly wait: WaitEnd;
  }
  | {
    readonly kind: "sync_failed";
    readonly url: string;
    readonly why: string;
    readonly unknownKid: boolean;
    readonly retryAfterS: number;
  }
  /**
   * What the answer said has been carried out. `unsent`: there is something to say at once. `advanced`: the server stored
   * records that were sent.
   */
  | {
    readonly kind: "reply_taken";
    readonly reply: SyncReply;
    readonly wait: WaitEnd;
    readonly unsent: boolean;
    readonly advanced: boolean;
  }
  /** A record came up that should not wait for the next sync. */
  | { readonly kind: "records_ready" };

/** How the wait that a request asked for ended: there was none, it lasted, or the server answered before its time. */
export type WaitEnd = "none" | "full" | "early";

/** A hello as it was read: a claim. */
export interface Greeted {
  readonly serverKey: Uint8Array;
  readonly fleetId: Uint8Array;
  readonly majorMin: number;
  readonly majorMax: number;
  /** SHA-256 of the hello's bytes. */
  readonly digest: Uint8Array;
}

/** An event as the machine takes it. */
export type AgentEvent = Happening & Occasion;

/** Log levels, most severe first. */
export type LogLevel = "error" | "warn" | "info" | "debug";

/**
 * What to do. Each may run twice. A new exchange (`ask_hello`, `enrol`, `sync`) ends the one under way; a new `wake`
 * replaces the timer.
 */
export type Effect =
  | { readonly kind: "look" }
  | { readonly kind: "stop_looking" }
  | { readonly kind: "ask_hello"; readonly url: string }
  | { readonly kind: "enrol"; readonly url: string }
  | { readonly kind: "sync"; readonly url: string; readonly waitS: number }
  | { readonly kind: "take_reply"; readonly reply: SyncReply; readonly wait: WaitEnd }
  | { readonly kind: "wake"; readonly afterMs: number }
  | { readonly kind: "forget_token"; readonly id: Uint8Array }
  /** The wish to give the server up has been followed. */
  | { readonly kind: "forgot_server" }
  | {
    readonly kind: "log";
    readonly level: LogLevel;
    readonly message: string;
    readonly fields: Readonly<Record<string, string | number | boolean>>;
  };

/** One move of the machine. */
export interface Step {
  /** The next state, to be saved first. */
  readonly state: AgentState;
  /** What to do then, in order. */
  readonly effects: readonly Effect[];
}
