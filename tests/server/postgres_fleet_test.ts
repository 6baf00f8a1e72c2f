/**
 * Everything that the tests of a fleet say holds on PostgreSQL as well: they are run again with their fleets there.
 *
 * @module
 */
import pg from "pg";
import { PostgresCluster, reasonForNoPostgres, sayNoPostgres } from "../store/postgres_cluster.ts";
import { fleetDatabases } from "./test_fleet.ts";

const reason = await reasonForNoPostgres();
sayNoPostgres(reason);

let cluster: PostgresCluster;
Deno.test.beforeAll(async () => {
  if (reason === undefined) cluster = await PostgresCluster.start();
});
Deno.test.afterAll(async () => {
  await cluster?.stop();
});

if (reason !== undefined) {
  Deno.test({ name: "the fleet on PostgreSQL", ignore: true, fn() {} });
} else {
  fleetDatabases.make = async () => {
    const name = await cluster.createDatabase();
    return { path: cluster.url(name), drop: () => cluster.dropDatabase(name) };
  };
  const ofFolders = new Map<string, string>();
  fleetDatabases.beside = async (folder) => {
    const known = ofFolders.get(folder);
    if (known !== undefined) return known;
    const url = cluster.url(await cluster.createDatabase());
    ofFolders.set(folder, url);
    return url;
  };
  fleetDatabases.areFiles = false;
  fleetDatabases.contents = (url) => cluster.dump(new URL(url).pathname.slice(1));
  fleetDatabases.spy = (tell) => {
    const { query } = pg.Client.prototype;
    pg.Client.prototype.query = function (this: pg.Client, ...given: never[]) {
      const [config] = given as unknown as [string | { text: string }];
      tell(typeof config === "string" ? config : config.text);
      return (query as (...given: unknown[]) => never).apply(this, given);
    } as never;
    return () => pg.Client.prototype.query = query;
  };
  await import("./conditions_test.ts");
  await import("./dashboard_test.ts");
  await import("./device_path_test.ts");
  await import("./devices_admin_test.ts");
  await import("./enrolment_test.ts");
  await import("./sections_test.ts");
  await import("./sequence_test.ts");
  await import("./setup_test.ts");
  await import("./sign_in_test.ts");
  await import("./telemetry_test.ts");
  await import("./waiting_test.ts");
}
