/**
 * The store suite on PostgreSQL, and what only a database of several servers can show.
 *
 * @module
 */
import { openDatabase } from "@fleetd/server";
import { PostgresCluster, reasonForNoPostgres, sayNoPostgres } from "./postgres_cluster.ts";
import { storeSuite } from "./store_suite.ts";

const reason = await reasonForNoPostgres();
sayNoPostgres(reason);

let cluster: PostgresCluster;
Deno.test.beforeAll(async () => {
  if (reason === undefined) cluster = await PostgresCluster.start();
});
Deno.test.afterAll(async () => {
  await cluster?.stop();
});

storeSuite("PostgreSQL", async () => {
  const name = await cluster.createDatabase();
  const database = await openDatabase({ path: cluster.url(name) });
  return {
    database,
    async dispose() {
      await database.close().catch(() => {});
      await cluster.dropDatabase(name);
    },
  };
}, { ignore: reason !== undefined });
