"""Addresses of the desk."""

from django.urls import path

from passerelle.apps.desk.views import company, deeds, home, lead, leads, search

app_name = "desk"
urlpatterns = [
    path("", home.home, name="home"),
    path("live/", home.live, name="live"),
    path("leads/", leads.leads, name="leads"),
    path("leads/bulk/", leads.bulk, name="bulk"),
    path("leads/export.<slug:form>", leads.export, name="export"),
    path("leads/views/", leads.save_view, name="save_view"),
    path("leads/views/<int:view_id>/drop/", leads.drop_view, name="drop_view"),
    path("leads/<slug:key>/", lead.lead, name="lead"),
    path("leads/<slug:key>/ahead/", lead.ahead, name="ahead"),
    path("leads/<slug:key>/older/", lead.older, name="older"),
    path("leads/<slug:key>/note/", deeds.note, name="note"),
    path("leads/<slug:key>/tag/", deeds.tag, name="tag"),
    path("leads/<slug:key>/field/", deeds.field, name="field"),
    path("leads/<slug:key>/move/", deeds.move, name="move"),
    path("leads/<slug:key>/merge/", deeds.merge, name="merge"),
    path("leads/<slug:key>/undo-merge/", deeds.undo_merge, name="undo_merge"),
    path("leads/<slug:key>/take-back/", deeds.take_back, name="take_back"),
    path("companies/", company.companies, name="companies"),
    path("companies/<slug:key>/", company.company, name="company"),
    path("search/", search.search, name="search"),
    path("search/quick/", search.quick_search, name="quick_search"),
]
