/**
 * @module
 */
import { deepEqual, throws } from "node:assert/strict";
import { filterItems, parseCondition } from "./filter.ts";

const DEVICES = [
  {
    handle: "aaaa",
    name: "kitchen",
    online: true,
    model: "Raspberry Pi 4 Model B",
    labels: { site: "berlin" },
    latest: { "cpu.use": 0.9 },
  },
  {
    handle: "bbbb",
    name: null,
    online: false,
    model: "ESP32-C3",
    labels: {},
    latest: { "cpu.use": 0.1 },
  },
];

function filtered(...texts: string[]): string[] {
  return filterItems(DEVICES, texts.map(parseCondition)).map((d) => d.handle);
}

Deno.test("a field is compared with a value, without regard to case", () => {
  deepEqual(filtered("name=Kitchen"), ["aaaa"]);
  deepEqual(filtered("online=false"), ["bbbb"]);
  deepEqual(filtered("online=yes"), ["aaaa"]);
  deepEqual(filtered("name=none"), ["bbbb"]);
  deepEqual(filtered("name!=kitchen"), ["bbbb"]);
});

Deno.test("dots reach into labels and figures, whose names have dots themselves", () => {
  deepEqual(filtered("labels.site=berlin"), ["aaaa"]);
  deepEqual(filtered("latest.cpu.use>0.5"), ["aaaa"]);
  deepEqual(filtered("latest.cpu.use<=0.1"), ["bbbb"]);
});

Deno.test("a star stands for anything, and other signs for themselves", () => {
  deepEqual(filtered("model=*pi*"), ["aaaa"]);
  deepEqual(filtered("model=esp32.c3"), []);
});

Deno.test("a word is looked for in every text", () => {
  deepEqual(filtered("berl"), ["aaaa"]);
  deepEqual(filtered("esp32", "online=false"), ["bbbb"]);
});

Deno.test("a field that no item has is an error that names those there are", () => {
  throws(() => filtered("colour=red"), {
    message: 'There is no field "colour" to filter by.',
    hints: ["There are: handle, labels, latest, model, name, online"],
  });
  deepEqual(filterItems([], [parseCondition("colour=red")]), []);
});

Deno.test("what is no condition is refused", () => {
  for (const text of ["", "=x", ">3", "a>b", "a>"]) {
    throws(() => parseCondition(text), /filter|number/);
  }
});
