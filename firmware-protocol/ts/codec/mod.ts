/**
 * The strict CBOR codec: messages, sections, single items, errors.
 *
 * @module
 */
export { type Codec, type FieldCodec } from "./codec.ts";
export { compareBytes } from "./compare_bytes.ts";
export { diagnose } from "./diagnose.ts";
export { decodeItem, encodeItem, Float, type Item, type ItemOptions } from "./item.ts";
export { ProtocolError } from "./protocol_error.ts";
export { readMap, writeMap } from "./sections.ts";
