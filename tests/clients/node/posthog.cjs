// posthog-node, used as its maker says: HOST KEY
const { PostHog } = require("posthog-node");
const { everything } = require("./story.cjs");

const [host, key] = process.argv.slice(2);
const posthog = new PostHog(key, {
  host, flushAt: 4, flushInterval: 200, fetchRetryCount: 8, fetchRetryDelay: 500,
});

everything({
  identify: (distinctId, properties) => posthog.identify({ distinctId, properties }),
  track: (distinctId, event, properties) => posthog.capture({ distinctId, event, properties }),
  page: (distinctId, name, properties) => posthog.capture({
    distinctId, event: "$pageview", properties: { ...properties, title: name },
  }),
  group: (distinctId, groupKey, properties) => posthog.groupIdentify({
    distinctId, groupType: "company", groupKey, properties,
  }),
  alias: (distinctId, alias) => posthog.alias({ distinctId, alias }),
  end: () => posthog.shutdown(40000),
});
