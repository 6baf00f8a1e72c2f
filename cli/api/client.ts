/**
 * The admin API, one function for each route that the commands use.
 *
 * @module
 */
import type { AdminClient, ServerSentEvent } from "@fleetd/cli/kit";
import type {
  ApiTokenAnswer,
  Command,
  Device,
  DeviceDetail,
  DevicePatch,
  EnrolmentToken,
  NewEnrolmentToken,
  Page,
  ServerInfo,
} from "./shapes.ts";

const PAGE_SIZE = 500;

/** What narrows a list of devices on the server. */
export interface DeviceQuery {
  readonly admission?: Device["admission"];
}

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

  server(act = "ask the server about itself"): Promise<ServerInfo> {
    return this.#client.request("GET", "/api/v1/server", { act });
  }

  /** Exchanges the one-time setup code for an administrator's API token. */
  setUp(body: { readonly code: string; readonly name: string }): Promise<ApiTokenAnswer> {
    return this.#client.request("POST", "/api/v1/setup", { act: "sign in", body });
  }

  /** All devices, page after page; those taken out of the fleet only when asked for. */
  async devices(act: string, query: DeviceQuery = {}): Promise<Device[]> {
    const items: Device[] = [];
    let cursor: string | undefined;
    do {
      const page: Page<Device> = await this.#client.request("GET", "/api/v1/devices", {
        act,
        query: { ...query, limit: PAGE_SIZE, cursor },
      });
      items.push(...page.items);
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
    return items;
  }

  device(act: string, handle: string): Promise<DeviceDetail> {
    return this.#client.request("GET", devicePath(handle), { act });
  }

  change(act: string, handle: string, body: DevicePatch): Promise<Device> {
    return this.#client.request("PATCH", devicePath(handle), { act, body });
  }

  accept(act: string, handle: string, fingerprint: string): Promise<Device> {
    return this.#client.request("POST", `${devicePath(handle)}/accept`, {
      act,
      body: { fingerprint },
    });
  }

  reject(act: string, handle: string): Promise<Device> {
    return this.#client.request("POST", `${devicePath(handle)}/reject`, { act });
  }

  release(act: string, handle: string): Promise<Device> {
    return this.#client.request("POST", `${devicePath(handle)}/release`, { act });
  }

  decommission(act: string, handle: string): Promise<void> {
    return this.#client.request("DELETE", devicePath(handle), { act });
  }

  identify(act: string, handle: string): Promise<Command> {
    return this.#client.request("POST", `${devicePath(handle)}/identify`, { act });
  }

  command(act: string, handle: string, id: number): Promise<Command> {
    return this.#client.request("GET", `${devicePath(handle)}/commands/${id}`, { act });
  }

  async enrolmentTokens(act: string): Promise<readonly EnrolmentToken[]> {
    const path = "/api/v1/enrolment-tokens";
    return (await this.#client.request<Pick<Page<EnrolmentToken>, "items">>("GET", path, { act }))
      .items;
  }

  createEnrolmentToken(
    act: string,
    body: NewEnrolmentToken,
  ): Promise<EnrolmentToken & { token: string }> {
    return this.#client.request("POST", "/api/v1/enrolment-tokens", { act, body });
  }

  revokeEnrolmentToken(act: string, id: string): Promise<void> {
    return this.#client.request("DELETE", `/api/v1/enrolment-tokens/${encodeURIComponent(id)}`, {
      act,
    });
  }

  /** Something changed: which device, if the server says so. */
  events(signal: AbortSignal): AsyncGenerator<ServerSentEvent> {
    return this.#client.events("/api/v1/events/stream?telemetry=true", {
      act: "watch devices",
      signal,
    });
  }
}

function devicePath(handle: string): string {
  return `/api/v1/devices/${encodeURIComponent(handle)}`;
}
