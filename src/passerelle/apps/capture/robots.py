"""Which events nobody did: crawlers, browsers without a person, scanners, mail gateways.

Versioned: whoever changes a rule here raises `CLASSIFIER`, and `actions.reclassify` reads the log
with it anew.
"""

from __future__ import annotations

import re
from functools import lru_cache

from crawlerdetect import CrawlerDetect

from passerelle.apps.capture.models import Robot

CLASSIFIER = 1

_SCANNERS = re.compile(
    r"nmap|nikto|sqlmap|nessus|qualys|openvas|acunetix|netsparker|zgrab|masscan|nuclei|wpscan"
    r"|dirbuster|gobuster|pingdom|uptimerobot|statuscake|site24x7|newrelicpinger|datadog"
    r"|betteruptime|better ?stack|checkly|uptime[-_ ]?kuma|hetrixtools",
    re.IGNORECASE,
)
_GATEWAYS = re.compile(
    r"barracuda|mimecast|proofpoint|urldefense|safelinks|messagelabs|symantec.?email|trendmicro"
    r"|fireeye|ironport|sophos|forcepoint|fortimail|zscaler|bitdefender.?gravityzone|vade",
    re.IGNORECASE,
)
_NOBODY_HOLDS = re.compile(
    r"headlesschrome|phantomjs|slimerjs|puppeteer|playwright|selenium|webdriver|cypress|electron/.*spider",
    re.IGNORECASE,
)
_detector = CrawlerDetect()


def robot_of_agent(agent: str, *, webdriver: object = None) -> Robot:
    """Who a user agent says it is. No user agent says nothing: servers send for people, too."""
    if webdriver is True:
        return Robot.BOT
    return _of_agent(agent[:512]) if agent else Robot.NONE


@lru_cache(maxsize=8192)
def _of_agent(agent: str) -> Robot:
    if _GATEWAYS.search(agent):
        return Robot.MAIL_SECURITY
    if _SCANNERS.search(agent):
        return Robot.SCANNER
    if _NOBODY_HOLDS.search(agent) or _detector.is_crawler(agent):
        return Robot.BOT
    return Robot.NONE
