/**
 * @module
 * The sections of the engine itself: what is stored, what is needed, what was rejected, whether new keys
 * are wanted. They collect what other sections left in the context and need no key of the request.
 */
import { NeedCode } from "@fleetd/firmware-protocol";
import { section, type SyncSection } from "./section.ts";

/** A session older than this is asked for a new handshake: 180 days. */
const REKEY_AFTER_MS = 180 * 86_400_000;

/** Acknowledges what the commit holds. */
export const acksSection: SyncSection = section({
  name: "acks",
  contribute({ acks }, reply) {
    if (acks.length > 0) reply.say({ acks: acks.toSorted((a, b) => a.stream - b.stream) });
  },
});

/** Asks for what other sections miss, and for new keys when they are due. */
export const needSection: SyncSection = section({
  name: "need",
  contribute({ need, row, nowMs, isAccepted }, reply) {
    const isDue = row.rekeyWanted === 1 || nowMs - row.sessionCreatedAtMs > REKEY_AFTER_MS;
    if (need.length === 0 && !(isAccepted && isDue)) return;
    const all = new Set(isAccepted && isDue ? [...need, NeedCode.rekey] : need);
    reply.say({ need: [...all].sort((a, b) => a - b) });
  },
});

/** Names the sections whose records the device is to drop. */
export const rejectedSection: SyncSection = section({
  name: "rejected",
  contribute({ rejected }, reply) {
    if (rejected.length > 0) reply.say({ rejected });
  },
});
