/**
 * @module
 * What concerns everybody is not for callers who see a part of the fleet.
 */
import { type DeviceScope, isWholeFleet } from "../../access/device_scope.ts";
import { DomainError } from "../../errors.ts";

/** @throws DomainError `request.forbidden` for a scope that leaves devices out */
export function needWholeFleet(scope: DeviceScope, act: string): void {
  if (isWholeFleet(scope)) return;
  throw new DomainError(
    "request.forbidden",
    `Cannot ${act}: your API token sees a part of the fleet only; use one without a scope`,
  );
}
