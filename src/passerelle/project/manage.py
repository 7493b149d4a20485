"""Django's own commands, for those who build Passerelle: `python -m passerelle.project.manage`."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "passerelle.project.settings")
    execute_from_command_line(sys.argv)
