"""Emptying the table at once is refused like deleting its rows."""

from django.db import migrations

FORWARD = """
CREATE TRIGGER record_entry_no_truncate BEFORE TRUNCATE ON record_entry
  FOR EACH STATEMENT EXECUTE FUNCTION record_entry_guard();
"""
BACKWARD = "DROP TRIGGER record_entry_no_truncate ON record_entry;"


class Migration(migrations.Migration):
    dependencies = [("record", "0002_append_only")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
