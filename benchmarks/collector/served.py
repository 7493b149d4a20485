"""The collector as the benchmark serves it: as it is, but one source may send all there is."""

import passerelle.project.collector as served
from passerelle.apps.capture.collector import Collector
from passerelle.apps.capture.limits import Limits

assert served.application is not None  # sets Django up
application = Collector(set_limits=Limits(events_per_second=10_000_000))
