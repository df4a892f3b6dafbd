"""The record only grows: updates may erase a payload with its salt, nothing else; deletes are refused."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION record_entry_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF NEW.payload IS NULL AND NEW.salt IS NULL
       AND to_jsonb(NEW) - 'payload' - 'salt' = to_jsonb(OLD) - 'payload' - 'salt' THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'record_entry is append only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER record_entry_append_only BEFORE UPDATE OR DELETE ON record_entry
  FOR EACH ROW EXECUTE FUNCTION record_entry_guard();
"""
BACKWARD = """
DROP TRIGGER record_entry_append_only ON record_entry;
DROP FUNCTION record_entry_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("record", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
