/**
 * @module
 * The sign-in page. A link from another site brings a browser here although it is signed in, because its cookie does
 * not come along (SameSite=Strict): asked from this page it does, and the way goes on.
 */
import { request } from "./api.ts";
import { first } from "./dom.ts";

/** Goes on to where the person wanted to go, when the session is good. */
export async function goOnSignedIn(): Promise<void> {
  const [navigation] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  // Whoever opened this page itself wants to sign in.
  if (navigation === undefined || navigation.redirectCount === 0) return;
  try {
    await request("GET", "/api/v1/server");
    location.replace(first("[data-sign-in]")?.dataset.next ?? "/");
  } catch {
    // Not signed in: the form is there.
  }
}
