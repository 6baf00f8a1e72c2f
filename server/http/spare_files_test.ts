import assert from "node:assert/strict";
import { canOpen, SpareFiles } from "./spare_files.ts";

function watched() {
  const state = { nowMs: 0, room: true, looks: 0 };
  const spare = new SpareFiles(() => state.nowMs, (count) => {
    assert.equal(count, 128);
    state.looks++;
    return state.room;
  });
  return { state, spare };
}

Deno.test("a few connections are let in without a look", () => {
  const { state, spare } = watched();
  state.room = false;
  for (let open = 1; open < 64; open++) assert.equal(spare.haveRoomFor(open), true);
  assert.equal(state.looks, 0);
});

Deno.test("it is looked when there are more connections than there were room for, and every ten seconds", () => {
  const { state, spare } = watched();
  for (let open = 64; open < 64 + 650; open++) assert.equal(spare.haveRoomFor(open), true);
  assert.equal(state.looks, 10);
  for (let open = 700; open > 64; open--) assert.equal(spare.haveRoomFor(open), true);
  assert.equal(state.looks, 10);
  state.nowMs = 10_000;
  assert.equal(spare.haveRoomFor(300), true);
  assert.equal(state.looks, 11);
});

Deno.test("without room connections are turned away at no cost, until a look after a while finds some", () => {
  const { state, spare } = watched();
  state.room = false;
  for (let i = 0; i < 1_000; i++) assert.equal(spare.haveRoomFor(500), false);
  assert.equal(state.looks, 1);
  state.room = true;
  state.nowMs = 99;
  assert.equal(spare.haveRoomFor(500), false);
  state.nowMs = 100;
  assert.equal(spare.haveRoomFor(500), true);
  assert.equal(state.looks, 2);
});

Deno.test("feeling for the limit leaves nothing open", () => {
  for (let i = 0; i < 300; i++) assert.equal(canOpen(128), true);
});
