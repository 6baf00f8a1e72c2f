/**
 * @module
 * The author of a change as people read it; the audit log's own form is `Actor.name`.
 */

const KINDS: Readonly<Record<string, string>> = {
  token: "API token",
  user: "user",
  device: "device",
  host: "on the server's machine",
  system: "the server itself",
};

/** A name, and what kind of author has it: `["demo", "API token"]` for `token:qwnrukoreimw demo`. */
export function actorText(actor: string): readonly [name: string, kind: string] {
  const [, kind = "", rest = ""] = /^([a-z]+):(.*)$/s.exec(actor) ?? [];
  if (!Object.hasOwn(KINDS, kind)) return [actor, "author"];
  return [kind === "token" ? rest.replace(/^\S+ /, "") : rest, KINDS[kind]!];
}
