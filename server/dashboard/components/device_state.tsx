/**
 * @module
 * A device's state as one badge, the same everywhere.
 */
import type { Device } from "../../devices/device.ts";
import { isOnline } from "../../events/online.ts";
import type { Condition } from "../../telemetry/conditions.ts";
import { Badge, type Tone } from "./basics.tsx";

/** What a badge needs to know. */
export type StateOf = Pick<Device, "admission" | "quarantined" | "lastSeenMs" | "intervalS">;

/** The word and its tone. */
export function stateOf(device: StateOf, nowMs: number): readonly [word: string, tone: Tone] {
  if (device.admission === "decommissioned") return ["decommissioned", "idle"];
  if (device.quarantined) return ["quarantined", "bad"];
  if (device.admission === "pending") return ["waiting", "warn"];
  if (device.admission === "rejected") return ["rejected", "idle"];
  return isOnline(device, nowMs) ? ["online", "good"] : ["offline", "idle"];
}

/** The badge. */
export function StateBadge({ device, nowMs }: { device: StateOf; nowMs: number }) {
  const [word, tone] = stateOf(device, nowMs);
  return <Badge tone={tone} hollow={word === "offline"}>{word}</Badge>;
}

const CONDITION_TONES: Readonly<Record<Condition, Tone>> = { hot: "bad", full: "warn" };

/** What an online device suffers from. */
export function ConditionBadges({ device, nowMs }: { device: Device; nowMs: number }) {
  if (device.admission !== "accepted" || !isOnline(device, nowMs)) return null;
  return (
    <>
      {device.conditions.map((condition) => (
        <>
          {" "}
          <Badge tone={CONDITION_TONES[condition]}>{condition}</Badge>
        </>
      ))}
    </>
  );
}

/** What a person calls it: its name, or its handle. */
export function nameOf({ name, handle }: { name: string | null; handle: string }): string {
  return name ?? handle;
}
