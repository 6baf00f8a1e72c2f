/**
 * @module
 * The rows of the route table that people open with a browser, and the files those pages load.
 */
import * as v from "valibot";
import { DomainError } from "../errors.ts";
import { type Route, route } from "../http/route_table.ts";
import { ASSETS, ASSETS_VERSION } from "./assets.ts";
import { auditRoute } from "./pages/audit_page.tsx";
import { deviceRoute } from "./pages/device_page.tsx";
import { devicesRoute } from "./pages/devices_page.tsx";
import { enrolRoute } from "./pages/enrol_page.tsx";
import { overviewRoute } from "./pages/overview_page.tsx";
import { settingsRoute } from "./pages/settings_page.tsx";
import { signInPages } from "./pages/sign_in_page.tsx";

/** A page and its modules are some thirty files; a browser keeps them. */
const RATE = { burst: 300, perMinute: 3_000 };
const FOR_GOOD = "public, max-age=31536000, immutable";

const assetsRoute = route({
  method: "GET",
  path: "/assets/:version/:name",
  access: "public",
  reach: "secure",
  undocumented: true,
  operation: "getAsset",
  summary: "A file that pages load",
  tag: "pages",
  bodyLimitBytes: 0,
  rate: RATE,
  params: v.object({ version: v.string(), name: v.string() }),
  replies: { 200: { description: "The file", type: "text/" } },
  handle: ({ params: { version, name } }) => {
    const asset = Object.hasOwn(ASSETS, name) ? ASSETS[name] : undefined;
    if (asset === undefined) {
      throw new DomainError("route.not_found", "Cannot answer: pages load no file of that name");
    }
    return {
      status: 200,
      type: asset.type,
      // A page of an older server may ask for its own version: it gets what there is, and keeps it for no longer.
      headers: { "cache-control": version === ASSETS_VERSION ? FOR_GOOD : "no-store" },
      body: asset.body,
    };
  },
});

/** The rows. */
export const dashboardRoutes: readonly Route[] = [
  overviewRoute,
  devicesRoute,
  deviceRoute,
  enrolRoute,
  auditRoute,
  settingsRoute,
  ...signInPages,
  assetsRoute,
];
