/**
 * The admin API, one function for each route that the commands use. `act` is what the user wants ("list devices"), the
 * beginning of every error.
 *
 * @module
 */
import type { AdminClient, ServerSentEvent } from "@fleetd/cli/kit";
import type {
  Admission,
  Command,
  Device,
  DeviceDetail,
  EnrolmentToken,
  ServerInfo,
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

  /** What changes, as it changes. */
  events(signal: AbortSignal): AsyncGenerator<ServerSentEvent> {
    return this.#client.events("/api/v1/events/stream?telemetry=true", {
      act: "watch devices",
      signal,
    });
  }
}
