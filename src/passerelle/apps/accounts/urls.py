"""Addresses of accounts, below /settings/."""

from django.urls import path

from passerelle.apps.accounts import views, views_audit, views_teams, views_tokens, views_users

app_name = "accounts"
urlpatterns = [
    path("begin/<str:token>/", views.join, name="begin"),
    path("join/<str:token>/", views.join, name="join"),
    path("me/", views.me, name="me"),
    path("users/", views_users.users, name="users"),
    path("users/invite/", views_users.invite, name="invite"),
    path("users/<int:pk>/", views_users.user, name="user"),
    path("users/<int:pk>/deactivate/", views_users.deactivate, name="deactivate"),
    path("users/<int:pk>/reactivate/", views_users.reactivate, name="reactivate"),
    path("users/<int:pk>/reset-factor/", views_users.reset_factor, name="reset_factor"),
    path("invitations/<int:pk>/revoke/", views_users.revoke, name="revoke_invitation"),
    path("teams/", views_teams.teams, name="teams"),
    path("teams/<slug:key>/", views_teams.team, name="team"),
    path("teams/<slug:key>/delete/", views_teams.delete, name="delete_team"),
    path("tokens/", views_tokens.tokens, name="tokens"),
    path("tokens/<int:pk>/revoke/", views_tokens.revoke, name="revoke_token"),
    path("audit/", views_audit.audit, name="audit"),
    path("audit/audit.csv", views_audit.export, name="audit_export"),
]
