/**
 * The yardstick of the agent's memory: a Deno that does nothing but wait.
 *
 * @module
 */
console.log(JSON.stringify({ port: 0 }));
setInterval(() => {}, 10_000);
