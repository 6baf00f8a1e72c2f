/**
 * Requests checked against the server's document: a route, body or answer that the document does not have is a type
 * error here.
 *
 * @module
 */
import type { AdminClient, AdminRequest } from "@fleetd/cli/kit";
import type { paths } from "./types.gen.ts";

/** Methods of the admin API, as the document writes them. */
export type Method = "get" | "post" | "patch" | "delete";

/** Paths that have a method. */
export type PathOf<M extends Method> = {
  [P in keyof paths]: paths[P] extends Record<M, { responses: unknown }> ? P : never;
}[keyof paths];

type Operation<M extends Method, P extends PathOf<M>> = paths[P][M];

type Content<R> = R extends { content: { "application/json": infer Json } } ? Json : undefined;

/** The JSON of a successful answer; undefined where there is none. */
export type AnswerOf<M extends Method, P extends PathOf<M>> = Operation<M, P> extends
  { responses: infer R } ? Content<R[keyof R & (200 | 201 | 202 | 204)]>
  : never;

/** The JSON that a request must bring; undefined where there is none. */
export type BodyOf<M extends Method, P extends PathOf<M>> = Operation<M, P> extends {
  requestBody: { content: { "application/json": infer Json } };
} ? Json
  : undefined;

/** What goes with a request. */
export interface TypedRequest<Body> extends Pick<AdminRequest, "act" | "query"> {
  /** For the names in braces in the path. */
  readonly params?: Readonly<Record<string, string | number>>;
  readonly body?: Body;
}

/** Sends a request. @throws {CliError} */
export function typedRequest<M extends Method, P extends PathOf<M>>(
  client: AdminClient,
  [method, path]: readonly [method: M, path: P],
  { params = {}, ...request }: TypedRequest<BodyOf<M, P>>,
): Promise<AnswerOf<M, P>> {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = params[name];
    if (value === undefined) throw new TypeError(`${path} needs ${name}`);
    return encodeURIComponent(value);
  });
  return client.request(method.toUpperCase(), filled, request);
}
