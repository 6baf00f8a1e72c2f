/**
 * mDNS and DNS-SD (RFC 6762, RFC 6763): announce services and find them, on every link of the host.
 *
 * @module
 */
export * from "./announced_service.ts";
export { announce } from "./announce.ts";
export { browse, browseServiceTypes } from "./browse.ts";
export type { DiscoveryCounters } from "./engine.ts";
export * from "./fleet_services.ts";
export * from "./found_service.ts";
export { discoveryCounters } from "./shared_engine.ts";
