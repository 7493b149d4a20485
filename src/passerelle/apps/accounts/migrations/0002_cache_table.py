from typing import Any

from django.core.management import call_command
from django.db import migrations


def make_cache_table(apps: object, schema_editor: Any) -> None:
    """The table in which attempts to sign in are counted; Django has a command for it alone."""
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunPython(make_cache_table, migrations.RunPython.noop)]
