import { deepEqual, equal, ok } from "node:assert/strict";
import {
  DeviceStateCode,
  fingerprintOf,
  fingerprintPrefix,
  generateKeyPair,
  NeedCode,
  sha256,
  type SyncReply,
  TokenStatus,
  WireErrorCode,
} from "@fleetd/firmware-protocol";
import type {
  Admission,
  AgentEvent,
  AgentState,
  Candidate,
  Directions,
  Effect,
  Enrolled,
  Greeted,
  Handshaking,
  Happening,
  Session,
  Token,
  Unconfirmed,
} from "../agent_state.ts";
import { STATE_FORMAT } from "../storage/saved_state.ts";
import { freshContact } from "./contact.ts";
import { step } from "./step.ts";

let drawn = 0;
const bytes = (length: number, fill = ++drawn) => new Uint8Array(length).fill(fill);
const SERVER = generateKeyPair((length) => bytes(length, 42));
const OTHER = generateKeyPair((length) => bytes(length, 43));
const URL = "http://192.0.2.1:8080";
const HOUR = 3_600_000;

const NOBODY: Directions = { server: null, token: null, fingerprint: null, bundle: null };
const NAMED: Directions = { ...NOBODY, server: URL };
const TOKEN: Token = {
  id: bytes(8, 1),
  secret: bytes(16, 2),
  serverKeyHash: sha256(SERVER.publicKey).slice(0, 16),
};

function event(happening: Happening, also: Partial<AgentEvent> = {}): AgentEvent {
  return { nowMs: 1_000_000, jitter: 0.5, directions: NAMED, ...happening, ...also } as AgentEvent;
}

function candidate(key = SERVER.publicKey, url = URL): Candidate {
  return { url, source: "mdns", name: "Fleet", fingerprintPrefix: fingerprintPrefix(key) };
}

function session(trust: Session["pin"]["trust"] = "token"): Session {
  const keys = {
    macToServer: bytes(32, 3),
    macToDevice: bytes(32, 4),
    boxToServer: bytes(32, 5),
    boxToDevice: bytes(32, 6),
  };
  return {
    kid: bytes(8, 7),
    keys,
    pin: { serverKey: SERVER.publicKey, trust, urls: [URL], fleetId: bytes(8, 8) },
    terms: { intervalS: 60, txMax: 16_384, waitMaxS: 50, serverEpoch: 9 },
    token: null,
  };
}

function enrolled(name: Admission, also: Partial<Enrolled> = {}): Enrolled {
  const contact = freshContact(1_000_000);
  return { name, session: session(), enrolledAtUnixMs: 1_800_000_000_000, contact, ...also };
}

function unconfirmed(also: Partial<Unconfirmed> = {}): Unconfirmed {
  return {
    name: "unconfirmed",
    session: session(),
    expected: "accepted",
    resume: null,
    contact: freshContact(1_000_000),
    sinceMs: 1_000_000,
    ...also,
  };
}

function handshaking(also: Partial<Handshaking> = {}): Handshaking {
  const { pin } = session();
  return {
    name: "handshaking",
    pin,
    helloDigest: null,
    reason: "first",
    token: null,
    resume: null,
    seen: [],
    failures: 0,
    ...also,
  };
}

function reply(also: Partial<SyncReply> = {}): SyncReply {
  return {
    v: 0,
    time: 1_900_000_000_000,
    state: DeviceStateCode.active,
    intervalS: 60,
    serverEpoch: 9,
    ...also,
  };
}

const answered = (also: Partial<SyncReply> = {}): Happening => ({
  kind: "sync_answered",
  url: URL,
  reply: reply(also),
  wait: "none",
});
const taken = (also: Partial<Extract<Happening, { kind: "reply_taken" }>> = {}): Happening => ({
  kind: "reply_taken",
  reply: reply(),
  wait: "none",
  unsent: false,
  advanced: false,
  ...also,
});
const failed = (also: Partial<Extract<Happening, { kind: "sync_failed" }>> = {}): Happening => ({
  kind: "sync_failed",
  url: URL,
  why: "nobody listens there",
  unknownKid: false,
  retryAfterS: 0,
  ...also,
});
const greeted = (key = SERVER.publicKey, also: Partial<Greeted> = {}): Happening => ({
  kind: "hello_answered",
  url: URL,
  hello: {
    serverKey: key,
    fleetId: bytes(8, 8),
    majorMin: 1,
    majorMax: 1,
    digest: bytes(32, 9),
    ...also,
  },
});
const agreed = (also: Record<string, unknown> = {}): Happening => ({
  kind: "enrolled",
  keys: session().keys,
  underToken: false,
  reply: {
    v: 0,
    kid: bytes(8, 7),
    state: DeviceStateCode.pending,
    time: 1,
    intervalS: 30,
    serverEpoch: 9,
    ...also,
  },
});

const GREETING = { name: "greeting", candidate: candidate(), seen: [], failures: 0 } as const;
const LOOKING = { name: "looking", seen: [], failures: 0, chooseAtMs: 0 } as const;

const STATES: readonly AgentState[] = [
  { name: "unenrolled" },
  LOOKING,
  { name: "waiting", seen: [], told: "" },
  GREETING,
  handshaking(),
  handshaking({ resume: enrolled("accepted"), reason: "rekey" }),
  unconfirmed(),
  unconfirmed({ resume: enrolled("accepted") }),
  ...(["pending", "accepted", "rejected", "quarantined", "decommissioned"] as const)
    .map((name) => enrolled(name)),
];

const HAPPENINGS: readonly Happening[] = [
  { kind: "started" },
  { kind: "due" },
  { kind: "directed", forget: false },
  { kind: "directed", forget: true },
  { kind: "servers_seen", seen: [candidate()] },
  greeted(),
  { kind: "hello_failed", url: URL, why: "x" },
  agreed(),
  { kind: "enrol_failed", why: "x", reached: true, retryAfterS: 0 },
  answered(),
  failed(),
  taken(),
  { kind: "records_ready" },
];

function kinds(effects: readonly Effect[]): string[] {
  return effects.map(({ kind }) => kind).filter((kind) => kind !== "log");
}

Deno.test("every state takes every event without changing what it was given", () => {
  for (const state of STATES) {
    for (const happening of HAPPENINGS) {
      for (const directions of [NOBODY, NAMED, { ...NAMED, token: TOKEN }]) {
        const before = JSON.stringify([state, happening]);
        const next = step(state, event(happening, { directions }));
        equal(JSON.stringify([state, happening]), before, `${state.name} × ${happening.kind}`);
        const again = step(state, event(happening, { directions }));
        deepEqual(again, next, `${state.name} × ${happening.kind} is a function`);
        const exchanges = kinds(next.effects).filter((kind) =>
          ["ask_hello", "enrol", "sync"].includes(kind)
        );
        ok(exchanges.length <= 1, "at most one exchange");
      }
    }
  }
});

Deno.test("every state goes on: started, it begins an exchange, looks, or has set its timer", () => {
  for (const state of STATES) {
    for (const directions of [NOBODY, NAMED]) {
      const { effects } = step(state, event({ kind: "started" }, { directions }));
      const going = kinds(effects).some((kind) =>
        ["look", "ask_hello", "enrol", "sync", "wake"].includes(kind)
      );
      ok(going, `${state.name} with ${directions.server}`);
    }
  }
});

Deno.test("what is saved reads back as itself, and started from there it goes on", () => {
  for (const state of STATES) {
    const json = JSON.parse(JSON.stringify(STATE_FORMAT.toJson(state)));
    const back = STATE_FORMAT.fromJson(json);
    deepEqual(JSON.parse(JSON.stringify(STATE_FORMAT.toJson(back))), json, state.name);
    ok(step(back, event({ kind: "started" })).effects.length > 0, state.name);
  }
});

Deno.test("only a verified answer changes what is saved, the handshake's keys and the owner's word apart", () => {
  const durable = new Set(["sync_answered", "enrolled"]);
  for (const state of STATES) {
    for (const happening of HAPPENINGS) {
      if (durable.has(happening.kind) || (happening.kind === "directed" && happening.forget)) {
        continue;
      }
      const next = step(state, event(happening)).state;
      deepEqual(
        STATE_FORMAT.toJson(next),
        STATE_FORMAT.toJson(state),
        `${state.name} × ${happening.kind}`,
      );
    }
  }
});

Deno.test("unenrolled: started with a server named it asks its hello, without one it looks", () => {
  const named = step({ name: "unenrolled" }, event({ kind: "started" }));
  equal(named.state.name, "greeting");
  deepEqual(kinds(named.effects), ["ask_hello"]);
  const looking = step({ name: "unenrolled" }, event({ kind: "started" }, { directions: NOBODY }));
  equal(looking.state.name, "looking");
  deepEqual(kinds(looking.effects), ["look"]);
});

Deno.test("looking: an undirected agent watches a while before it takes the only server", () => {
  const looking = { ...LOOKING, chooseAtMs: 1_003_000 };
  const seen = { kind: "servers_seen", seen: [candidate()] } as const;
  const first = step(looking, event(seen, { directions: NOBODY }));
  equal(first.state.name, "looking");
  deepEqual(first.effects, [{ kind: "wake", afterMs: 3_000 }]);
  const then = step(first.state, event({ kind: "due" }, { directions: NOBODY, nowMs: 1_003_000 }));
  equal(then.state.name, "greeting");
});

Deno.test("looking: two servers make it wait, one address of each named", () => {
  const seen = [
    candidate(),
    candidate(SERVER.publicKey, "http://[2001:db8::1]:8080"),
    candidate(OTHER.publicKey, "http://192.0.2.2:8080"),
  ];
  const { state, effects } = step(
    LOOKING,
    event({ kind: "servers_seen", seen }, { directions: NOBODY }),
  );
  equal(state.name, "waiting");
  const line = effects.find(({ kind }) => kind === "log") as Extract<Effect, { kind: "log" }>;
  equal(line.level, "warn");
  equal(String(line.fields.servers).split(", ").length, 2);
  const again = step(state, event({ kind: "servers_seen", seen }, { directions: NOBODY }));
  deepEqual(again.effects, [], "it says so once");
});

Deno.test("looking: a token picks its server among several", () => {
  const seen = [candidate(OTHER.publicKey, "http://192.0.2.2:8080"), candidate()];
  const directions = { ...NOBODY, token: TOKEN };
  const { state } = step(LOOKING, event({ kind: "servers_seen", seen }, { directions }));
  equal(state.name === "greeting" && state.candidate.url, URL);
});

Deno.test("looking: a bundle leads to the handshake without a hello", () => {
  const bundle = { serverKey: SERVER.publicKey, fleetId: bytes(8, 8), urls: [URL] };
  const { state, effects } = step(
    { name: "unenrolled" },
    event({ kind: "started" }, { directions: { ...NOBODY, bundle } }),
  );
  equal(state.name === "handshaking" && state.pin.trust, "bundle");
  deepEqual(kinds(effects), ["look", "enrol"]);
});

Deno.test("greeting: what a hello is believed to be follows from what the owner said", () => {
  const fingerprint = fingerprintOf(SERVER.publicKey);
  const cases: [Partial<Directions>, string][] = [
    [{}, "tofu"],
    [{ fingerprint }, "confirmed"],
    [{ token: TOKEN }, "token"],
    [{ token: TOKEN, fingerprint }, "token"],
  ];
  for (const [said, trust] of cases) {
    const { state } = step(GREETING, event(greeted(), { directions: { ...NAMED, ...said } }));
    equal(state.name === "handshaking" && state.pin.trust, trust);
    equal(state.name === "handshaking" && state.token !== null, said.token !== undefined);
  }
});

Deno.test("greeting: a key that is not the expected one leads to no handshake", () => {
  const said: Partial<Directions>[] = [
    { token: TOKEN },
    { fingerprint: fingerprintOf(SERVER.publicKey) },
    { bundle: { serverKey: SERVER.publicKey, fleetId: bytes(8, 8), urls: [] } },
  ];
  for (const part of said) {
    const { state, effects } = step(
      GREETING,
      event(greeted(OTHER.publicKey), { directions: { ...NAMED, ...part } }),
    );
    equal(state.name, "looking");
    deepEqual(kinds(effects), ["wake"]);
  }
});

Deno.test("greeting: a server of another protocol major is not asked further", () => {
  const { state } = step(GREETING, event(greeted(SERVER.publicKey, { majorMin: 2, majorMax: 3 })));
  equal(state.name, "looking");
});

Deno.test("handshaking: agreed keys are unconfirmed, and synced at once without a wait", () => {
  const { state, effects } = step(handshaking(), event(agreed()));
  equal(state.name === "unconfirmed" && state.expected, "pending");
  deepEqual(effects.at(-1), { kind: "sync", url: URL, waitS: 0 });
});

Deno.test("handshaking: a refused token is said, and does not stop the enrolment", () => {
  const { state, effects } = step(
    handshaking({ token: TOKEN }),
    event(agreed({ tokenStatus: TokenStatus.expired })),
  );
  equal(state.name === "unconfirmed" && state.session.token?.status, TokenStatus.expired);
  ok(effects.some((effect) => effect.kind === "log" && effect.fields.status === "expired"));
});

Deno.test("handshaking: a failed renewal goes back to the old keys and waits an hour, or a minute when nobody answered", () => {
  for (const [reached, atLeast] of [[true, HOUR], [false, 60_000]] as const) {
    const resume = enrolled("accepted", {
      contact: { ...freshContact(0), failures: 3, unknownKid: true },
    });
    const { state } = step(
      handshaking({ resume }),
      event({ kind: "enrol_failed", why: "x", reached, retryAfterS: 0 }),
    );
    ok(state.name === "accepted");
    const waitMs = state.contact.handshakeNotBeforeMs - 1_000_000;
    ok(waitMs >= atLeast && waitMs <= atLeast * 1.1, String(waitMs));
    const { effects } = step(
      { ...state, contact: { ...state.contact, doing: "nothing" } },
      event({ kind: "due" }),
    );
    deepEqual(kinds(effects), ["sync"], "no handshake before its time");
  }
});

Deno.test("unconfirmed: each state the server names, and an unknown one as pending", () => {
  const cases: [number, Admission][] = [
    [1, "accepted"],
    [2, "pending"],
    [3, "rejected"],
    [4, "quarantined"],
    [5, "decommissioned"],
    [99, "pending"],
  ];
  for (const [code, name] of cases) {
    const { state, effects } = step(unconfirmed(), event(answered({ state: code })));
    equal(state.name, name);
    deepEqual(kinds(effects), ["stop_looking", "take_reply"]);
    equal((state as Enrolled).enrolledAtUnixMs, 1_900_000_000_000);
  }
});

Deno.test("unconfirmed: the token is forgotten once the keys are confirmed", () => {
  const withToken = { ...session(), token: { id: TOKEN.id, status: 0 } };
  const { effects } = step(unconfirmed({ session: withToken }), event(answered()));
  ok(effects.some((effect) => effect.kind === "forget_token" && effect.id === TOKEN.id));
});

Deno.test("unconfirmed: after three failures with unknown_kid it shakes hands again, once a minute at most", () => {
  let state: AgentState = unconfirmed();
  for (let at = 0; at < 3; at++) state = step(state, event(failed({ unknownKid: true }))).state;
  equal(state.name, "unconfirmed");
  const { state: later } = step(state, event(failed({ unknownKid: true }), { nowMs: 1_061_000 }));
  equal(later.name, "handshaking");
});

Deno.test("unconfirmed: with older keys it goes back to them, without its own only after two minutes", () => {
  const resume = enrolled("accepted");
  const late = { nowMs: 1_121_000 };
  equal(step(unconfirmed({ resume }), event(failed(), late)).state.name, "accepted");
  equal(step(unconfirmed(), event(failed(), late)).state.name, "handshaking");
  equal(step(unconfirmed(), event(failed())).state.name, "unconfirmed");
});

Deno.test("accepted: three failures of which one said unknown_kid lead to new keys under the pinned key", () => {
  let state: AgentState = enrolled("accepted");
  for (const unknownKid of [true, false]) state = step(state, event(failed({ unknownKid }))).state;
  equal(state.name, "accepted");
  const { state: next, effects } = step(state, event(failed()));
  ok(next.name === "handshaking" && next.reason === "unknownKid" && next.resume !== null);
  deepEqual(next.pin.serverKey, SERVER.publicKey);
  deepEqual(kinds(effects), ["enrol"]);
});

Deno.test("accepted: failures without unknown_kid never lead to new keys within a day, but then", () => {
  let state: AgentState = enrolled("accepted");
  for (let at = 0; at < 50; at++) state = step(state, event(failed())).state;
  equal(state.name, "accepted");
  equal(step(state, event(failed(), { nowMs: 1_000_000 + 24 * HOUR })).state.name, "handshaking");
});

Deno.test("accepted: a verified answer ends the count of failures", () => {
  let state: AgentState = enrolled("accepted");
  for (let at = 0; at < 2; at++) state = step(state, event(failed({ unknownKid: true }))).state;
  state = step(state, event(answered())).state;
  equal(step(state, event(failed())).state.name, "accepted");
});

Deno.test("accepted: the second failure starts looking for where the server may have gone", () => {
  const once = step(enrolled("accepted"), event(failed()));
  deepEqual(kinds(once.effects), ["wake"]);
  const twice = step(once.state, event(failed()));
  deepEqual(kinds(twice.effects), ["look", "wake"]);
  const moved = candidate(SERVER.publicKey, "http://192.0.2.9:8080");
  const other = candidate(OTHER.publicKey, "http://192.0.2.2:8080");
  const seen = step(twice.state, event({ kind: "servers_seen", seen: [other, moved] }));
  const due = step(seen.state, event({ kind: "due" }));
  deepEqual(due.effects.at(-1), { kind: "sync", url: "http://192.0.2.9:8080", waitS: 0 });
});

Deno.test("accepted: Retry-After is honoured up to 900 seconds", () => {
  for (const [asked, expected] of [[100, 100], [10_000, 900]] as const) {
    const { effects } = step(enrolled("accepted"), event(failed({ retryAfterS: asked })));
    const { afterMs } = effects.at(-1) as Extract<Effect, { kind: "wake" }>;
    ok(afterMs >= expected * 1_000 && afterMs <= expected * 1_100, String(afterMs));
  }
});

Deno.test("accepted: what remains to be said goes at once, then it waits for the server's word", () => {
  const state = enrolled("accepted", { contact: { ...freshContact(0), doing: "taking" } });
  deepEqual(step(state, event(taken({ unsent: true }))).effects, [{
    kind: "sync",
    url: URL,
    waitS: 0,
  }]);
  deepEqual(step(state, event(taken())).effects, [{ kind: "sync", url: URL, waitS: 50 }]);
  deepEqual(step(state, event(taken({ wait: "full" }))).effects, [{
    kind: "sync",
    url: URL,
    waitS: 50,
  }]);
});

Deno.test("accepted: waits that end early for nothing are paced ever more slowly", () => {
  let state: AgentState = enrolled("accepted", {
    contact: { ...freshContact(0), doing: "taking" },
  });
  const waits: number[] = [];
  for (let at = 0; at < 8; at++) {
    const next = step(state, event(taken({ wait: "early" })));
    waits.push((next.effects[0] as Extract<Effect, { kind: "wake" }>).afterMs);
    state = next.state;
  }
  deepEqual(waits, waits.toSorted((a, b) => a - b));
  ok(waits.at(-1)! > 30_000);
});

Deno.test("accepted: corrections are followed at once three times, then paced", () => {
  let state: AgentState = enrolled("accepted");
  const error = { code: WireErrorCode.staleSeq, lastSeq: 5 };
  const effects: string[] = [];
  for (let at = 0; at < 4; at++) {
    state = step(state, event(answered({ error }))).state;
    const next = step(state, event(taken({ reply: reply({ error }) })));
    effects.push(...kinds(next.effects));
    state = next.state;
  }
  deepEqual(effects, ["sync", "sync", "sync", "wake"]);
});

Deno.test("accepted: need rekey leads to a handshake, at most hourly", () => {
  const rekey = taken({ reply: reply({ need: [NeedCode.rekey] }) });
  const { state } = step(enrolled("accepted"), event(rekey));
  equal(state.name === "handshaking" && state.reason, "rekey");
  const recent = enrolled("accepted", {
    contact: { ...freshContact(0), handshakeNotBeforeMs: 2_000_000 },
  });
  equal(step(recent, event(rekey)).state.name, "accepted");
});

Deno.test("a record that should not wait ends a wait, and of a device that may report only", () => {
  const doing = (name: Admission, what: Enrolled["contact"]["doing"]) =>
    step(
      enrolled(name, { contact: { ...freshContact(0), doing: what } }),
      event({ kind: "records_ready" }),
    ).effects;
  equal(doing("accepted", "waiting").length, 1);
  equal(doing("accepted", "nothing").length, 1);
  equal(doing("accepted", "syncing").length, 0);
  equal(doing("pending", "waiting").length, 0);
});

Deno.test("rejected and decommissioned devices wait a day, whatever interval is named", () => {
  for (const [name, code] of [["rejected", 3], ["decommissioned", 5]] as const) {
    const state = enrolled(name, { contact: { ...freshContact(0), doing: "taking" } });
    const { effects } = step(state, event(taken({ reply: reply({ state: code }) })));
    const { afterMs } = effects[0] as Extract<Effect, { kind: "wake" }>;
    ok(afterMs >= 24 * HOUR);
  }
});

Deno.test("tofu: a fingerprint, a token or a bundle of the same key raises the trust, another key never", () => {
  const tofu = enrolled("accepted", { session: session("tofu") });
  const trustAfter = (said: Partial<Directions>) => {
    const { state } = step(
      tofu,
      event({ kind: "directed", forget: false }, { directions: { ...NAMED, ...said } }),
    );
    return state.name === "handshaking" ? state.pin.trust : (state as Enrolled).session.pin.trust;
  };
  equal(trustAfter({ fingerprint: fingerprintOf(SERVER.publicKey) }), "confirmed");
  equal(trustAfter({ token: TOKEN }), "token");
  equal(
    trustAfter({ bundle: { serverKey: SERVER.publicKey, fleetId: bytes(8), urls: [] } }),
    "bundle",
  );
  equal(trustAfter({ fingerprint: fingerprintOf(OTHER.publicKey) }), "tofu");
  equal(trustAfter({ token: { ...TOKEN, serverKeyHash: bytes(16) } }), "tofu");
});

Deno.test("tofu: after a day of silence the pin is dropped; others are kept", () => {
  const late = { nowMs: 1_000_000 + 24 * HOUR };
  equal(
    step(enrolled("accepted", { session: session("tofu") }), event(failed(), late)).state.name,
    "greeting",
  );
  const kept =
    step(enrolled("accepted", { session: session("confirmed") }), event(failed(), late)).state;
  ok(kept.name === "handshaking" && kept.resume !== null);
});

Deno.test("move: followed by a trusted device to more addresses, never by tofu, never to another key", () => {
  const urls = ["https://fleet.example/"];
  const after = (trust: Session["pin"]["trust"], nextServerKey?: Uint8Array) => {
    const state = enrolled("accepted", { session: session(trust) });
    const next = step(state, event(answered({ move: { urls, nextServerKey } }))).state as Enrolled;
    return next.session.pin.urls;
  };
  deepEqual(after("token"), ["https://fleet.example", URL]);
  deepEqual(after("tofu"), [URL]);
  deepEqual(after("token", OTHER.publicKey), [URL]);
});

Deno.test("forget: the owner's word leads to a new look from every state", () => {
  for (const state of STATES) {
    const { state: next, effects } = step(
      state,
      event({ kind: "directed", forget: true }, { directions: NOBODY }),
    );
    equal(next.name, "looking", state.name);
    ok(kinds(effects).includes("forgot_server"), state.name);
  }
});
