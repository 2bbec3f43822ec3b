// More people beside the one who is signed in.
import { Hand } from './hand.mjs';
import { wire } from './wire.mjs';

/** A person with a browser of their own, signed in by link. */
export async function enter(seat, name, role) {
  const { api, server, browser, errors } = seat;
  const { link, person } = await api.post('/people', { name, display: name, role });
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  page.on('pageerror', (error) => errors.push(error.stack ?? error.message));
  await page.goto(link.startsWith('http') ? link : server.url + link);
  await page.waitForURL(`${server.url}/`);
  return { page, person, hand: new Hand(page), api: await wire(context, server.url) };
}
