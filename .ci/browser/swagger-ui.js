// Opens /docs/ as a person would. Arguments: the server, the browser, an empty profile folder, where to put a picture.
const assert = require("node:assert/strict");
const { chromium } = require("playwright-core");

const [base, executablePath, profile, picture] = process.argv.slice(2);
const key = process.env.DEBRIEF_CI_KEY;
const methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

async function check(page) {
  const document = await (await fetch(`${base}/openapi.json`)).json();
  const wanted = Object.entries(document.paths)
    .flatMap(([path, item]) => methods.filter((method) => item[method]).map((method) => `${method} ${path}`))
    .sort();

  const answer = await page.goto(`${base}/docs/`);
  assert.equal(answer.status(), 200, "/docs/ answers 200");
  await page.waitForSelector(".opblock-tag-section");
  for (const closed of await page.$$(".opblock-tag-section:not(.is-open) > .opblock-tag")) await closed.click();

  const listed = await page.$$eval(".opblock", (blocks) =>
    blocks.map((block) => {
      const method = block.querySelector(".opblock-summary-method").textContent.trim().toLowerCase();
      return `${method} ${block.querySelector("[data-path]").dataset.path}`;
    }),
  );
  assert.deepEqual([...new Set(listed)].sort(), wanted, "the page lists the operations of the document");
  console.log(`${wanted.length} operations listed`);

  await page.click(".auth-wrapper > .authorize");
  const scheme = page.locator(".dialog-ux .auth-container").filter({ hasText: /\(http, bearer\)/i });
  await scheme.locator("input").fill(key);
  await scheme.locator("button.authorize").click();
  await scheme.getByRole("button", { name: /logout|remove authorization/i }).waitFor();
  await page.locator(".dialog-ux .btn-done").first().click();
  console.log("authorised");

  const operation = page.locator(".opblock-get", { has: page.locator('[data-path="/api/v1/me"]') });
  await operation.locator(".opblock-summary-control").click();
  const execute = operation.locator("button.execute");
  const tryItOut = operation.getByRole("button", { name: "Try it out" });
  // Where trying out is on from the start, the button is not there.
  await execute.or(tryItOut).first().waitFor();
  if (!(await execute.isVisible())) await tryItOut.click();
  await execute.click();
  const status = operation.locator(".live-responses-table .response-col_status").nth(1);
  await status.waitFor();
  assert.equal((await status.innerText()).trim().split(/\s/)[0], "200", "GET /api/v1/me answers 200");
  console.log("GET /api/v1/me tried out: 200");
}

async function main() {
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    viewport: { width: 1280, height: 1600 },
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  const outside = [];
  const complaints = [];
  await context.route("**/*", (route) => {
    const url = new URL(route.request().url());
    if (["data:", "blob:"].includes(url.protocol) || url.origin === base) return route.continue();
    outside.push(url.href);
    return route.abort();
  });
  const page = context.pages()[0] ?? (await context.newPage());
  page.setDefaultTimeout(30_000);
  page.on("pageerror", (error) => complaints.push(`${error}`));
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  try {
    await check(page);
    assert.deepEqual(outside, [], "no request leaves the host");
    assert.deepEqual(complaints, [], "the browser has nothing to complain about");
  } catch (error) {
    console.error({ outside, complaints });
    throw error;
  } finally {
    await page.screenshot({ path: picture }).catch(() => {});
    await context.close();
  }
}

main().catch((error) => {
  console.error(error);
  console.error(`the page as it was last: ${picture}`);
  process.exit(1);
});
