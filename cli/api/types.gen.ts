/**
 * Types of the admin API. Generated from server/openapi.json by cli/tools/generate_api_types.ts: do not edit.
 *
 * @module
 */
export interface paths {
    readonly "/api/v1/api-tokens": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Every API token, newest first */
        readonly get: operations["listApiTokens"];
        readonly put?: never;
        /** Make an API token */
        readonly post: operations["createApiToken"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/api-tokens/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        readonly post?: never;
        /** Revoke an API token, at once and for ever */
        readonly delete: operations["revokeApiToken"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/audit": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** What was changed, by whom and when; newest first */
        readonly get: operations["listAudit"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/audit/check": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Recompute the audit log's chain of hashes */
        readonly get: operations["checkAudit"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/devices": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Devices in the order they became known, with their latest figures */
        readonly get: operations["listDevices"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/devices/{handle}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Everything about one device */
        readonly get: operations["getDevice"];
        readonly put?: never;
        readonly post?: never;
        /** Take a device out of the fleet; its history stays */
        readonly delete: operations["decommissionDevice"];
        readonly options?: never;
        readonly head?: never;
        /** Name and label a device, and set how often it syncs */
        readonly patch: operations["editDevice"];
        readonly trace?: never;
    };
    readonly "/api/v1/devices/{handle}/accept": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Let a device in, after comparing its fingerprint with the device itself */
        readonly post: operations["acceptDevice"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/devices/{handle}/commands/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** A command and what became of it */
        readonly get: operations["getCommand"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/devices/{handle}/events": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** What happened to a device, newest first */
        readonly get: operations["listDeviceEvents"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/devices/{handle}/identify": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Ask a device to make itself known where it stands */
        readonly post: operations["identifyDevice"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/devices/{handle}/inventory-changes": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** What changed in a device's inventory, newest first */
        readonly get: operations["listInventoryChanges"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/devices/{handle}/reject": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Turn a waiting device away */
        readonly post: operations["rejectDevice"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/devices/{handle}/release": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** End a device's quarantine; it gets new keys */
        readonly post: operations["releaseDevice"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/devices/{handle}/telemetry": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Metrics of a device over time */
        readonly get: operations["getTelemetry"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/enrolment-tokens": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Enrolment tokens, newest first; never their secrets */
        readonly get: operations["listEnrolmentTokens"];
        readonly put?: never;
        /** Make an enrolment token */
        readonly post: operations["createEnrolmentToken"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/enrolment-tokens/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        readonly post?: never;
        /** Revoke an enrolment token; devices it admitted stay */
        readonly delete: operations["revokeEnrolmentToken"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/events/stream": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Live events of devices, as server-sent events; `Last-Event-ID` goes on after a break */
        readonly get: operations["watchEvents"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/openapi.json": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** This document */
        readonly get: operations["getOpenApi"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/password": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Change one's own password; every other session and token of the user ends */
        readonly post: operations["changePassword"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/server": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** This fleet, its server, and who is asking */
        readonly get: operations["getServer"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/sessions": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Sessions that work now, newest first: one's own, or everybody's */
        readonly get: operations["listSessions"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/sessions/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        readonly post?: never;
        /** End a session at once: one of one's own, or for administrators anybody's */
        readonly delete: operations["endSession"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/setup": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Exchange the setup code, once, for the first administrator's API token */
        readonly post: operations["setUp"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/sign-in": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** How a visitor can sign in */
        readonly get: operations["getSignInWays"];
        readonly put?: never;
        /** Sign in with a name and a password; sets the session's cookie */
        readonly post: operations["signIn"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/sign-in/link": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** What a one-time link is for, without spending it */
        readonly post: operations["checkSignInLink"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/sign-in/link/use": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Spend a one-time link: set a password, and sign in */
        readonly post: operations["useSignInLink"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/sign-in/token": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Exchange a name and a password for an API token that lives and dies with the user */
        readonly post: operations["signInForToken"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/sign-out": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** End the session or the user's API token that asks */
        readonly post: operations["signOut"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/users": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Every user by name */
        readonly get: operations["listUsers"];
        readonly put?: never;
        /** Make a user, and the one-time link by which it sets its password */
        readonly post: operations["inviteUser"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/users/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        readonly post?: never;
        /** Remove a user with its sessions and tokens */
        readonly delete: operations["removeUser"];
        readonly options?: never;
        readonly head?: never;
        /** Change what a user may do, or whether it can sign in; at once for all its sessions */
        readonly patch: operations["editUser"];
        readonly trace?: never;
    };
    readonly "/api/v1/users/{id}/reset": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Take the password away, end sessions and tokens, and make a new one-time link */
        readonly post: operations["resetUser"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/healthz": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Answers while the process lives; empty */
        readonly get: operations["getHealth"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/metrics": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Figures in Prometheus' text format */
        readonly get: operations["getMetrics"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/readyz": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Answers 200 while the server can take devices' messages; empty */
        readonly get: operations["getReadiness"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        readonly ApiToken: {
            /** @description Made, Unix ms */
            readonly createdAtMs: number;
            readonly expiresAtMs: number | null;
            readonly id: string;
            readonly lastUsedMs: number | null;
            readonly name: string;
            readonly revokedAtMs: number | null;
            /** @enum {string} */
            readonly role: "viewer" | "operator" | "admin";
            readonly scope: {
                readonly labels: {
                    readonly [key: string]: string;
                };
            };
            readonly userId: string | null;
        };
        readonly AuditEntry: {
            readonly action: string;
            readonly actor: string;
            readonly address: string | null;
            readonly after: unknown;
            /** @description When, Unix ms */
            readonly atMs: number;
            readonly before: unknown;
            /** @description 64 hex digits; covers this row and the one before it */
            readonly hash: string;
            readonly id: number;
            readonly target: string;
        };
        readonly AuditPage: {
            readonly items: readonly components["schemas"]["AuditEntry"][];
            readonly next: string | null;
        };
        readonly Command: {
            readonly actor: string;
            readonly code: number | null;
            /** @description Given, Unix ms */
            readonly createdAtMs: number;
            /** @description Not begun after this, Unix ms */
            readonly expiresAtMs: number;
            readonly finishedAtMs: number | null;
            readonly id: number;
            readonly name: string;
            readonly output: string | null;
            /** @enum {string} */
            readonly state: "waiting" | "delivered" | "finished" | "expired";
            readonly status: ("ok" | "failed" | "unsupported" | "expired" | "interrupted" | "refused") | null;
        };
        readonly Device: {
            readonly acceptedAtMs: number | null;
            readonly address: string | null;
            /** @enum {string} */
            readonly admission: "pending" | "accepted" | "rejected" | "decommissioned";
            readonly agentVersion: string;
            /** @description First seen, Unix ms */
            readonly createdAtMs: number;
            /** @description Public name of the device, made from its key */
            readonly handle: string;
            readonly hwClass: string;
            /** @description Agreed time between syncs, s */
            readonly intervalS: number;
            readonly labels: {
                readonly [key: string]: string;
            };
            readonly lastSeenMs: number | null;
            /** @description Newest value of each metric by its name, in the metric's own unit */
            readonly latest: {
                readonly [key: string]: number;
            };
            readonly latestAtMs: number | null;
            readonly model: string | null;
            readonly name: string | null;
            readonly online: boolean;
            /** @description Held after a clone alarm, until it is released */
            readonly quarantined: boolean;
            /** @description Let in by its address alone; accept it to confirm */
            readonly tofu: boolean;
        };
        readonly DeviceDetail: {
            readonly acceptedAtMs: number | null;
            readonly address: string | null;
            /** @enum {string} */
            readonly admission: "pending" | "accepted" | "rejected" | "decommissioned";
            readonly agentVersion: string;
            readonly alarms: readonly {
                readonly code: string;
                readonly text: string;
            }[];
            /** @description First seen, Unix ms */
            readonly createdAtMs: number;
            /** @description 32 hex digits; only for the role admin */
            readonly deviceId?: string;
            readonly events: readonly components["schemas"]["Event"][];
            /** @description Of the device's key, 6×4 letters, to compare with the device itself */
            readonly fingerprint: string;
            /** @description Public name of the device, made from its key */
            readonly handle: string;
            readonly hwClass: string;
            /** @description Agreed time between syncs, s */
            readonly intervalS: number;
            readonly inventory: components["schemas"]["Inventory"] | null;
            readonly labels: {
                readonly [key: string]: string;
            };
            readonly lastSeenMs: number | null;
            /** @description Newest value of each metric by its name, in the metric's own unit */
            readonly latest: {
                readonly [key: string]: number;
            };
            readonly latestAtMs: number | null;
            readonly latestValues: readonly components["schemas"]["LatestValue"][];
            readonly model: string | null;
            readonly name: string | null;
            readonly online: boolean;
            /** @description Held after a clone alarm, until it is released */
            readonly quarantined: boolean;
            readonly serial: string | null;
            readonly streams: readonly {
                readonly epoch: number;
                readonly lost: number;
                /** @enum {string} */
                readonly stream: "metrics" | "logs" | "reports";
                /** @description Everything up to this record is stored or counted lost */
                readonly through: number;
            }[];
            /** @description Let in by its address alone; accept it to confirm */
            readonly tofu: boolean;
            readonly uptimeMs: number | null;
        };
        readonly DevicePage: {
            readonly items: readonly components["schemas"]["Device"][];
            readonly next: string | null;
        };
        readonly EnrolmentToken: {
            readonly actor: string;
            /** @description Made, Unix ms */
            readonly createdAtMs: number;
            /** @description Ends, Unix ms */
            readonly expiresAtMs: number;
            readonly hwClass: string | null;
            /** @description 16 hex digits */
            readonly id: string;
            readonly labels: {
                readonly [key: string]: string;
            };
            readonly name: string | null;
            readonly revokedAtMs: number | null;
            /** @enum {string} */
            readonly state: "usable" | "spent" | "expired" | "revoked";
            readonly used: number;
            /** @description Devices it admits in all */
            readonly uses: number;
        };
        readonly Event: {
            /** @description When it happened, Unix ms */
            readonly atMs: number;
            readonly id: number;
            /** @description area.what */
            readonly name: string;
            /** @description The device said it; otherwise the server did */
            readonly reported: boolean;
            /** @description 0 emergency … 7 debug */
            readonly severity: number;
            readonly text: string | null;
        };
        readonly EventPage: {
            readonly items: readonly components["schemas"]["Event"][];
            readonly next: string | null;
        };
        readonly Inventory: {
            /** @description Last change, Unix ms */
            readonly changedAtMs: number;
            readonly fields: {
                readonly [key: string]: string | number | readonly string[];
            };
        };
        readonly InventoryChange: {
            readonly after: unknown;
            /** @description When the server learned of it, Unix ms */
            readonly atMs: number;
            readonly before: unknown;
            readonly field: string;
            readonly id: number;
        };
        readonly InventoryChangePage: {
            readonly items: readonly components["schemas"]["InventoryChange"][];
            readonly next: string | null;
        };
        readonly LatestValue: {
            /** @description When it was measured, Unix ms */
            readonly atMs: number;
            readonly metric: string;
            readonly unit: string;
            readonly value: number;
        };
        readonly NewApiToken: {
            /** @description Made, Unix ms */
            readonly createdAtMs: number;
            readonly expiresAtMs: number | null;
            readonly id: string;
            readonly lastUsedMs: number | null;
            readonly name: string;
            readonly revokedAtMs: number | null;
            /** @enum {string} */
            readonly role: "viewer" | "operator" | "admin";
            readonly scope: {
                readonly labels: {
                    readonly [key: string]: string;
                };
            };
            /** @description flt_…, shown once */
            readonly token: string;
            readonly userId: string | null;
        };
        readonly NewEnrolmentToken: {
            readonly actor: string;
            /** @description Made, Unix ms */
            readonly createdAtMs: number;
            /** @description Ends, Unix ms */
            readonly expiresAtMs: number;
            readonly hwClass: string | null;
            /** @description 16 hex digits */
            readonly id: string;
            readonly labels: {
                readonly [key: string]: string;
            };
            readonly name: string | null;
            readonly revokedAtMs: number | null;
            /** @enum {string} */
            readonly state: "usable" | "spent" | "expired" | "revoked";
            /** @description FT1-…, shown once */
            readonly token: string;
            readonly used: number;
            /** @description Devices it admits in all */
            readonly uses: number;
        };
        readonly Problem: {
            /** @enum {string} */
            readonly code: "api_token.invalid" | "api_token.not_found" | "api_token.last_admin" | "command.not_found" | "command.queue_full" | "config.invalid" | "device.ambiguous" | "device.fingerprint_mismatch" | "device.label_invalid" | "device.name_invalid" | "device.not_found" | "device.wrong_state" | "enrolment.busy" | "enrolment_token.not_found" | "enrolment_token.invalid" | "identity.key_missing" | "password.weak" | "request.cross_site" | "request.cut" | "request.expectation" | "request.forbidden" | "request.invalid" | "request.loopback_only" | "request.rate_limited" | "request.too_large" | "request.unauthenticated" | "request.unknown_host" | "request.unsupported_type" | "route.method_unknown" | "route.not_found" | "server.internal" | "server.stopping" | "session.needed" | "session.not_found" | "setup.closed" | "setup.wrong_code" | "sign_in.busy" | "sign_in.failed" | "sign_in.link_invalid" | "sign_in.locked" | "store.closed" | "store.foreign" | "store.migration_changed" | "store.schema_newer" | "store.unavailable" | "user.exists" | "user.last_admin" | "user.not_found" | "telemetry.query_invalid";
            /** @description What could not be done, the present state, and what to do next */
            readonly detail: string;
            readonly errors?: readonly {
                readonly field: string;
                readonly message: string;
            }[];
            readonly instance: string;
            /** @description Also in the server's log and the x-request-id header */
            readonly requestId: string;
            readonly status: number;
            readonly title: string;
            /** @description urn:fleetd:problem:<code> */
            readonly type: string;
        };
        readonly Server: {
            readonly caller: {
                /** @description Of the API token or session */
                readonly id: string;
                /** @enum {string} */
                readonly kind: "token" | "session";
                readonly name: string;
                /** @enum {string} */
                readonly role: "viewer" | "operator" | "admin";
                readonly scope: {
                    readonly labels: {
                        readonly [key: string]: string;
                    };
                };
                readonly user: {
                    readonly id: string;
                    readonly name: string;
                } | null;
            };
            /** @description Of the server's key, 6×4 letters; for `fleetd trust` */
            readonly fingerprint: string;
            /** @description 16 hex digits */
            readonly fleetId: string;
            readonly name: string;
            /** @description major.minor of the wire protocol */
            readonly protocol: string;
            readonly serverEpoch: number;
            readonly tls: {
                /** @description End of the certificate, Unix ms */
                readonly expiresAtMs: number;
                /** @description SHA-256 of the certificate, AB:CD:… */
                readonly fingerprint: string;
                /** @description Made by the server itself, so clients must pin it */
                readonly own: boolean;
                readonly port: number;
            } | null;
            readonly version: string;
        };
        readonly Session: {
            readonly address: string | null;
            readonly agent: string | null;
            /** @description Signed in, Unix ms */
            readonly createdAtMs: number;
            /** @description The one that asks */
            readonly current: boolean;
            /** @description Ends, Unix ms */
            readonly expiresAtMs: number;
            readonly id: string;
            /** @description Last use, exact to a minute, Unix ms */
            readonly lastUsedMs: number;
            readonly userId: string;
            readonly userName: string;
        };
        readonly SignedIn: {
            /** @description The session ends, Unix ms */
            readonly expiresAtMs: number;
            readonly sessionId: string;
            readonly user: components["schemas"]["User"];
        };
        readonly Telemetry: {
            /** @description Start, inclusive, Unix ms */
            readonly fromMs: number;
            /** @description Width of a point as used, ms */
            readonly resolutionMs: number;
            readonly series: readonly {
                readonly metric: string;
                readonly points: readonly {
                    /** @description Start of the point, Unix ms */
                    readonly atMs: number;
                    readonly count: number;
                    readonly max: number;
                    readonly mean: number;
                    readonly min: number;
                }[];
                readonly unit: string;
            }[];
            /** @description End, exclusive, Unix ms */
            readonly toMs: number;
            /** @description Batches received in the range that could not be dated */
            readonly undatedBatches: number;
        };
        readonly User: {
            /** @description Made, Unix ms */
            readonly createdAtMs: number;
            readonly disabledAtMs: number | null;
            readonly id: string;
            readonly lastSignInMs: number | null;
            readonly linkExpiresAtMs: number | null;
            readonly name: string;
            readonly passwordAtMs: number | null;
            /** @enum {string} */
            readonly role: "viewer" | "operator" | "admin";
            readonly scope: {
                readonly labels: {
                    readonly [key: string]: string;
                };
            };
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    readonly listApiTokens: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The tokens */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["ApiToken"][];
                    };
                };
            };
            /** @description What went wrong */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly createApiToken: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    readonly name: string;
                    /** @enum {string} */
                    readonly role: "viewer" | "operator" | "admin";
                    readonly scope?: {
                        readonly labels: {
                            readonly [key: string]: string;
                        };
                    };
                    readonly ttlS?: number | null;
                };
            };
        };
        readonly responses: {
            /** @description The token with its text, shown once */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["NewApiToken"];
                };
            };
            /** @description What went wrong */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly revokeApiToken: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Revoked */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listAudit: {
        readonly parameters: {
            readonly query?: {
                /** @description `next` of the page before */
                readonly cursor?: string;
                /** @description Items of this page; 100 when absent */
                readonly limit?: number;
                /** @description For example device:k7pq-2m4d-9xwa-b3ne */
                readonly target?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A page */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["AuditPage"];
                };
            };
            /** @description What went wrong */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly checkAudit: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Whether the chain holds */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly brokenAtId: number | null;
                        readonly entries: number;
                        /** @description Hash of the newest row: keep it elsewhere to prove the log later */
                        readonly head: string;
                    };
                };
            };
            /** @description What went wrong */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listDevices: {
        readonly parameters: {
            readonly query?: {
                /** @description Absent: all but the decommissioned */
                readonly admission?: "pending" | "accepted" | "rejected" | "decommissioned";
                /** @description `next` of the page before */
                readonly cursor?: string;
                /** @description Part of a handle, name, model or label; case does not matter */
                readonly filter?: string;
                /** @description key=value; repeat the parameter to ask for several labels at once */
                readonly label?: readonly string[];
                /** @description Items of this page; 100 when absent */
                readonly limit?: number;
                /** @description Synced within three intervals and half a minute */
                readonly online?: boolean;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A page */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["DevicePage"];
                };
            };
            /** @description What went wrong */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getDevice: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Public name of the device, made from its key */
                readonly handle: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The device */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["DeviceDetail"];
                };
            };
            /** @description What went wrong */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly decommissionDevice: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Public name of the device, made from its key */
                readonly handle: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description It is decommissioned */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly editDevice: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Public name of the device, made from its key */
                readonly handle: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    readonly intervalS?: number;
                    /** @description Set or changed; null takes a label away; others stay */
                    readonly labels?: {
                        readonly [key: string]: string | null;
                    };
                    /** @description 1 to 63 of A-Z a-z 0-9 . _ -; null takes the name away */
                    readonly name?: string | null;
                };
            };
        };
        readonly responses: {
            /** @description The device as it is now */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Device"];
                };
            };
            /** @description What went wrong */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly acceptDevice: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Public name of the device, made from its key */
                readonly handle: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    /** @description As the device shows it: its fingerprint, or its whole handle */
                    readonly fingerprint: string;
                };
            };
        };
        readonly responses: {
            /** @description The device as it is now */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Device"];
                };
            };
            /** @description What went wrong */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getCommand: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Public name of the device, made from its key */
                readonly handle: string;
                readonly id: number;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The command */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Command"];
                };
            };
            /** @description What went wrong */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listDeviceEvents: {
        readonly parameters: {
            readonly query?: {
                /** @description `next` of the page before */
                readonly cursor?: string;
                /** @description Items of this page; 100 when absent */
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path: {
                /** @description Public name of the device, made from its key */
                readonly handle: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A page */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["EventPage"];
                };
            };
            /** @description What went wrong */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly identifyDevice: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Public name of the device, made from its key */
                readonly handle: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The command waits for the device */
            readonly 202: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Command"];
                };
            };
            /** @description What went wrong */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listInventoryChanges: {
        readonly parameters: {
            readonly query?: {
                /** @description `next` of the page before */
                readonly cursor?: string;
                /** @description Items of this page; 100 when absent */
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path: {
                /** @description Public name of the device, made from its key */
                readonly handle: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A page */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["InventoryChangePage"];
                };
            };
            /** @description What went wrong */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly rejectDevice: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Public name of the device, made from its key */
                readonly handle: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The device as it is now */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Device"];
                };
            };
            /** @description What went wrong */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly releaseDevice: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Public name of the device, made from its key */
                readonly handle: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The device as it is now */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Device"];
                };
            };
            /** @description What went wrong */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getTelemetry: {
        readonly parameters: {
            readonly query: {
                /** @description Start, inclusive; an hour before `to` when absent, Unix ms */
                readonly from?: number;
                /** @description Name of a metric, such as cpu.use; repeat the parameter for several */
                readonly metric: readonly string[];
                /** @description Wanted width of a point, ms; a 300th of the range when absent */
                readonly resolution?: number;
                /** @description End, exclusive; now when absent, Unix ms */
                readonly to?: number;
            };
            readonly header?: never;
            readonly path: {
                /** @description Public name of the device, made from its key */
                readonly handle: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description One series for each metric that has values */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Telemetry"];
                };
            };
            /** @description What went wrong */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listEnrolmentTokens: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The tokens */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["EnrolmentToken"][];
                    };
                };
            };
            /** @description What went wrong */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly createEnrolmentToken: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    readonly hwClass?: string | null;
                    /** @default {} */
                    readonly labels?: {
                        readonly [key: string]: string;
                    };
                    readonly name?: string | null;
                    /**
                     * @description Life in seconds, 60 to 31,536,000
                     * @default 604800
                     */
                    readonly ttlS?: number;
                    /**
                     * @description Devices it admits, 1 to 100,000
                     * @default 1
                     */
                    readonly uses?: number;
                };
            };
        };
        readonly responses: {
            /** @description The token with its text, shown once */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["NewEnrolmentToken"];
                };
            };
            /** @description What went wrong */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly revokeEnrolmentToken: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Revoked */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly watchEvents: {
        readonly parameters: {
            readonly query?: {
                /** @description Only events of this device */
                readonly handle?: string;
                /** @description Also say when new telemetry of a device is stored */
                readonly telemetry?: boolean;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description `event:` is the kind (device.changed, device.removed, device.online, device.offline, device.telemetry, command.queued, command.finished, event.recorded), `data:` {kind, handle, atMs}. `reset`: events were missed, read the lists again */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "text/event-stream": unknown;
                };
            };
            /** @description What went wrong */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getOpenApi: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description OpenAPI 3.1 */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": unknown;
                };
            };
            /** @description What went wrong */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly changePassword: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    readonly current: string;
                    readonly next: string;
                };
            };
        };
        readonly responses: {
            /** @description Changed */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getServer: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The server */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Server"];
                };
            };
            /** @description What went wrong */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listSessions: {
        readonly parameters: {
            readonly query?: {
                /** @description Those of all users; for administrators */
                readonly everybody?: boolean;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The sessions */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["Session"][];
                    };
                };
            };
            /** @description What went wrong */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly endSession: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Ended */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly setUp: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    readonly code: string;
                    readonly name: string;
                };
            };
        };
        readonly responses: {
            /** @description The token, shown once */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly id: string;
                        /** @enum {string} */
                        readonly role: "viewer" | "operator" | "admin";
                        readonly token: string;
                    };
                };
            };
            /** @description What went wrong */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getSignInWays: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The ways */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @description The link or code that the server printed at its start works */
                        readonly setupOpen: boolean;
                        /** @description There are users with passwords */
                        readonly users: boolean;
                    };
                };
            };
            /** @description What went wrong */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly signIn: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    readonly name: string;
                    readonly password: string;
                };
            };
        };
        readonly responses: {
            /** @description Signed in */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["SignedIn"];
                };
            };
            /** @description What went wrong */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly checkSignInLink: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    readonly code: string;
                };
            };
        };
        readonly responses: {
            /** @description Its purpose */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /**
                         * @description first-admin: its holder chooses a user name
                         * @enum {string}
                         */
                        readonly kind: "first-admin" | "user";
                        readonly name: string | null;
                    };
                };
            };
            /** @description What went wrong */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly useSignInLink: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    readonly code: string;
                    readonly name?: string;
                    readonly password: string;
                };
            };
        };
        readonly responses: {
            /** @description Signed in */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["SignedIn"];
                };
            };
            /** @description What went wrong */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly signInForToken: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    readonly name: string;
                    readonly password: string;
                    readonly tokenName: string;
                    readonly ttlS?: number | null;
                };
            };
        };
        readonly responses: {
            /** @description The token, shown once */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly id: string;
                        /** @enum {string} */
                        readonly role: "viewer" | "operator" | "admin";
                        readonly token: string;
                    };
                };
            };
            /** @description What went wrong */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly signOut: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Signed out */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listUsers: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The users */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["User"][];
                    };
                };
            };
            /** @description What went wrong */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly inviteUser: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    readonly name: string;
                    /** @enum {string} */
                    readonly role: "viewer" | "operator" | "admin";
                    readonly scope?: {
                        readonly labels: {
                            readonly [key: string]: string;
                        };
                    };
                };
            };
        };
        readonly responses: {
            /** @description The user and its link */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @description Works once, for a day; shown once */
                        readonly code: string;
                        /** @description The whole address to hand over */
                        readonly link: string;
                        /** @description Where the code is used: /setup#<code> */
                        readonly path: string;
                        readonly user: components["schemas"]["User"];
                    };
                };
            };
            /** @description What went wrong */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly removeUser: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Removed */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly editUser: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    readonly disabled?: boolean;
                    /** @enum {string} */
                    readonly role?: "viewer" | "operator" | "admin";
                    readonly scope?: {
                        readonly labels: {
                            readonly [key: string]: string;
                        };
                    };
                };
            };
        };
        readonly responses: {
            /** @description The user */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["User"];
                };
            };
            /** @description What went wrong */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly resetUser: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The user and its link */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @description Works once, for a day; shown once */
                        readonly code: string;
                        /** @description The whole address to hand over */
                        readonly link: string;
                        /** @description Where the code is used: /setup#<code> */
                        readonly path: string;
                        readonly user: components["schemas"]["User"];
                    };
                };
            };
            /** @description What went wrong */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getHealth: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description It lives */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getMetrics: {
        readonly parameters: {
            readonly query?: {
                /** @description Also the latest standard metrics of up to 1000 accepted devices */
                readonly devices?: boolean;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Figures */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "text/plain": unknown;
                };
            };
            /** @description What went wrong */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getReadiness: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description It is ready */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description It stops, or cannot reach its database */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
