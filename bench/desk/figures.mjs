// The figures of the desk in Chromium: how long a person waits for a frame, for the next task, for the page.
// Prints `figure name value unit target`, one line each; what they must be is judged by `./do prove`.
import { openBrowser } from '../../web/journeys/lib/browser.mjs';
import { startServer } from '../../web/journeys/lib/server.mjs';
import { wire } from '../../web/journeys/lib/wire.mjs';
import { acceptToPainted } from './accept.mjs';
import { scrollBook } from './book.mjs';
import { firstLoad } from './load.mjs';
import { moveShapes } from './shapes.mjs';
import { hearHours } from './sound.mjs';

const parts = {
  shapes: moveShapes,
  book: scrollBook,
  sound: hearHours,
  accept: acceptToPainted,
  load: firstLoad,
};
const asked = process.argv.slice(2);

/** A server and a browser of its own for each part: none warms another up. */
async function measured(part) {
  const server = await startServer();
  const seat = await openBrowser();
  try {
    await seat.page.goto(server.link);
    await seat.page.waitForURL(`${server.url}/`);
    const api = await wire(seat.context, server.url);
    return await part({ ...seat, api, server });
  } finally {
    await seat.browser.close();
    await server.stop();
  }
}

for (const [name, part] of Object.entries(parts)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  for (const [figure, value, unit, target = '-'] of await measured(part))
    console.log(`figure ${figure} ${value} ${unit} ${target}`);
}
