import { deepStrictEqual } from "node:assert/strict";
import { envelopeVectors } from "../tools/generate_vectors.ts";
import golden from "../vectors/envelopes.json" with { type: "json" };

Deno.test("handshake, envelopes, signed documents, tokens and names give the golden bytes", () => {
  deepStrictEqual(JSON.parse(JSON.stringify(envelopeVectors())), golden);
});
