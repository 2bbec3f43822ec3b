// What the browser loads, compressed, until somebody who has never been here can sign in.
export async function firstLoad({ browser, server }) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 720 },
  });
  const page = await context.newPage();
  const client = await context.newCDPSession(page);
  await client.send("Network.enable");
  let bytes = 0;
  client.on(
    "Network.loadingFinished",
    ({ encodedDataLength }) => (bytes += encodedDataLength),
  );
  await page.goto(server.url);
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await page.waitForLoadState("networkidle");
  await context.close();
  return [["first_load_bytes", bytes, "bytes", "<300000"]];
}
