from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_caseday")]

    operations = [
        migrations.CreateModel(
            name="Indicators",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("code", models.CharField(max_length=32)),
                ("version", models.PositiveIntegerField()),
                ("content_hash", models.CharField(max_length=64)),
                ("table", models.JSONField()),
                ("published_at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("code", "version"), name="cases_indicators_version_once"
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="case", index=models.Index(fields=["closed_at"], name="cases_closed")
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                fields=["due_at"],
                include=["closed_at", "state", "area_code", "department_code"],
                name="cases_due",
            ),
        ),
        migrations.AddIndex(
            model_name="casestatus",
            index=models.Index(fields=["action", "at"], name="cases_status_action"),
        ),
    ]
