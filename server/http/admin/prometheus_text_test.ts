import assert from "node:assert/strict";
import { prometheusText } from "./prometheus_text.ts";

Deno.test("families are written with help, type and escaped labels", () => {
  const text = prometheusText([
    {
      name: "a_total",
      type: "counter",
      help: "Back\\slash\nand line.",
      samples: [{ value: 3 }, { labels: { x: 'quo"te\\\n', y: "ü" }, value: 0.5 }],
    },
    { name: "empty", type: "gauge", help: "Nothing.", samples: [] },
    {
      name: "odd",
      type: "gauge",
      help: "Odd.",
      samples: [NaN, Infinity, -Infinity, 1e21, -0.1].map((value) => ({ value })),
    },
  ]);
  assert.equal(
    text,
    [
      "# HELP a_total Back\\\\slash\\nand line.",
      "# TYPE a_total counter",
      "a_total 3",
      'a_total{x="quo\\"te\\\\\\n",y="ü"} 0.5',
      "# HELP odd Odd.",
      "# TYPE odd gauge",
      "odd NaN",
      "odd +Inf",
      "odd -Inf",
      "odd 1e+21",
      "odd -0.1",
      "",
    ].join("\n"),
  );
});
