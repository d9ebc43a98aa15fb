"""The frontdesk's addresses."""

app_name = "frontdesk"
urlpatterns: list[object] = []
