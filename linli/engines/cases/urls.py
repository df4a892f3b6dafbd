"""Addresses of cases: citizens' pages first, then those of staff."""

from __future__ import annotations

from django.urls import path

from linli.engines.cases.views import figures, hints, public, track, work, work_case, work_export

app_name = "cases"
urlpatterns = [
    path("report/", public.report, name="report"),
    path("report/sent/<str:code>/", public.report_sent, name="report_sent"),
    path("report/locate", hints.report_locate, name="report_locate"),
    path("report/address", hints.report_address, name="report_address"),
    path("report/suggest", hints.report_suggest, name="report_suggest"),
    path("report/similar", hints.report_similar, name="report_similar"),
    path("track/", track.track_find, name="track_find"),
    path("track/<str:code>/", track.track, name="track"),
    path("track/<str:code>/live-token", track.track_live_token, name="track_live_token"),
    path("track/<str:code>/rate/", track.track_rate, name="track_rate"),
    path("work/", work.home, name="work_home"),
    path("work/cases/", work.queue, name="work_cases"),
    path("work/cases/rows", work.rows, name="work_rows"),
    path("work/cases/bulk", work.bulk, name="work_bulk"),
    path("work/cases/export.csv", work_export.export, name="work_export"),
    path("work/figures/", figures.figures, name="figures"),
    path("work/figures/behind/", figures.behind, name="figures_behind"),
    path("work/figures/export.csv", figures.export, name="figures_export"),
    path("work/cases/<str:code>/", work_case.case, name="work_case"),
    path("work/cases/<str:code>/do/<slug:action>/", work_case.act, name="work_act"),
    path("work/cases/<str:code>/note/", work_case.note, name="work_note"),
    path("work/cases/<str:code>/reporter/", work_case.reveal, name="work_reveal"),
]
