/**
 * @module
 * Asks a device for a sign of itself and waits until it gave one: the command goes with the device's next sync.
 */
import { Problem, request } from "./api.ts";
import { on } from "./dom.ts";
import { busy } from "./forms.ts";
import { toast } from "./live.ts";

interface Command {
  readonly id: number;
  readonly state: string;
  readonly status: string | null;
  readonly output: string | null;
}

const LOOK_EVERY_MS = 1_000;
const GIVE_UP_AFTER_MS = 120_000;

/** Makes every `[data-identify]` button ask its device. */
export function identifyButtons(): void {
  on("click", "[data-identify]", async (button) => {
    if (button.getAttribute("aria-busy") === "true") return;
    const { identify: handle, name } = button.dataset;
    const free = busy(button as HTMLButtonElement);
    try {
      const path = `/api/v1/devices/${handle}`;
      let command = await request<Command>("POST", `${path}/identify`);
      const endMs = performance.now() + GIVE_UP_AFTER_MS;
      while (
        command.state !== "finished" && command.state !== "expired" && performance.now() < endMs
      ) {
        await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
        command = await request<Command>("GET", `${path}/commands/${command.id}`);
      }
      say(command, name!);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      toast(error.message, "bad");
    } finally {
      free();
    }
  });
}

function say({ state, status, output }: Command, name: string): void {
  if (state === "finished" && status === "ok") {
    return toast(`${name} answered and says so in its log`);
  }
  if (state === "finished" && status === "refused") {
    return toast(
      `${name} refused: a device that trusts this server on first use takes no commands. Confirm the server on it with the fleetd trust line under Settings`,
      "bad",
    );
  }
  if (state === "finished") return toast(`${name} could not: ${output ?? status}`, "bad");
  toast(`${name} did not answer yet; it gets the command with its next sync`, "info");
}
