// @rudderstack/rudder-sdk-node, used as its maker says: HOST KEY
const RudderAnalytics = require("@rudderstack/rudder-sdk-node");
const { everything, told } = require("./story.cjs");

const [dataPlaneUrl, writeKey] = process.argv.slice(2);
const analytics = new RudderAnalytics(writeKey, {
  dataPlaneUrl, flushAt: 4, flushInterval: 200, retryCount: 8, errorHandler: told,
});

everything({
  identify: (userId, traits) => analytics.identify({ userId, traits }),
  track: (userId, event, properties) => analytics.track({ userId, event, properties }),
  page: (userId, name, properties) => analytics.page({ userId, name, properties }),
  group: (userId, groupId, traits) => analytics.group({ userId, groupId, traits }),
  alias: (userId, previousId) => analytics.alias({ userId, previousId }),
  end: () => analytics.flush(),
});
