/**
 * @module
 * The audit log: who changed what, newest first, and the proof that it is whole.
 */
import * as v from "valibot";
import type { AuditRow } from "../../audit/audit_log.ts";
import { beforeCursor, idBefore } from "../../http/admin/newest_first.ts";
import { needWholeFleet } from "../../http/admin/whole_fleet.ts";
import { Card, CommandLine, EmptyState, Time } from "../components/basics.tsx";
import { actorText } from "../components/actor_text.ts";
import { PageHead } from "../layout.tsx";
import { pageRoute } from "../page.tsx";

const PAGE_SIZE = 50;
/** A value longer than this is cut; the API gives it whole. */
const SHOWN_LENGTH = 240;

const querySchema = v.object({
  cursor: v.fallback(v.optional(v.pipe(v.string(), v.maxLength(200))), undefined),
  target: v.fallback(v.optional(v.pipe(v.string(), v.maxLength(120))), undefined),
});

/** The page's row. */
export const auditRoute = pageRoute({
  path: "/audit",
  access: "admin",
  operation: "showAudit",
  summary: "The audit log",
  section: "audit",
  query: querySchema,
  render: async ({ query, scope, nowMs }, { auditStore }) => {
    needWholeFleet(scope, "read the audit log");
    const rows = await auditStore.list({
      beforeId: idBefore(query.cursor) ?? null,
      target: query.target ?? null,
      limit: PAGE_SIZE + 1,
    });
    return {
      title: "Audit",
      live: query.cursor === undefined
        ? { kinds: ["device.changed", "device.removed"], everyS: 10 }
        : null,
      content: (
        <AuditLog
          rows={rows.slice(0, PAGE_SIZE)}
          next={beforeCursor(rows, PAGE_SIZE)}
          query={query}
          nowMs={nowMs}
        />
      ),
    };
  },
});

/** What the page shows. */
export interface AuditLogProps {
  readonly rows: readonly AuditRow[];
  readonly next: string | null;
  readonly query: v.InferOutput<typeof querySchema>;
  readonly nowMs: number;
}

/** The page's content. */
export function AuditLog({ rows, next, query, nowMs }: AuditLogProps) {
  return (
    <>
      <PageHead title="Audit">
        <div class="actions">
          {query.target === undefined
            ? null
            : <a class="button small" href="/audit">{`${query.target} ✕`}</a>}
          <button class="button" type="button" data-check-audit>Check the chain</button>
        </div>
      </PageHead>
      <p id="audit-check" class="note" role="status" hidden></p>
      <div data-region="audit" class="stack">
        <Card
          title="Changes"
          id="changes"
          footer={
            <>
              <span>Each entry's hash covers the one before it.</span>
              <nav class="pager" aria-label="Pages of the log">
                {query.cursor === undefined
                  ? null
                  : <a class="button small" href={hrefOf(query.target)}>Newest</a>}
                {next === null
                  ? null
                  : <a class="button small" href={hrefOf(query.target, next)}>Older</a>}
              </nav>
            </>
          }
        >
          {rows.length === 0
            ? (
              <EmptyState title="Nothing was changed yet">
                <p>Every change by a person or a program is noted here.</p>
              </EmptyState>
            )
            : (
              <div class="scroll" tabindex={0} role="region" aria-label="Audit log">
                <table class="cards">
                  <thead>
                    <tr>
                      <th scope="col">When</th>
                      <th scope="col">Who</th>
                      <th scope="col">What</th>
                      <th scope="col">To</th>
                      <th scope="col">Before → after</th>
                    </tr>
                  </thead>
                  <tbody>{rows.map((row) => <Entry row={row} nowMs={nowMs} />)}</tbody>
                </table>
              </div>
            )}
        </Card>
      </div>
      <CommandLine command="fleets audit list" />
    </>
  );
}

function Entry({ row, nowMs }: { row: AuditRow; nowMs: number }) {
  const [who, how] = actorText(row.actor);
  const handle = /^device:([a-z2-7-]{19})$/.exec(row.target)?.[1];
  return (
    <tr data-key={`entry-${row.id}`}>
      <td data-label="When">
        <Time atMs={row.atMs} nowMs={nowMs} />
      </td>
      <td data-label="Who" class="cell-who">
        <span class="two cut" title={row.actor}>
          <span>{who}</span>
          <span>{row.address === null ? how : `${how} · ${row.address}`}</span>
        </span>
      </td>
      <td data-label="What">
        <code>{row.action}</code>
      </td>
      <td data-label="To">
        {handle === undefined
          ? <span class="cut">{row.target}</span>
          : <a href={`/devices/${handle}`}>{handle}</a>}
      </td>
      <td data-label="Change" class="wrap small">
        <Change before={row.before} after={row.after} />
      </td>
    </tr>
  );
}

function Change({ before, after }: { before: string | null; after: string | null }) {
  if (before === null && after === null) return <span class="soft">–</span>;
  return (
    <span>
      {before === null ? null : (
        <>
          <span class="soft">{shown(before)}</span>
          {" → "}
        </>
      )}
      {after === null ? <span class="soft">nothing</span> : shown(after)}
    </span>
  );
}

/** JSON as `key value, key value` where it is a flat object; moments as people write them. */
function shown(json: string): string {
  const value: unknown = JSON.parse(json);
  const text = typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.entries(value).map(([key, each]) => `${key.replace(/AtMs$/, "")} ${plain(key, each)}`)
      .join(", ")
    : json;
  return text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)} …` : text || "none";
}

function plain(key: string, value: unknown): string {
  if (key.endsWith("AtMs") && typeof value === "number") {
    return new Date(value).toISOString().slice(0, 16).replace("T", " ") + " UTC";
  }
  if (value === null) return "none";
  if (typeof value !== "object") return String(value);
  const pairs = Object.entries(value).map(([name, each]) => `${name}=${plain(name, each)}`);
  return pairs.length === 0 ? "none" : pairs.join(" ");
}

function hrefOf(target: string | undefined, cursor?: string): string {
  const query = new URLSearchParams();
  if (target !== undefined) query.set("target", target);
  if (cursor !== undefined) query.set("cursor", cursor);
  const text = query.toString();
  return text === "" ? "/audit" : `/audit?${text}`;
}
