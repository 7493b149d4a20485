// The same story for every client: who somebody is, what she did, where she works.
const told = (error) => console.error(String(error && error.message || error));

async function everything(client) {
  await client.identify("u-ada", { email: "ada@firm.example", title: "CTO" });
  for (let n = 1; n <= 10; n += 1) {
    await client.track("u-ada", "Demo Requested", { n });
    await new Promise((next) => setTimeout(next, 30));
  }
  await client.page("u-ada", "Pricing", { path: "/pricing", url: "https://firm.example/pricing" });
  await client.group("u-ada", "firm", { name: "Firm", employees: 20 });
  await client.alias("u-ada", "u-old");
  await client.end();
}

module.exports = {
  told,
  everything: (client) => everything(client).then(
    () => console.log("told everything"),
    (error) => { told(error); process.exitCode = 1; },
  ),
};
