/**
 * Spelling of names in the generated languages, and the banner over each generated file.
 *
 * @module
 */

/** Opens every generated file; `mark` starts a comment line in that language. */
export function banner(mark: string): string {
  return `${mark} Generated from firmware-protocol/schema by firmware-protocol/tools/generate.ts.\n` +
    `${mark} Do not edit: change the schema and run \`deno task gen\`.\n`;
}

/** `SyncRequest` as `syncRequest`. */
export function camel(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

/** `syncRequest`, `SyncRequest` or `cbor.bad_key` as `SYNC_REQUEST`, `CBOR_BAD_KEY`. */
export function upperSnake(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").replaceAll(".", "_").replaceAll("-", "_")
    .toUpperCase();
}

/** `SyncRequest` as `sync_request`. */
export function snake(name: string): string {
  return upperSnake(name).toLowerCase();
}

/** `SyncRequest` as `sync-request`, the custom in CDDL. */
export function kebab(name: string): string {
  return snake(name).replaceAll("_", "-");
}
