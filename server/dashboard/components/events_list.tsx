/**
 * @module
 * Events, newest first.
 */
import type { DeviceEvent, FleetEvent } from "../../events/device_events.ts";
import { Badge, Time, type Tone } from "./basics.tsx";
import { nameOf } from "./device_state.tsx";

/** RFC 5424 §6.2.1, the words people use. */
const SEVERITIES = [
  "emergency",
  "alert",
  "critical",
  "error",
  "warning",
  "notice",
  "info",
  "debug",
];

function toneOf(severity: number): Tone {
  return severity <= 3 ? "bad" : severity === 4 ? "warn" : "idle";
}

/** A list of events; of the whole fleet they name their device. */
export function EventsList(
  { events, nowMs }: { events: readonly (DeviceEvent | FleetEvent)[]; nowMs: number },
) {
  return (
    <ul class="list tight">
      {events.map((event) => (
        <li data-key={`event-${event.id}`}>
          <Badge tone={toneOf(event.severity)}>
            {SEVERITIES[event.severity] ?? event.severity}
          </Badge>
          <span class="main">
            <span>
              {"handle" in event
                ? (
                  <>
                    <a href={`/devices/${event.handle}`}>
                      {nameOf({ name: event.deviceName, handle: event.handle })}
                    </a>
                    {" · "}
                  </>
                )
                : null}
              <code>{event.name}</code>
            </span>
            <span>
              {event.text ?? (event.reported ? "Reported by the device" : "Noted by the server")}
            </span>
          </span>
          <span class="side-text">
            <Time atMs={event.atMs} nowMs={nowMs} />
          </span>
        </li>
      ))}
    </ul>
  );
}
