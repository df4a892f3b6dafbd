"""Places as rows. Shapes are WKB in degrees (CGCS2000); `x_m`, `y_m` are planar metres of the city's own grid.

Everything here is written by `actions.dataset_replace` from a city folder and lives until its data set is
loaded with other content. No personal data.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GistIndex, OpClass
from django.db import models
from django.db.models import F, Func, Q


def planar_point() -> Func:
    """Return the planar point of a row, for the spatial index."""
    return Func(F("x_m"), F("y_m"), function="point")


class Dataset(models.Model):
    """One version of one data set of the city; old versions stay as history, without their rows."""

    name = models.CharField(max_length=32)
    content_hash = models.CharField(max_length=64)
    is_current = models.BooleanField()
    title_zh = models.CharField(max_length=64)
    title_en = models.CharField(max_length=64)
    source = models.CharField(max_length=200)
    licence = models.CharField(max_length=64)
    indicative = models.BooleanField()
    rows = models.PositiveIntegerField()
    details = models.JSONField(default=dict)
    loaded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["name"], condition=Q(is_current=True), name="places_dataset_current"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.content_hash[:12]}"


class Division(models.Model):
    """One 行政区划 within the days it is or was valid (half-open). Key: code + valid_from."""

    code = models.CharField(max_length=12)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    level = models.CharField(max_length=8)
    name_zh = models.CharField(max_length=64)
    name_en = models.CharField(max_length=96)
    parent_code = models.CharField(max_length=12)
    successor_codes = ArrayField(models.CharField(max_length=12), default=list)
    governed_by = models.CharField(max_length=64, blank=True)
    governed_from = models.DateField(null=True)
    governed_to = models.DateField(null=True)
    urban_rural_class = models.CharField(max_length=3, blank=True)
    indicative = models.BooleanField()
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    shape = models.BinaryField(null=True)
    source = models.CharField(max_length=96, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "valid_from"], name="places_division_once")]
        indexes = [models.Index(fields=["level", "valid_to"], name="places_division_level")]

    def __str__(self) -> str:
        return f"{self.code} {self.name_zh}"


class GridScheme(models.Model):
    """One way of parting the city into grids; `tiles` is city, coverage or nothing."""

    scheme = models.CharField(max_length=32, primary_key=True)
    name_zh = models.CharField(max_length=32)
    name_en = models.CharField(max_length=64)
    parent_scheme = models.CharField(max_length=32)
    code_digits = models.PositiveSmallIntegerField()
    tiles = models.CharField(max_length=16)
    source = models.CharField(max_length=96, blank=True)
    coverage = models.BinaryField(null=True)

    def __str__(self) -> str:
        return self.name_zh


class Grid(models.Model):
    """One 网格 of one scheme within the days it is valid (half-open). A retired code is never used again."""

    scheme = models.CharField(max_length=32)
    code = models.CharField(max_length=20)
    parent_scheme = models.CharField(max_length=32)
    parent_code = models.CharField(max_length=20)
    name_zh = models.CharField(max_length=64)
    name_en = models.CharField(max_length=128)
    kind = models.CharField(max_length=32, blank=True)
    land_use = models.CharField(max_length=16, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    indicative = models.BooleanField()
    area_m2 = models.FloatField()
    lon = models.FloatField()
    lat = models.FloatField()
    shape = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scheme", "code"], name="places_grid_once")]
        indexes = [models.Index(fields=["scheme", "parent_code"], name="places_grid_parent")]

    def __str__(self) -> str:
        return f"{self.scheme} {self.code}"


class LandArea(models.Model):
    """One piece of water, green or ground, for the map."""

    code = models.CharField(max_length=64, primary_key=True)
    kind = models.CharField(max_length=32)
    name_zh = models.CharField(max_length=64, blank=True)
    name_en = models.CharField(max_length=96, blank=True)
    indicative = models.BooleanField()
    shape = models.BinaryField()

    def __str__(self) -> str:
        return self.code


class RoadSegment(models.Model):
    """One piece of road between two nodes; `kind` is an OpenStreetMap highway class."""

    code = models.CharField(max_length=32, primary_key=True)
    kind = models.CharField(max_length=32)
    name_zh = models.CharField(max_length=64, blank=True)
    name_en = models.CharField(max_length=96, blank=True)
    from_node = models.IntegerField()
    to_node = models.IntegerField()
    length_m = models.FloatField()
    speed_km_h = models.FloatField()
    lanes = models.PositiveSmallIntegerField()
    bridge = models.BooleanField()
    indicative = models.BooleanField()
    shape = models.BinaryField()

    class Meta:
        indexes = [models.Index(fields=["name_zh"], name="places_road_name")]

    def __str__(self) -> str:
        return f"{self.code} {self.name_zh}"


class Building(models.Model):
    """One building; its code is the general grid's and five digits."""

    code = models.CharField(max_length=24, primary_key=True)
    kind = models.CharField(max_length=32)
    name_zh = models.CharField(max_length=64, blank=True)
    estate = models.CharField(max_length=64, blank=True)
    address = models.CharField(max_length=128)
    floors = models.PositiveSmallIntegerField()
    dwellings = models.PositiveIntegerField()
    general_grid = models.CharField(max_length=15)
    urban_unit = models.CharField(max_length=15, blank=True)
    indicative = models.BooleanField()
    lon = models.FloatField()
    lat = models.FloatField()
    x_m = models.FloatField()
    y_m = models.FloatField()
    shape = models.BinaryField()

    class Meta:
        indexes = [
            models.Index(fields=["general_grid"], name="places_building_grid"),
            GistIndex(planar_point(), name="places_building_near"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.address}"


class Household(models.Model):
    """One 户: a door with its address. Who lives there is none of this register's business."""

    code = models.CharField(max_length=32, primary_key=True)
    building_code = models.CharField(max_length=24)
    unit = models.CharField(max_length=8, blank=True)
    floor = models.SmallIntegerField(null=True)
    room = models.CharField(max_length=16, blank=True)
    general_grid = models.CharField(max_length=15)
    indicative = models.BooleanField()

    class Meta:
        indexes = [
            models.Index(fields=["building_code"], name="places_household_building"),
            models.Index(OpClass(F("general_grid"), "text_pattern_ops"), name="places_household_area"),
        ]

    def __str__(self) -> str:
        return self.code


class FacilityKind(models.Model):
    """One kind of facility, with the icon and the zoom from which the map shows it."""

    kind = models.CharField(max_length=32, primary_key=True)
    name_zh = models.CharField(max_length=32)
    name_en = models.CharField(max_length=64)
    icon = models.CharField(max_length=32, blank=True)
    min_zoom = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return self.name_zh


class Facility(models.Model):
    """One facility, or one 部件 (kind `component`, 16-digit code, `class_code` of four digits)."""

    code = models.CharField(max_length=32, primary_key=True)
    kind = models.CharField(max_length=32)
    class_code = models.CharField(max_length=4, blank=True)
    name_zh = models.CharField(max_length=64)
    name_en = models.CharField(max_length=128, blank=True)
    address = models.CharField(max_length=128, blank=True)
    department = models.CharField(max_length=32, blank=True)
    general_grid = models.CharField(max_length=15, blank=True)
    urban_unit = models.CharField(max_length=15, blank=True)
    indicative = models.BooleanField()
    lon = models.FloatField()
    lat = models.FloatField()
    x_m = models.FloatField()
    y_m = models.FloatField()

    class Meta:
        indexes = [
            models.Index(fields=["kind", "class_code"], name="places_facility_kind"),
            GistIndex(planar_point(), name="places_facility_near"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name_zh}"
