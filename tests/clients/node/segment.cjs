// @segment/analytics-node, used as its maker says: HOST KEY
const { Analytics } = require("@segment/analytics-node");
const { everything, told } = require("./story.cjs");

const [host, writeKey] = process.argv.slice(2);
const analytics = new Analytics({ host, writeKey, flushAt: 4, flushInterval: 200, maxRetries: 8 });
analytics.on("error", told);

everything({
  identify: (userId, traits) => analytics.identify({ userId, traits }),
  track: (userId, event, properties) => analytics.track({ userId, event, properties }),
  page: (userId, name, properties) => analytics.page({ userId, name, properties }),
  group: (userId, groupId, traits) => analytics.group({ userId, groupId, traits }),
  alias: (userId, previousId) => analytics.alias({ userId, previousId }),
  end: () => analytics.closeAndFlush({ timeout: 40000 }),
});
