/**
 * The strict CBOR codec: messages, sections, errors.
 *
 * @module
 */
export { type Codec, type FieldCodec } from "./codec.ts";
export { compareBytes } from "./compare_bytes.ts";
export { ProtocolError } from "./protocol_error.ts";
export { Reader } from "./reader.ts";
export { readMap, writeMap } from "./sections.ts";
export { Writer } from "./writer.ts";
