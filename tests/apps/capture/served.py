"""The collector as a server of the tests runs it, with limits that a test chooses."""

import json
import os

import passerelle.project.collector as served
from passerelle.apps.capture.collector import Collector
from passerelle.apps.capture.limits import Limits

assert served.application is not None  # sets Django up
application = Collector(set_limits=Limits(**json.loads(os.environ["TEST_LIMITS"])))
