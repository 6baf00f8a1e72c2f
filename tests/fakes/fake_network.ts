/**
 * A network of one server, that a test plays: answers, silence, lost requests and lost answers, and mDNS.
 *
 * @module
 */
import type { HttpAnswer, HttpRequest, Network } from "@fleetd/agent";
import { NetworkError, type NetworkErrorCode } from "@fleetd/agent";
import type {
  AnnouncedService,
  Announcement,
  BrowseEvent,
  FoundService,
} from "@fleetd/firmware-protocol";
import type { FakeClock } from "./fake_clock.ts";

/** The server's part. An answer may take its time. */
export type Answering = (request: HttpRequest) => Promise<HttpAnswer> | HttpAnswer;

/** What happens to an exchange; "lost_answer": the server acts on it and the answer never arrives. */
export type Weather = "fine" | "lost_request" | "lost_answer" | "refused" | "unreachable";

/** A service as announced, while it is. */
export interface ShownService {
  readonly service: AnnouncedService;
  txt: Readonly<Record<string, string>>;
}

/** {@linkcode Network} under a test's control. */
export class FakeNetwork implements Network {
  readonly #clock: FakeClock;
  readonly #services = new Map<string, FoundService>();
  readonly #watchers = new Set<(event: BrowseEvent) => void>();

  /** Every request that reached the server, in order. */
  readonly requests: HttpRequest[] = [];
  /** What is announced now. */
  readonly shown = new Set<ShownService>();
  weather: Weather = "fine";
  /** Decides the weather of each exchange when set. */
  forecast: (() => Weather) | null = null;
  answering: Answering;

  constructor(
    clock: FakeClock,
    answering: Answering = () => ({ status: 404, body: new Uint8Array(0), contentType: "" }),
  ) {
    this.#clock = clock;
    this.answering = answering;
  }

  async request(request: HttpRequest): Promise<HttpAnswer> {
    const ended = new AbortController();
    try {
      return await Promise.race([
        this.#exchange(request),
        this.#timeOut(request, ended.signal),
        aborted(request, ended.signal),
      ]);
    } finally {
      ended.abort();
    }
  }

  async *findServers(signal: AbortSignal): AsyncIterable<BrowseEvent> {
    const waiting: BrowseEvent[] = [...this.#services.values()].map((service) => ({
      kind: "up",
      service,
    }));
    let wake = () => {};
    const watch = (event: BrowseEvent) => {
      waiting.push(event);
      wake();
    };
    const stop = () => wake();
    this.#watchers.add(watch);
    signal.addEventListener("abort", stop);
    try {
      while (!signal.aborted) {
        const event = waiting.shift();
        if (event !== undefined) yield event;
        else await new Promise<void>((resolve) => wake = resolve);
      }
    } finally {
      this.#watchers.delete(watch);
      signal.removeEventListener("abort", stop);
    }
  }

  announce(service: AnnouncedService): Promise<Announcement> {
    const shown: ShownService = { service, txt: service.txt };
    this.shown.add(shown);
    return Promise.resolve({
      instance: service.instance,
      updateTxt: (txt) => {
        shown.txt = txt;
      },
      close: () => {
        this.shown.delete(shown);
        return Promise.resolve();
      },
    });
  }

  /** A server appears, or changes what it says of itself. */
  serverUp(service: FoundService): void {
    const kind = this.#services.has(service.instance) ? "changed" : "up";
    this.#services.set(service.instance, service);
    for (const tell of this.#watchers) tell({ kind, service });
  }

  /** A server says goodbye, or its announcement runs out. */
  serverDown(instance: string): void {
    const service = this.#services.get(instance);
    this.#services.delete(instance);
    if (service === undefined) return;
    for (const tell of this.#watchers) tell({ kind: "down", service });
  }

  async #exchange(request: HttpRequest): Promise<HttpAnswer> {
    const weather = this.forecast?.() ?? this.weather;
    if (weather === "refused" || weather === "unreachable") {
      throw failed(`network.${weather}`, request);
    }
    if (weather === "lost_request") return await never();
    this.requests.push({ ...request, ...(request.body ? { body: request.body.slice() } : {}) });
    const answer = await this.answering(request);
    if (weather === "lost_answer") return await never();
    if (answer.body.length > request.maxBytes) throw failed("network.too_large", request);
    return answer;
  }

  async #timeOut({ timeoutMs, url, method }: HttpRequest, ended: AbortSignal): Promise<never> {
    await this.#clock.sleep(timeoutMs, ended);
    throw failed("network.timeout", { url, method });
  }
}

function aborted(request: HttpRequest, ended: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const fail = () => reject(failed("network.aborted", request));
    if (request.signal?.aborted) fail();
    else request.signal?.addEventListener("abort", fail, { once: true, signal: ended });
  });
}

function never(): Promise<never> {
  return new Promise(() => {});
}

function failed(
  code: NetworkErrorCode,
  { method, url }: { method: string; url: string },
): NetworkError {
  return new NetworkError(code, `Cannot ${method} ${url}: ${code} by the test's wish`);
}
