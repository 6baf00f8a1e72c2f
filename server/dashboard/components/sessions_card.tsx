/**
 * @module
 * Open sessions, each of which can be ended at once.
 */
import type { Session } from "../../access/sessions.ts";
import type { Caller } from "../../http/route_table.ts";
import { orDash } from "../shared/format.ts";
import { Badge, Card, EmptyState, Time } from "./basics.tsx";
import { FormDialog, OpenButton } from "./dialogs.tsx";

/** A session with its user's name. */
export type SessionView = Session & { readonly userName: string };

/** The card. */
export function SessionsCard(
  { sessions, caller, everybody, nowMs }: {
    sessions: readonly SessionView[];
    caller: Caller;
    everybody: boolean;
    nowMs: number;
  },
) {
  return (
    <Card title={everybody ? "Sessions" : "Your sessions"} id="sessions">
      {sessions.length === 0
        ? (
          <EmptyState title="No open sessions">
            <p>A browser that signs in shows up here for twelve hours.</p>
          </EmptyState>
        )
        : (
          <ul class="list">
            {sessions.map((session) => (
              <li data-key={`session-${session.id}`}>
                <span class="main">
                  <span>
                    {session.userName}
                    {session.id === caller.id
                      ? (
                        <>
                          {" "}
                          <Badge tone="good">this one</Badge>
                        </>
                      )
                      : null}
                  </span>
                  <span>
                    {`${browserOf(session.agent)} · ${orDash(session.address)} · used `}
                    <Time atMs={session.lastUsedMs} nowMs={nowMs} />
                    {" · ends "}
                    <Time atMs={session.expiresAtMs} nowMs={nowMs} kind="until" />
                  </span>
                </span>
                {session.id === caller.id ? null : (
                  <>
                    <OpenButton
                      dialog={`end-${session.id}`}
                      class="small"
                      label={`End the session of ${session.userName}`}
                    >
                      End
                    </OpenButton>
                    <FormDialog
                      id={`end-${session.id}`}
                      title={`End this session of ${session.userName}?`}
                      api={`DELETE /api/v1/sessions/${session.id}`}
                      done="The session is over"
                      submit="End"
                      danger
                    >
                      <p>
                        {`${browserOf(session.agent)} at ${
                          orDash(session.address)
                        } has to sign in again.`}
                      </p>
                    </FormDialog>
                  </>
                )}
              </li>
            ))}
          </ul>
        )}
    </Card>
  );
}

const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/Edg\//, "Edge"],
  [/Firefox\//, "Firefox"],
  [/Chrome\//, "Chrome"],
  [/Safari\//, "Safari"],
];
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/iPhone|iPad/, "iOS"],
  [/Android/, "Android"],
  [/Windows/, "Windows"],
  [/Mac OS X/, "macOS"],
  [/Linux/, "Linux"],
];

/** `Firefox on Linux`; what it called itself where that says nothing to us. */
export function browserOf(agent: string | null): string {
  if (agent === null) return "A program";
  const name = BROWSERS.find(([pattern]) => pattern.test(agent))?.[1];
  const system = SYSTEMS.find(([pattern]) => pattern.test(agent))?.[1];
  return name === undefined
    ? agent.slice(0, 40)
    : system === undefined
    ? name
    : `${name} on ${system}`;
}
