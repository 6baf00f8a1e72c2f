/**
 * Waits for its stop signal, says its reason, and then goes on as if nothing had been said.
 *
 * @module
 */
import { DenoProcess } from "@fleetd/agent";

const process = new DenoProcess();
const stuck = setInterval(() => {}, 60_000);
process.stopSignal.addEventListener("abort", () => console.log(process.stopSignal.reason.message));
console.log("ready");
setTimeout(() => clearInterval(stuck), 60_000);
