// Controls by their role and name, reached with Tab alone.
import assert from 'node:assert/strict';

/** Presses Tab until the control has the focus; fails when Tab does not lead there. */
export async function tabTo(page, role, name, most = 150) {
  const wanted = page.getByRole(role, { name, exact: typeof name === 'string' }).first();
  await wanted.waitFor();
  for (let presses = 0; presses < most; presses += 1) {
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  assert.fail(`Tab does not reach the ${role} “${name}” at ${page.url()}.`);
}

export async function press(page, role, name) {
  await tabTo(page, role, name);
  await page.keyboard.press('Enter');
}

export async function typeInto(page, role, name, text) {
  await tabTo(page, role, name);
  await page.keyboard.press('Control+a');
  await page.keyboard.type(text);
}
