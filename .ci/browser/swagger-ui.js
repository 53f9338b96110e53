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

  // An API key as it is.
  const bearer = await openScheme(page, /\(http, bearer\)/i);
  await bearer.locator("input").fill(key);
  await authorise(page, bearer);
  const me = await tryOut(page, "/api/v1/me");
  assert.equal(me.authorization, `Bearer ${key}`, "the key itself is sent");
  const [kind, client] = me.body.subject.split(":");
  assert.equal(kind, "key");
  await logOut(page, /\(http, bearer\)/i);

  // The same key as an OAuth 2.0 client, which buys a token of one scope.
  const oauth = await openScheme(page, /\(oauth2, clientcredentials\)/i);
  await oauth.locator('input[data-name="clientId"], #client_id_clientCredentials').first().fill(client);
  await oauth.locator('input[data-name="clientSecret"], #client_secret_clientCredentials').first().fill(key);
  await oauth.locator('.checkbox:has(input[data-value="incidents:read"]) label').click();
  await authorise(page, oauth);
  // Every parameter of a list may be left out, and nothing is filled in that would filter.
  const list = await tryOut(page, "/api/v1/incidents");
  assert.match(list.authorization, /^Bearer eyJ[\w-]+\.[\w-]+\.[\w-]+$/, "a token is sent");
  const { scope } = JSON.parse(Buffer.from(list.authorization.split(".")[1], "base64url"));
  assert.equal(scope, "incidents:read", "the token has the scope that was chosen");
  const filters = [...new URL(list.url).searchParams.keys()].filter((name) => !["sort", "limit"].includes(name));
  assert.deepEqual(filters, [], "no filter is filled in");
  assert.ok(Array.isArray(list.body.items));
}

/** The part of the authorisation dialogue that is about one scheme. */
async function openScheme(page, name) {
  await page.click(".auth-wrapper > .authorize");
  return page.locator(".dialog-ux .auth-container").filter({ hasText: name });
}

async function authorise(page, scheme) {
  await scheme.locator("button.authorize").click();
  await scheme.getByRole("button", { name: /logout|remove authorization/i }).waitFor();
  await closeDialogue(page);
  console.log("authorised");
}

async function logOut(page, name) {
  const scheme = await openScheme(page, name);
  await scheme.getByRole("button", { name: /logout|remove authorization/i }).click();
  await closeDialogue(page);
}

async function closeDialogue(page) {
  await page.locator(".dialog-ux .btn-done").first().click();
  await page.locator(".dialog-ux").waitFor({ state: "detached" });
}

/** Tries a GET out, which answers 200: what was sent, and what came back. */
async function tryOut(page, path) {
  const operation = page.locator(".opblock-get", { has: page.locator(`[data-path="${path}"]`) });
  await operation.locator(".opblock-summary-control").click();
  const execute = operation.locator("button.execute");
  const tryItOut = operation.getByRole("button", { name: "Try it out" });
  // Where trying out is on from the start, the button is not there.
  await execute.or(tryItOut).first().waitFor();
  if (!(await execute.isVisible())) await tryItOut.click();
  const answered = page.waitForResponse((response) => new URL(response.url()).pathname === path);
  await execute.click();
  const response = await answered;
  const status = operation.locator(".live-responses-table .response-col_status").nth(1);
  await status.waitFor();
  assert.equal((await status.innerText()).trim().split(/\s/)[0], "200", `GET ${path} answers 200`);
  console.log(`GET ${path} tried out: 200`);
  const { authorization } = await response.request().allHeaders();
  return { authorization, url: response.url(), body: await response.json() };
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
