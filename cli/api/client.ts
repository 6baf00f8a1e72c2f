/**
 * The admin API, one function for each route that the commands use. `act` is what the user wants ("list devices"), the
 * beginning of every error.
 *
 * @module
 */
import { type AdminClient, ProblemError, type ServerSentEvent } from "@fleetd/cli/kit";
import type {
  Admission,
  AuditEntry,
  Command,
  Device,
  DeviceDetail,
  EnrolmentToken,
  ServerInfo,
  User,
} from "./shapes.ts";
import { type AnswerOf, type BodyOf, typedRequest } from "./typed_request.ts";

/** The most that one page holds. */
const PAGE_SIZE = 500;

/** What can be changed about a device. */
export type DevicePatch = BodyOf<"patch", "/api/v1/devices/{handle}">;

/** A wish for a token that admits devices. */
export type NewEnrolmentToken = BodyOf<"post", "/api/v1/enrolment-tokens">;

/** The admin API of the server that the client is for. */
export class FleetApi {
  readonly #client: AdminClient;

  constructor(client: AdminClient) {
    this.#client = client;
  }

  /** Address of the server. */
  get url(): string {
    return this.#client.url;
  }

  server(act: string): Promise<ServerInfo> {
    return typedRequest(this.#client, ["get", "/api/v1/server"], { act });
  }

  /** Exchanges the one-time setup code for an administrator's API token. */
  setUp(
    act: string,
    body: BodyOf<"post", "/api/v1/setup">,
  ): Promise<AnswerOf<"post", "/api/v1/setup">> {
    return typedRequest(this.#client, ["post", "/api/v1/setup"], { act, body });
  }

  /** How a visitor can sign in; undefined where the server does not say. */
  async signInWays(act: string): Promise<AnswerOf<"get", "/api/v1/sign-in"> | undefined> {
    try {
      return await typedRequest(this.#client, ["get", "/api/v1/sign-in"], { act });
    } catch (error) {
      if (error instanceof ProblemError) return undefined;
      throw error;
    }
  }

  /** Exchanges a user name and a password for an API token that lives and dies with the user. */
  signIn(
    act: string,
    body: BodyOf<"post", "/api/v1/sign-in/token">,
  ): Promise<AnswerOf<"post", "/api/v1/sign-in/token">> {
    return typedRequest(this.#client, ["post", "/api/v1/sign-in/token"], { act, body });
  }

  /** Ends the token that asks, where it is a user's own. */
  async signOut(act: string): Promise<void> {
    await typedRequest(this.#client, ["post", "/api/v1/sign-out"], { act });
  }

  /** All devices, page after page; those taken out of the fleet only when asked for. */
  async devices(act: string, query: { readonly admission?: Admission } = {}): Promise<Device[]> {
    const items: Device[] = [];
    let cursor: string | undefined;
    do {
      const page = await typedRequest(this.#client, ["get", "/api/v1/devices"], {
        act,
        query: { ...query, limit: PAGE_SIZE, cursor },
      });
      items.push(...page.items);
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
    return items;
  }

  device(act: string, handle: string): Promise<DeviceDetail> {
    return typedRequest(this.#client, ["get", "/api/v1/devices/{handle}"], {
      act,
      params: { handle },
    });
  }

  async change(act: string, handle: string, body: DevicePatch): Promise<void> {
    const route = ["patch", "/api/v1/devices/{handle}"] as const;
    await typedRequest(this.#client, route, { act, params: { handle }, body });
  }

  async accept(act: string, handle: string, fingerprint: string): Promise<void> {
    const route = ["post", "/api/v1/devices/{handle}/accept"] as const;
    await typedRequest(this.#client, route, { act, params: { handle }, body: { fingerprint } });
  }

  async reject(act: string, handle: string): Promise<void> {
    await typedRequest(this.#client, ["post", "/api/v1/devices/{handle}/reject"], {
      act,
      params: { handle },
    });
  }

  async release(act: string, handle: string): Promise<void> {
    await typedRequest(this.#client, ["post", "/api/v1/devices/{handle}/release"], {
      act,
      params: { handle },
    });
  }

  async decommission(act: string, handle: string): Promise<void> {
    await typedRequest(this.#client, ["delete", "/api/v1/devices/{handle}"], {
      act,
      params: { handle },
    });
  }

  identify(act: string, handle: string): Promise<Command> {
    return typedRequest(this.#client, ["post", "/api/v1/devices/{handle}/identify"], {
      act,
      params: { handle },
    });
  }

  command(act: string, handle: string, id: number): Promise<Command> {
    const route = ["get", "/api/v1/devices/{handle}/commands/{id}"] as const;
    return typedRequest(this.#client, route, { act, params: { handle, id } });
  }

  async enrolmentTokens(act: string): Promise<readonly EnrolmentToken[]> {
    return (await typedRequest(this.#client, ["get", "/api/v1/enrolment-tokens"], { act })).items;
  }

  /** The only answer that holds the token's text. */
  createEnrolmentToken(
    act: string,
    body: NewEnrolmentToken,
  ): Promise<AnswerOf<"post", "/api/v1/enrolment-tokens">> {
    return typedRequest(this.#client, ["post", "/api/v1/enrolment-tokens"], { act, body });
  }

  async revokeEnrolmentToken(act: string, id: string): Promise<void> {
    await typedRequest(this.#client, ["delete", "/api/v1/enrolment-tokens/{id}"], {
      act,
      params: { id },
    });
  }

  async users(act: string): Promise<readonly User[]> {
    return (await typedRequest(this.#client, ["get", "/api/v1/users"], { act })).items;
  }

  /** The only answer that holds the new user's link. */
  inviteUser(
    act: string,
    body: BodyOf<"post", "/api/v1/users">,
  ): Promise<AnswerOf<"post", "/api/v1/users">> {
    return typedRequest(this.#client, ["post", "/api/v1/users"], { act, body });
  }

  editUser(act: string, id: string, body: BodyOf<"patch", "/api/v1/users/{id}">): Promise<User> {
    return typedRequest(this.#client, ["patch", "/api/v1/users/{id}"], {
      act,
      params: { id },
      body,
    });
  }

  resetUser(act: string, id: string): Promise<AnswerOf<"post", "/api/v1/users/{id}/reset">> {
    const route = ["post", "/api/v1/users/{id}/reset"] as const;
    return typedRequest(this.#client, route, { act, params: { id } });
  }

  async removeUser(act: string, id: string): Promise<void> {
    await typedRequest(this.#client, ["delete", "/api/v1/users/{id}"], { act, params: { id } });
  }

  /** The newest rows of the audit log, at most `most`, page after page. */
  async audit(
    act: string,
    { target, most }: { readonly target?: string; readonly most: number },
  ): Promise<AuditEntry[]> {
    const items: AuditEntry[] = [];
    let cursor: string | undefined;
    do {
      const limit = Math.min(PAGE_SIZE, most - items.length);
      const page = await typedRequest(this.#client, ["get", "/api/v1/audit"], {
        act,
        query: { target, limit, cursor },
      });
      items.push(...page.items);
      cursor = page.next ?? undefined;
    } while (cursor !== undefined && items.length < most);
    return items;
  }

  checkAudit(act: string): Promise<AnswerOf<"get", "/api/v1/audit/check">> {
    return typedRequest(this.#client, ["get", "/api/v1/audit/check"], { act });
  }

  /** What changes, as it changes. */
  events(signal: AbortSignal): AsyncGenerator<ServerSentEvent> {
    return this.#client.events("/api/v1/events/stream?telemetry=true", {
      act: "watch devices",
      signal,
    });
  }
}
