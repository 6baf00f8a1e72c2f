/**
 * @module
 * The table: every route there is.
 */
import { apiTokensRoutes } from "./admin/api_tokens_routes.ts";
import { auditRoutes } from "./admin/audit_routes.ts";
import { commandsRoutes } from "./admin/commands_routes.ts";
import { devicesRoutes } from "./admin/devices_routes.ts";
import { enrolmentTokensRoutes } from "./admin/enrolment_tokens_routes.ts";
import { eventsRoutes } from "./admin/events_routes.ts";
import { historyRoutes } from "./admin/history_routes.ts";
import { metricsRoutes } from "./admin/metrics_routes.ts";
import { sessionsRoutes } from "./admin/sessions_routes.ts";
import { setupRoutes } from "./admin/setup_routes.ts";
import { signInRoutes } from "./admin/sign_in_routes.ts";
import { usersRoutes } from "./admin/users_routes.ts";
import { ENROL_ROUTES } from "./agent/enrol_routes.ts";
import { HELLO_ROUTES } from "./agent/hello_routes.ts";
import { SYNC_ROUTES } from "./agent/sync_routes.ts";
import { dashboardRoutes } from "../dashboard/dashboard_routes.ts";
import { healthRoutes } from "./health_routes.ts";
import type { Route } from "./route_table.ts";

/** Every route, in the order of the document. */
export const ROUTES: readonly Route[] = [
  ...healthRoutes,
  ...setupRoutes,
  ...signInRoutes,
  ...sessionsRoutes,
  ...usersRoutes,
  ...devicesRoutes,
  ...historyRoutes,
  ...commandsRoutes,
  ...eventsRoutes,
  ...enrolmentTokensRoutes,
  ...apiTokensRoutes,
  ...auditRoutes,
  ...metricsRoutes,
  ...dashboardRoutes,
  ...HELLO_ROUTES,
  ...ENROL_ROUTES,
  ...SYNC_ROUTES,
];
