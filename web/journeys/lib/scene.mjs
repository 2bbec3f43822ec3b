// Server, browser and a signed-in person, or the reason why not.
import { browserPath, openBrowser } from './browser.mjs';
import { program, startServer } from './server.mjs';
import { wire } from './wire.mjs';

/** Why a journey cannot be made here, or false. */
export function cannot(hasData) {
  if (!program()) return 'there is no program: run ./do build';
  if (!browserPath()) return 'there is no Chromium: install the package chromium';
  if (!hasData) return 'there are no samples: run samples/make build/samples';
  return false;
}

/**
 * Runs `journey({ page, hand, api, server, errors, context })` with a person signed in by link. `more`:
 * arguments of the server.
 */
export async function withDesk(journey, more = []) {
  const server = await startServer(more);
  const seat = await openBrowser();
  try {
    await seat.page.goto(server.link);
    await seat.page.waitForURL(`${server.url}/`);
    const api = await wire(seat.context, server.url);
    await journey({ ...seat, api, server });
  } finally {
    await seat.browser.close();
    await server.stop();
  }
}
