/**
 * What the agent says about itself: to anybody on the network, and in full to the device's own people.
 *
 * @module
 */
import { fingerprintOf, PROTOCOL, TokenStatus } from "@fleetd/firmware-protocol";
import type { Agent } from "./agent.ts";
import type { AgentState } from "./agent_state.ts";
import { enrolledPin, publicState } from "./announced_txt.ts";

/** Public: what mDNS shows too; a name only until the device is enrolled. */
export function describeInfo({ stored, self, parts, machine }: Agent) {
  const pin = enrolledPin(machine.state);
  return {
    handle: stored.identity.handle,
    model: self.model,
    agentVersion: parts.version,
    protocol: `${PROTOCOL.major}.${PROTOCOL.minor}`,
    state: publicState(machine.state),
    server: pin && { url: pin.urls[0] ?? null, fingerprint: fingerprintOf(pin.serverKey) },
    ...(pin === null && parts.config.name !== null ? { name: parts.config.name } : {}),
  };
}

/** Public: whether all is well. An agent that the server has not heard of for three intervals is not. */
export function describeHealth(agent: Agent) {
  const { machine, effects, parts, stored, startedAtMs } = agent;
  const nowMs = parts.ports.clock.monotonicMs();
  const { state } = machine;
  const intervalS = "session" in state ? state.session.terms.intervalS : null;
  const sinceMs = nowMs - (effects.report.lastAnswerMs ?? startedAtMs);
  const inContact = intervalS === null || sinceMs <= (3 * intervalS + 30) * 1_000;
  const { inMemory } = stored.metrics.fill();
  return {
    ok: inContact && !inMemory,
    state: publicState(state),
    inContact,
    storing: !inMemory,
    uptimeS: Math.floor((nowMs - startedAtMs) / 1_000),
  };
}

/** For the device itself: everything but secrets. */
export function describeStatus(agent: Agent) {
  const { stored, parts, machine, effects, sampling, startedAtMs } = agent;
  const { clock, process } = parts.ports;
  const nowMs = clock.monotonicMs();
  const { lastAnswerMs, lastFailure, nextMs } = effects.report;
  const { latest } = sampling;
  return {
    ...describeInfo(agent),
    fingerprint: fingerprintOf(stored.identity.keyPair.publicKey),
    name: parts.config.name,
    doing: machine.state.name,
    pid: process.pid,
    uptimeS: Math.floor((nowMs - startedAtMs) / 1_000),
    storageDir: parts.config.storageDir,
    ...describeSession(machine.state),
    sync: {
      lastAgoS: lastAnswerMs === null ? null : Math.round((nowMs - lastAnswerMs) / 1_000),
      nextInS: nextMs === null ? null : Math.max(0, Math.round((nextMs - nowMs) / 1_000)),
      failure: lastFailure,
    },
    sampleIntervalS: parts.config.sampleIntervalMs / 1_000,
    buffer: stored.metrics.fill(),
    reports: stored.reports.fill(),
    commandsThrough: stored.taken.through,
    latest: latest === null ? null : Object.fromEntries(latest.readings),
  };
}

/** What follows from the state: trust, token, terms, or the servers to choose from. */
export function describeSession(state: AgentState) {
  if (state.name === "waiting") {
    const servers = state.seen.map(({ url, name, fingerprintPrefix }) => ({
      url,
      name,
      fingerprintPrefix,
    }));
    return { servers };
  }
  if (!("session" in state)) return {};
  const { pin, terms, token } = state.session;
  const tokenStatus = token &&
    (Object.entries(TokenStatus).find(([, code]) => code === token.status)?.[0] ?? null);
  return {
    trust: pin.trust,
    tokenStatus,
    intervalS: terms.intervalS,
    failures: state.contact.failures,
  };
}
