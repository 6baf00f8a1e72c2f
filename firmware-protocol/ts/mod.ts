export * from "./discovery/mod.ts";
