/*
 * Passerelle's tracker. It tells the collector which pages are seen, which forms are sent and what
 * the site itself calls: passerelle.page, track, identify, group, alias, reset, consent.
 *
 *   <script async src="https://HOST/passerelle.js" data-write-key="KEY"></script>
 *
 * These comments are taken out before the file is served. Attributes of the script:
 *   data-consent    "consent" (default): nothing is kept or sent before passerelle.consent(true);
 *                   "cookieless": sent at once, nothing kept on the device before consent(true);
 *                   "none": the site needs to ask nobody, or loads this file after it has asked.
 *   data-domain     the domain whose subdomains share the cookie; without it, this host alone
 *   data-host       where to send, if not where this file came from
 *   data-manual     page views are left to the site's own calls of page()
 *   data-namespace  another name than `passerelle` on window
 */
(() => {
  const doc = document;
  const script = doc.currentScript || doc.querySelector("script[data-write-key]");
  const set = script.dataset;
  const from = new URL(script.src);

  // Two addresses at which other tools' snippets ask for their script: they find this one instead.
  // Their sites decide when they load it, so they have asked for consent before.
  const segment = /\/analytics\.js\/v1\/([^/]+)/.exec(from.pathname);
  const jitsu = from.pathname === "/p.js";
  const space = set.namespace
    || (segment ? set.globalSegmentAnalyticsKey || "analytics" : jitsu ? "jitsu" : "passerelle");
  const waiting = window[space] || [];
  if (waiting.anonymousId) return; // the tag stands on the page twice
  const key = segment ? segment[1] : set.writeKey;
  const target = (set.host || from.origin) + "/v1/batch";
  const mode = set.consent || (segment || jitsu ? "none" : "consent");

  // --- who: a number in a cookie, once that is allowed; the cookie "no" remembers a refusal

  // A visitor whose browser asks every site not to follow is not followed, whatever the mode.
  const objects = navigator.globalPrivacyControl || navigator.doNotTrack === "1";
  const random = () => [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => (byte + 256).toString(16).slice(1)).join("");
  const keep = (value, days) => {
    try { // a sandboxed frame has no cookies
      doc.cookie = "passerelle=" + value + ";path=/;samesite=lax;max-age=" + days * 86400
        + (set.domain ? ";domain=" + set.domain : "")
        + (location.protocol === "https:" ? ";secure" : "");
    } catch { }
  };
  let kept;
  try {
    [, kept] = /(?:^|; )passerelle=(no|[0-9a-f]{32})/.exec(doc.cookie) || [];
  } catch { }
  let refused = objects || kept === "no";
  let granted = !refused && (kept || mode === "none");
  let device = !refused && kept || random();
  let user, traits = {};
  const remember = () => granted && keep(device, 390); // from the last visit, 13 months at most

  // --- what is sent: of an address, no e-mail address, no password

  const clean = (url) => url
    .replace(/([?&#][^=&#]*(?:mail|token|passw|secret)[^=&#]*=)[^&#]*/gi, "$1")
    .replace(/=[^=&#]*(?:@|%40)[^&#]*/g, "=");
  let referrer = clean(doc.referrer), campaign;
  const look = () => {
    const found = {};
    new URLSearchParams(location.search).forEach((value, name) => {
      if (/^utm_/.test(name)) found[name.slice(4).replace("campaign", "name")] = value;
    });
    if (Object.keys(found)[0]) campaign = found; // it stands for the rest of the visit
    return {
      path: location.pathname, referrer, title: doc.title,
      search: clean(location.search), url: clean(location.href),
    };
  };

  // --- the queue: sent together, again after an error, and by beacon when the page is left

  let queue = [], timer, busy, most = 20, pause = 1000;
  const later = (wait) => {
    timer = timer || setTimeout(send, wait);
  };
  const ready = () => queue[0] && !refused && (granted || mode === "cookieless");
  const body = (batch) => JSON.stringify({ writeKey: key, sentAt: new Date(), batch });
  const send = async () => {
    timer = 0;
    if (busy || !ready()) return;
    const batch = queue.slice(0, most);
    let wait = 0;
    busy = most = 20;
    try { // as text, so that the browser need not ask the collector whether it may
      const answer = await fetch(target, { method: "POST", body: body(batch), keepalive: true });
      if (answer.status === 429 || answer.status > 499) {
        wait = answer.headers.get("retry-after") * 1000 || pause;
      }
    } catch {
      wait = pause;
      most = 1; // perhaps it was too long
    }
    busy = 0;
    pause = wait ? Math.min(pause * 2, 60000) : 1000;
    if (!wait) queue = queue.filter((event) => !batch.includes(event)); // taken, or never will be
    later(wait);
  };
  const leave = () => {
    // what is under way goes once more: the collector counts a message once
    while (ready() && navigator.sendBeacon(target, body(queue.slice(0, 20)))) {
      queue = queue.slice(20);
    }
  };
  const put = (type, more, { context } = {}) => {
    const event = {
      type, messageId: random(), anonymousId: device, userId: user, originalTimestamp: new Date(),
      ...more,
      context: {
        page: look(), campaign, locale: navigator.language,
        webdriver: navigator.webdriver || undefined,
        library: { name: "passerelle.js", version: "1" }, ...context,
      },
    };
    if (refused || JSON.stringify(event).length > 32000) return;
    queue = [...queue, event].slice(-100);
    later(100);
  };

  // --- the calls: those of the Segment spec

  const call = (does) => (...given) => {
    const [data, extra] = given.filter((one) => one && typeof one === "object");
    does(given.filter((one) => /str|num/.test(typeof one)).map(String), data || {}, extra);
    return Promise.resolve();
  };
  const page = call((words, data, extra) => put("page", {
    name: words.pop(), category: words.pop(), properties: { ...look(), ...data },
  }, extra));
  const api = {
    page,
    track: call(([event], properties, extra) => put("track", { event, properties }, extra)),
    identify: call(([id], data, extra) => {
      user = id || user; // for this page alone: the collector knows whose device it is
      traits = { ...traits, ...data };
      put("identify", { traits: data }, extra);
    }),
    group: call(([groupId], data, extra) => put("group", { groupId, traits: data }, extra)),
    alias: call(([userId, previousId], _, extra) => {
      put("alias", { userId, previousId: previousId || user || device }, extra);
      user = userId;
    }),
    reset() {
      user = undefined;
      traits = {};
      device = random();
      remember();
    },
    consent(yes = true) {
      if (objects) return;
      refused = !yes;
      granted = yes;
      remember();
      if (refused) {
        queue = [];
        device = random();
        keep("no", 180);
      }
      later(0);
    },
    anonymousId: () => device,
    user: () => ({ id: () => user, anonymousId: () => device, traits: () => traits }),
    ready: (back) => back(),
    push: (one) => one.call ? one(api) : api[one[0]] && api[one[0]](...one.slice(1)),
  };

  // --- pages of a site that never reloads, and pages that come back

  let last, shown;
  const seen = () => {
    const now = location.pathname + location.search;
    if (segment || "manual" in set || "initOnly" in set || now === last) return;
    referrer = shown || referrer;
    shown = clean(location.href);
    last = now;
    page();
  };
  const moved = () => setTimeout(seen); // by then the site has set the title
  const push = history.pushState;
  history.pushState = (...given) => {
    push.apply(history, given);
    moved();
  };
  addEventListener("popstate", moved);
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) last = 0, seen();
  });
  addEventListener("pagehide", leave);
  doc.addEventListener("visibilitychange", () => doc.hidden && leave());

  // --- forms that ask for it: <form data-passerelle="Demo Requested">

  doc.addEventListener("submit", ({ target: form }) => {
    const event = form.getAttribute("data-passerelle"); // a field may be named "dataset" or "id"
    if (event === null) return;
    const data = {};
    for (const { type, name, value, checked, autocomplete, dataset } of form.elements) {
      const label = (dataset.passerelle || name || "").slice(0, 100);
      // never what is hidden or secret, nor a number as long as a payment card's
      if (label && value && (checked || !/checkbox|radio/.test(type))
        && !/hidden|password|file|submit|button|image|reset/.test(type)
        && !/passw|card|cvc|cvv|iban|secret|token|csrf|ssn|^cc|one-time/im.test(
          [name, label, autocomplete].join("\n"))
        && !("passerelleIgnore" in dataset) && !/^\s*(\d[ -]?){15,}\s*$/.test(value)) {
        data[type === "email" && !data.email ? "email" : label] = value.slice(0, 500);
      }
    }
    api.identify(data);
    api.track(event || "Form Submitted", { form: form.getAttribute("id") });
  }, true);

  // --- begin

  const begin = () => {
    const late = window[space + "Q"] || [];
    window[space] = api;
    window[space + "Q"] = api;
    remember();
    seen();
    [].concat(waiting, late).forEach(api.push);
  };
  if (doc.prerendering) doc.addEventListener("prerenderingchange", begin);
  else begin();
})();
