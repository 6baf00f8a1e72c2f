/**
 * @module
 * A page as a row of the route table: rendered whole on the server, its failures as pages too.
 */
import type { Child } from "hono/jsx";
import type * as v from "valibot";
import { DomainError } from "../errors.ts";
import type { Features } from "../http/features.ts";
import { deviceUrlFor } from "../http/device_url.ts";
import { problemOf } from "../http/problem.ts";
import {
  type Caller,
  type Rate,
  type Reply,
  type Route,
  route,
  type RouteRequest,
} from "../http/route_table.ts";
import type { Role } from "../access/role.ts";
import { Layout, type Live, PAGE_POLICY, type Section, type Theme } from "./layout.tsx";
import { ProblemPage } from "./pages/problem_page.tsx";

/** A page as its handler makes it. */
export interface Page {
  readonly title: string;
  readonly live: Live | null;
  readonly content: Child;
  readonly dialogs?: Child;
  /** Devices that wait, where the page knows already. */
  readonly waiting?: number;
}

/** What a page is made of. */
export interface PageRequest<Params, Query> {
  readonly params: Params;
  readonly query: Query;
  readonly caller: Caller;
  readonly scope: Caller["scope"];
  /** Where devices reach this server, as the caller knows it. */
  readonly deviceUrl: string;
  readonly nowMs: number;
}

/** A page's row. */
export interface PageDefinition<Params, Query> {
  readonly path: string;
  readonly access: Role;
  readonly operation: string;
  readonly summary: string;
  readonly section: Section | null;
  readonly params?: v.GenericSchema<unknown, Params>;
  readonly query?: v.GenericSchema<unknown, Query>;
  render(request: PageRequest<Params, Query>, features: Features): Promise<Page>;
}

/** Live pages ask for themselves again and again. */
const RATE: Rate = { burst: 120, perMinute: 1_200 };

/** Writes the row of a page. */
export function pageRoute<Params = Record<never, never>, Query = Record<never, never>>(
  definition: PageDefinition<Params, Query>,
): Route {
  const { path, access, operation, summary, section, params, query } = definition;
  return route<Params, Query>({
    method: "GET",
    path,
    access,
    page: true,
    undocumented: true,
    operation,
    summary,
    tag: "pages",
    bodyLimitBytes: 0,
    rate: RATE,
    params,
    query,
    replies: { 200: { description: "A page", type: "text/html" } },
    handle: async (request, features) => {
      try {
        return await pageReply(request, { definition, features });
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        return problemReplyOf(error, { request, section, features });
      }
    },
  });
}

async function pageReply<Params, Query>(
  request: RouteRequest<Params, Query, undefined>,
  { definition, features }: { definition: PageDefinition<Params, Query>; features: Features },
): Promise<Reply> {
  const { clock, devicesSurvey, server } = features;
  const { scope } = request;
  const [nowMs, caller] = [clock.nowMs(), request.caller!];
  const { params, query } = request;
  const deviceUrl = deviceUrlFor(request, features);
  const asked = { params, query, caller, scope, deviceUrl, nowMs };
  const page = await definition.render(asked, features);
  const waiting = page.waiting ?? await devicesSurvey.waiting(scope);
  return html(
    <Layout
      title={page.title}
      fleet={server.name}
      nowMs={nowMs}
      theme={themeOf(request)}
      section={definition.section}
      caller={caller}
      waiting={waiting}
      live={page.live}
      dialogs={page.dialogs}
    >
      {page.content}
    </Layout>,
  );
}

function problemReplyOf(
  error: DomainError,
  { request, section, features }: {
    request: Pick<RouteRequest, "caller" | "id" | "header">;
    section: Section | null;
    features: Features;
  },
): Reply {
  const problem = problemOf(error, { requestId: request.id, path: "" });
  return html(
    <Layout
      title={problem.title}
      fleet={features.server.name}
      nowMs={features.clock.nowMs()}
      theme={themeOf(request)}
      section={section}
      caller={request.caller!}
      waiting={0}
      live={null}
    >
      <ProblemPage problem={problem} />
    </Layout>,
    problem.status,
  );
}

/** A document as an answer. */
export function html(document: unknown, status = 200): Reply {
  return {
    status,
    type: "text/html; charset=utf-8",
    headers: { "content-security-policy": PAGE_POLICY },
    body: `<!doctype html>${String(document)}`,
  };
}

/** The colours the person chose; null = as the system is. */
export function themeOf({ header }: Pick<RouteRequest, "header">): Theme {
  const chosen = /(?:^|; *)fleetd-theme=(light|dark)(?:;|$)/.exec(header("cookie") ?? "")?.[1];
  return (chosen as Theme | undefined) ?? null;
}
