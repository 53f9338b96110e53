// Prints what Redocly found; fails on any error or warning, and when it found nothing to judge.
const { readFileSync } = require("node:fs");

const report = JSON.parse(readFileSync(process.argv[2], "utf8"));
for (const problem of report.problems) {
  const where = problem.location.map((place) => place.pointer).join(", ");
  console.log(`${problem.severity} ${problem.ruleId} at ${where}: ${problem.message}`);
}
const { errors, warnings, ignored } = report.totals;
console.log(`${errors} errors, ${warnings} warnings, ${ignored} ignored`);
process.exit(errors + warnings + ignored === 0 ? 0 : 1);
