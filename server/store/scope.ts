/**
 * @module
 * A device scope as a condition of a query.
 */
import type { Expression, ExpressionBuilder, SqlBool } from "kysely";
import type { DeviceScope } from "../access/device_scope.ts";
import type { Schema } from "./schema.ts";

/** The tables whose rows belong to one device. */
type DeviceTable = "inventory_changes" | "events" | "commands";

/** True for rows of devices that carry all labels of the scope; of every device when it has none. */
export function isInScope<T extends DeviceTable>(
  eb: ExpressionBuilder<Schema, T>,
  { scope, deviceColumn }: { readonly scope: DeviceScope; readonly deviceColumn: `${T}.device_id` },
): Expression<SqlBool> {
  const outer = eb as unknown as ExpressionBuilder<Schema, DeviceTable>;
  return outer.and(
    Object.entries(scope.labels).map(([key, value]) =>
      outer.exists(
        outer.selectFrom("device_labels").select("device_labels.key")
          .whereRef("device_labels.device_id", "=", deviceColumn as "events.device_id")
          .where("device_labels.key", "=", key).where("device_labels.value", "=", value),
      )
    ),
  );
}
