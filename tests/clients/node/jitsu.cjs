// @jitsu/js on a server, used as its maker says: HOST KEY
const { jitsuAnalytics } = require("@jitsu/js");
const { everything } = require("./story.cjs");

const [host, writeKey] = process.argv.slice(2);
const analytics = jitsuAnalytics({ host, writeKey: `${writeKey}:any`, s2s: true });

everything({
  identify: (userId, traits) => analytics.identify(userId, traits),
  track: (_, event, properties) => analytics.track(event, properties),
  page: (_, name, properties) => analytics.page(name, properties),
  group: (_, groupId, traits) => analytics.group(groupId, traits),
  alias: () => undefined, // it has no such call
  end: () => undefined,
});
